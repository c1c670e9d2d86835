/** What slaves excuse: where one takes the place of a master that has lost its disk, not what it must have had; where they come late, what was tried again. */
import { describe, expect, it } from 'vitest'
import type { Anomaly, GuaranteeId } from '../check/checker.ts'
import type { FaultKind } from '../plan/faults.ts'
import type { RunFacts } from './contract.ts'
import { rocketmqContract } from './rocketmq.ts'

const withSlave = (inSyncReplicas: number, slaveTakesOver = true, brokerRole = 'SYNC_MASTER'): unknown => ({
  flushDiskType: 'ASYNC_FLUSH',
  disk: 'ext4',
  repairs: [],
  brokerRole,
  slaveTakesOver,
  parameters: { segmentBytes: 1 << 30, transactionChecksMax: 15, flushIntervalUs: 500_000, flushThoroughUs: 10_000_000, inSyncReplicas },
})

/** Faults of the broker, a second apart from the first second on. */
const run = (...kinds: FaultKind[]): RunFacts => ({
  effective: new Set(kinds),
  faults: kinds.map((kind, k) => ({ kind, on: 'b1', t: 1_000_000 * (k + 1) })),
  brokers: ['b1'],
})

const anomaly = (guarantee: GuaranteeId, name: string, facts: Anomaly['facts']): Anomaly => ({
  guarantee,
  name,
  summary: '',
  t: -1,
  facts,
  events: [],
})
const lost = (sentAtUs: number, lastCrash = 'diskLoss'): Anomaly => anomaly('DUR-1', 'lost', { broker: 'b1', lastCrash, sentAtUs })

/** The reason, or null for a violation. */
function judge(config: unknown, facts: RunFacts, what: Anomaly): string | null {
  const term = rocketmqContract(config, facts.effective).get(what.guarantee)
  if (term === undefined || term === 'required') return null
  return 'notApplicable' in term ? term.notApplicable : (term.excuses(what, facts)?.reason ?? null)
}

it('that slaves come late stores twice what was tried twice, and nothing else', () => {
  const twice = (facts: Anomaly['facts']): Anomaly => anomaly('ALO-5', 'stored twice', facts)
  expect(judge(withSlave(2), run(), twice({ retried: true }))).toMatch(/slaveTimeout/)
  expect(judge(withSlave(2), run(), twice({ retried: false }))).toBeNull()
  expect(judge(withSlave(2), run(), twice({}))).toMatch(/slaveTimeout/)
})

describe('a slave that takes over', () => {
  it('has all that its master waited for', () => {
    expect(judge(withSlave(2), run('diskLoss'), lost(0))).toBeNull()
    expect(judge(withSlave(2), run('processKill', 'diskLoss'), lost(0))).toBeNull()
    expect(judge(withSlave(2, false), run('diskLoss'), lost(0))).toMatch(/loses everything on it/)
  })

  it('lacks what nobody waited for: as shipped, that is all of it', () => {
    expect(judge(withSlave(1), run('diskLoss'), lost(0))).toMatch(/RMQ-057/)
    expect(judge(withSlave(2, true, 'ASYNC_MASTER'), run('diskLoss'), lost(0))).toMatch(/RMQ-057/)
  })

  it('lacks what a master acknowledged that had lost the end of its log before', () => {
    const later = lost(1_500_000)
    expect(judge(withSlave(2), run('powerLoss', 'diskLoss'), later)).toMatch(/RMQ-063/)
    expect(judge(withSlave(2), run('diskLoss', 'powerLoss'), lost(0))).not.toMatch(/RMQ-063/)
  })

  it('knows nothing of what only consumers have seen, and little of their progress', () => {
    const skipped = (inAudit: boolean): Anomaly => anomaly('ALO-1', 'not delivered', { inAudit, lastCrash: 'diskLoss', broker: 'b1' })
    expect(judge(withSlave(2), run('diskLoss'), skipped(true))).toMatch(/no slave has yet/)
    expect(judge(withSlave(2), run('diskLoss'), skipped(false))).toBeNull()
    expect(judge(withSlave(2), run('processKill'), skipped(true))).toBeNull()
    expect(judge(withSlave(2), run('diskLoss'), anomaly('ALO-3', 'regressed', {}))).toMatch(/RMQ-067/)
  })
})
