/** What struck an elected master explains what is lost of its log: a broker's own process, or the one that was its slave. */
import { expect, it } from 'vitest'
import type { Anomaly } from '../check/checker.ts'
import { rocketmqContract } from './rocketmq.ts'

const CONFIG = {
  flushDiskType: 'ASYNC_FLUSH',
  disk: 'ext4',
  repairs: [],
  brokerRole: 'ASYNC_MASTER',
  enableControllerMode: true,
  allAckInSyncStateSet: true,
  parameters: { segmentBytes: 1 << 30, transactionChecksMax: 15, flushIntervalUs: 500_000, flushThoroughUs: 10_000_000, inSyncReplicas: 1 },
}

const lostAt = (broker: string): Anomaly => ({
  guarantee: 'DUR-1',
  name: 'lost',
  summary: '',
  t: -1,
  facts: { message: 1, broker, sentAtUs: 0, lastCrash: 'powerLoss', forced: false },
  events: [],
})

function rowsAfterPowerLossOf(struck: string, acknowledged: string): readonly string[] {
  const effective = new Set(['powerLoss'] as const)
  const term = rocketmqContract(CONFIG, effective, [], true).get('DUR-1')
  if (term === undefined || term === 'required' || 'notApplicable' in term) return []
  const faults = [{ kind: 'powerLoss', on: struck, t: 1_000_000 }] as const
  return term.excuses(lostAt(acknowledged), { effective, faults, brokers: ['b1'], controllers: ['k1'] })?.rows ?? []
}

it.each(['b1', 'b1s1'])('power that %s has lost takes what it had acknowledged as a master, and nothing of others', (master) => {
  expect(rowsAfterPowerLossOf(master, master)).toContain('unforced-master')
  expect(rowsAfterPowerLossOf(master, master === 'b1' ? 'b1s1' : 'b1')).not.toContain('unforced-master')
})
