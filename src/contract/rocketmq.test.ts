/** Each row of the contract: when it excuses, and each condition without which it does not. */
import { describe, expect, it } from 'vitest'
import type { Anomaly, GuaranteeId } from '../check/checker.ts'
import { FAULT_KINDS, type FaultKind } from '../plan/faults.ts'
import { InputError } from '../plan/input-error.ts'
import { ANOMALIES } from './anomalies.ts'
import type { RunFacts } from './contract.ts'
import { rocketmqContract } from './rocketmq.ts'
import { REPAIRS } from './testing/repairs.ts'

const config = (
  flushDiskType: string,
  repairs: readonly string[] = [],
  more: { disk?: string; order?: string; segmentBytes?: number } = {},
): unknown => ({
  flushDiskType,
  preset: 'rocketmq-5.5',
  repairs,
  disk: more.disk ?? 'ext4',
  order: more.order ?? 'normal',
  parameters: {
    segmentBytes: more.segmentBytes ?? 1 << 30,
    transactionChecksMax: 15,
    flushIntervalUs: 500_000,
    flushThoroughUs: 10_000_000,
  },
})

const anomaly = (guarantee: GuaranteeId, name: string, facts: Anomaly['facts'] = {}, t = -1): Anomaly => ({
  guarantee,
  name,
  summary: '',
  t,
  facts,
  events: [],
})

/** Faults a second apart, on b1 unless said otherwise. */
const run = (...faults: readonly (FaultKind | [FaultKind, string])[]): RunFacts => {
  const list = faults.map((fault, k) => {
    const [kind, on] = typeof fault === 'string' ? [fault, 'b1'] : fault
    return { kind, on, t: 1_000_000 * (k + 1) }
  })
  return { effective: new Set(list.map((fault) => fault.kind)), faults: list, brokers: ['b1', 'b2'] }
}

/** The reason, null for a violation, or why the guarantee is not made. */
function judge(setup: unknown, facts: RunFacts, what: Anomaly): string | null {
  const term = rocketmqContract(setup, facts.effective).get(what.guarantee)
  if (term === undefined) throw new Error(`no term for ${what.guarantee}`)
  if (term === 'required') return null
  return 'notApplicable' in term ? term.notApplicable : (term.excuses(what, facts)?.reason ?? null)
}

const SMALL = { segmentBytes: 4096 }
const lost = anomaly('DUR-1', 'lost', { lastCrash: 'powerLoss' })
const lostUnforced = anomaly('DUR-1', 'lost', { lastCrash: 'powerLoss', forced: false })
const lostForced = anomaly('DUR-1', 'lost', { lastCrash: 'powerLoss', forced: true })
const skipped = anomaly('ALO-1', 'not delivered', { inAudit: true, lastCrash: 'none' })
const gone = anomaly('ALO-1', 'not delivered', { inAudit: false, lastCrash: 'powerLoss' })

describe('flush modes', () => {
  it('excuse the unforced tail under ASYNC_FLUSH after a power loss', () => {
    expect(judge(config('ASYNC_FLUSH'), run('powerLoss'), lost)).toMatch(/RMQ-154/)
    expect(judge(config('ASYNC_FLUSH', REPAIRS), run('powerLoss'), lost)).toMatch(/RMQ-154/)
    expect(judge(config('ASYNC_FLUSH'), run('powerLoss'), gone)).toMatch(/RMQ-154/)
    expect(judge(config('SYNC_FLUSH'), run('powerLoss'), lost)).toBeNull()
    expect(judge(config('SYNC_FLUSH'), run('powerLoss'), gone)).toBeNull()
  })

  it('excuse nothing that was forced', () => {
    expect(judge(config('ASYNC_FLUSH'), run('powerLoss'), lostForced)).toBeNull()
    expect(judge(config('ASYNC_FLUSH'), run('powerLoss'), anomaly('DUR-2', 'hole'))).toBeNull()
    expect(judge(config('ASYNC_FLUSH'), run('powerLoss'), anomaly('DUR-2', 'forced and lost'))).toBeNull()
  })

  it('excuse nothing after a process kill', () => {
    for (const flush of ['SYNC_FLUSH', 'ASYNC_FLUSH']) {
      for (const kind of ['processKill', 'gracefulRestart', 'pause', 'cut', 'netLoss'] as const) {
        expect(judge(config(flush), run(kind), anomaly('DUR-1', 'lost', { lastCrash: kind }))).toBeNull()
        expect(judge(config(flush), run(kind), skipped)).toBeNull()
        expect(judge(config(flush), run(kind), anomaly('ORD-2', 'offset reused'))).toBeNull()
      }
    }
  })

  it('do not excuse a loss by a cut that came before the message, or none at all', () => {
    expect(judge(config('ASYNC_FLUSH'), run('powerLoss', 'processKill'), anomaly('DUR-1', 'lost', { lastCrash: 'processKill' }))).toBeNull()
    expect(judge(config('ASYNC_FLUSH'), run('powerLoss'), anomaly('DUR-1', 'lost', { lastCrash: 'none' }))).toBeNull()
    expect(judge(config('ASYNC_FLUSH'), run('powerLoss'), anomaly('ORD-1', 'reordered', { loss: 'none' }))).toBeNull()
    expect(judge(config('ASYNC_FLUSH'), run('powerLoss'), anomaly('ORD-1', 'reordered', { loss: 'powerLoss' }))).toMatch(/RMQ-154/)
    expect(judge(config('ASYNC_FLUSH'), run('powerLoss'), anomaly('ORD-2', 'offset reused', {}, 500_000))).toBeNull()
    expect(
      judge(config('ASYNC_FLUSH'), run('powerLoss'), anomaly('DUR-1', 'lost', { lastCrash: 'powerLoss', sentAtUs: 9_000_000 })),
    ).toBeNull()
    expect(
      judge(config('SYNC_FLUSH'), run('diskLoss', 'powerLoss'), anomaly('DUR-1', 'lost', { lastCrash: 'powerLoss', forced: true })),
    ).toMatch(/disk/)
  })

  it('decide whether DUR-4 is promised', () => {
    const early = anomaly('DUR-4', 'acknowledged before force', {}, 10)
    expect(judge(config('SYNC_FLUSH'), run(), early)).toBeNull()
    expect(judge(config('ASYNC_FLUSH'), run(), early)).toMatch(/RMQ-038/)
  })
})

describe('a failed force', () => {
  it('is a crash where it ends the process, and none where the store goes on', () => {
    const again = anomaly('TXN-3', 'too soon again', { broker: 'b1' }, 60_000_000)
    expect(judge(config('SYNC_FLUSH', REPAIRS), run('forceFails'), again)).toMatch(/RMQ-133/)
    expect(judge(config('SYNC_FLUSH', REPAIRS), run(['forceFails', 'b2']), again)).toBeNull()
    expect(judge(config('SYNC_FLUSH'), run('forceFails'), again)).toBeNull()
  })
})

describe('a half that was sent again', () => {
  it('is asked about twice, also where what lost its first answer came before it', () => {
    const again = (repeated: boolean): Anomaly =>
      anomaly('TXN-3', 'checked when done', { broker: 'b1', sentAtUs: 1_000_001, repeated }, 60_000_000)
    expect(judge(config('SYNC_FLUSH'), run('powerLoss'), again(true))).toMatch(/RMQ-081/)
    expect(judge(config('SYNC_FLUSH'), run('powerLoss'), again(false))).toBeNull()
  })
})

describe('ghost offsets', () => {
  it('excuse a message that was skipped, unless consumers see forced records only', () => {
    expect(judge(config('ASYNC_FLUSH'), run('powerLoss'), skipped)).toMatch(/RMQ-155.*dispatchForcedOnly/)
    expect(judge(config('ASYNC_FLUSH', ['clampStoredOffsets']), run('powerLoss'), skipped)).toMatch(/RMQ-155/)
    expect(judge(config('ASYNC_FLUSH', ['dispatchForcedOnly']), run('powerLoss'), skipped)).toBeNull()
    expect(judge(config('SYNC_FLUSH'), run('powerLoss'), skipped)).toBeNull()
  })

  it('come through recovery too', () => {
    expect(judge(config('SYNC_FLUSH'), run('processKill', 'powerLoss'), skipped)).toMatch(/forceRecovered/)
    expect(judge(config('SYNC_FLUSH', ['forceRecovered']), run('processKill', 'powerLoss'), skipped)).toBeNull()
    expect(judge(config('SYNC_FLUSH'), run('powerLoss', 'processKill'), skipped)).toBeNull()
    expect(judge(config('SYNC_FLUSH'), run(['processKill', 'b2'], 'powerLoss'), skipped)).toBeNull()
    expect(judge(config('SYNC_FLUSH'), run('processKill', 'powerLoss'), gone)).toBeNull()
  })
})

describe('recovery', () => {
  it('leaves a hole before a new file', () => {
    expect(judge(config('SYNC_FLUSH', [], SMALL), run('processKill', 'powerLoss'), lostUnforced)).toMatch(/RMQ-047/)
    expect(judge(config('SYNC_FLUSH'), run('processKill', 'powerLoss'), lostUnforced)).toBeNull()
    expect(judge(config('SYNC_FLUSH', ['forceRecovered'], SMALL), run('processKill', 'powerLoss'), lostUnforced)).toBeNull()
  })

  it('lets a record be acknowledged with a hole before it, once there was a kill', () => {
    const early = anomaly('DUR-4', 'acknowledged before force', {}, 1_500_000)
    expect(judge(config('SYNC_FLUSH', [], SMALL), run('processKill'), early)).toMatch(/RMQ-047/)
    expect(judge(config('SYNC_FLUSH', [], SMALL), run('processKill'), { ...early, t: 500_000 })).toBeNull()
    expect(judge(config('SYNC_FLUSH'), run('processKill'), early)).toBeNull()
  })

  it('loses index entries when the checkpoint runs ahead', () => {
    const index = anomaly('DUR-3', 'missing index entry')
    expect(judge(config('SYNC_FLUSH', [], SMALL), run('powerLoss'), lostForced)).toMatch(/RMQ-042/)
    expect(judge(config('SYNC_FLUSH', [], SMALL), run('powerLoss'), index)).toMatch(/checkpointAfterForce/)
    expect(judge(config('SYNC_FLUSH', ['checkpointAfterForce'], SMALL), run('powerLoss'), index)).toBeNull()
    expect(judge(config('SYNC_FLUSH'), run('powerLoss'), index)).toBeNull()
    expect(judge(config('SYNC_FLUSH', [], SMALL), run('powerLoss'), lostUnforced)).toBeNull()
  })

  it('starts too late after a clock went back, which no repair helps against', () => {
    expect(judge(config('SYNC_FLUSH', REPAIRS, SMALL), run('clockJump', 'powerLoss'), lostForced)).toMatch(/RMQ-046/)
    expect(judge(config('SYNC_FLUSH', REPAIRS, SMALL), run('powerLoss', 'clockJump'), lostForced)).toBeNull()
    expect(judge(config('SYNC_FLUSH', REPAIRS, SMALL), run('clockJump', 'processKill'), lostForced)).toBeNull()
    expect(judge(config('SYNC_FLUSH', REPAIRS), run('clockJump', 'powerLoss'), lostForced)).toBeNull()
  })

  it('takes a torn record whose body is whole', () => {
    const corrupted = anomaly('ALO-4', 'corrupted')
    expect(judge(config('SYNC_FLUSH'), run('powerLoss'), corrupted)).toMatch(/RMQ-048/)
    expect(judge(config('SYNC_FLUSH', ['checksumWholeRecord']), run('powerLoss'), corrupted)).toBeNull()
    expect(judge(config('SYNC_FLUSH'), run('processKill'), corrupted)).toBeNull()
    expect(judge(config('SYNC_FLUSH'), run('powerLoss'), anomaly('ALO-4', 'invented'))).toBeNull()
  })

  it('drops the key index', () => {
    const keys = anomaly('DUR-3', 'key index incomplete')
    expect(judge(config('SYNC_FLUSH'), run('processKill'), keys)).toMatch(/RMQ-050/)
    expect(judge(config('SYNC_FLUSH', ['keepKeyIndex']), run('processKill'), keys)).toBeNull()
    expect(judge(config('SYNC_FLUSH'), run(), keys)).toBeNull()
  })
})

describe('disks', () => {
  it('that lie, rot or vanish excuse loss in both modes, hardened too', () => {
    for (const flush of ['SYNC_FLUSH', 'ASYNC_FLUSH']) {
      const hardened = config(flush, REPAIRS)
      expect(judge(hardened, run('forceLies', 'powerLoss'), lostForced)).toMatch(/had not/)
      expect(judge(hardened, run('powerLoss', 'forceLies'), lostForced)).toBeNull()
      expect(judge(hardened, run('bitCorruption'), anomaly('DUR-1', 'lost', { lastCrash: 'processKill' }))).toMatch(/stored bytes/)
      expect(judge(hardened, run('bitCorruption'), anomaly('DUR-2', 'lost without power loss'))).toMatch(/stored bytes/)
      expect(judge(hardened, run('bitCorruption'), anomaly('ORD-1', 'reordered', { loss: 'none' }))).toMatch(/stored bytes/)
      expect(judge(hardened, run('diskLoss'), anomaly('DUR-1', 'lost', { lastCrash: 'diskLoss' }))).toMatch(/RMQ-154/)
      expect(judge(hardened, run('forceLies', 'powerLoss'), anomaly('ALO-3', 'regressed'))).toMatch(/had not/)
      expect(judge(hardened, run('powerLoss'), anomaly('ALO-3', 'regressed'))).toBeNull()
    }
  })

  it('without forced directory entries excuse loss, and plain ones do not', () => {
    expect(judge(config('SYNC_FLUSH', REPAIRS, { disk: 'posix' }), run('powerLoss'), lostForced)).toMatch(/directory entry/)
    expect(judge(config('SYNC_FLUSH', REPAIRS), run('powerLoss'), lostForced)).toBeNull()
  })

  it('that lie make the broker lie', () => {
    const early = anomaly('DUR-4', 'acknowledged before force', {}, 1_500_000)
    expect(judge(config('SYNC_FLUSH', REPAIRS), run('forceLies'), early)).toMatch(/said/)
    expect(judge(config('SYNC_FLUSH', REPAIRS), run('forceLies'), { ...early, t: 1 })).toBeNull()
  })

  it('of clients excuse nothing', () => {
    expect(judge(config('ASYNC_FLUSH'), run(['powerLoss', 'p1']), lost)).toBeNull()
    expect(judge(config('ASYNC_FLUSH'), run(['powerLoss', 'c1']), skipped)).toBeNull()
  })
})

describe('force errors', () => {
  it('excuse loss unless the store stops at the first', () => {
    expect(judge(config('SYNC_FLUSH'), run('forceFails', 'powerLoss'), lost)).toMatch(/RMQ-040.*stopOnForceError/)
    expect(judge(config('SYNC_FLUSH', ['stopOnForceError']), run('forceFails', 'powerLoss'), lost)).toBeNull()
    expect(judge(config('SYNC_FLUSH'), run('forceFails'), anomaly('DUR-2', 'lost without power loss'))).toBeNull()
  })

  it('outlive a restart, which stopping does not help against', () => {
    expect(judge(config('SYNC_FLUSH', ['stopOnForceError']), run('forceFails', 'processKill', 'powerLoss'), lost)).toMatch(/page cache/)
  })

  it('leave a store that has stopped', () => {
    const stuck = anomaly('DUR-3', 'does not resume')
    expect(judge(config('SYNC_FLUSH', ['stopOnForceError']), run('forceFails'), stuck)).toMatch(/ends after a failed force/)
    expect(judge(config('SYNC_FLUSH'), run('forceFails'), stuck)).toBeNull()
  })
})

describe('transactions', () => {
  const missing = anomaly('TXN-2', 'committed but not delivered', { discarded: false })
  const twice = anomaly('TXN-2', 'delivered twice', { lastCrash: 'none' })

  it('lose internal copies at a power loss', () => {
    expect(judge(config('SYNC_FLUSH'), run('powerLoss'), missing)).toMatch(/RMQ-058/)
    expect(judge(config('SYNC_FLUSH', ['waitForInternalWrites']), run('powerLoss'), missing)).toBeNull()
    expect(judge(config('SYNC_FLUSH'), run('processKill'), missing)).toBeNull()
  })

  it('can be committed twice, with no fault at all', () => {
    expect(judge(config('SYNC_FLUSH'), run(), twice)).toMatch(/RMQ-129/)
    expect(judge(config('SYNC_FLUSH', ['endTxnOnce']), run(), twice)).toBeNull()
    expect(judge(config('SYNC_FLUSH'), run(), anomaly('ALO-5', 'stored twice', { half: true }))).toMatch(/RMQ-129/)
    expect(judge(config('SYNC_FLUSH'), run(), anomaly('ALO-5', 'stored twice', { half: false }))).toBeNull()
  })

  it('are given up after too many checks', () => {
    const parked = anomaly('TXN-2', 'committed but not delivered', { discarded: true, checks: 15 })
    const early = anomaly('TXN-2', 'committed but not delivered', { discarded: true, checks: 1 })
    expect(judge(config('SYNC_FLUSH', REPAIRS), run(['cut', 'p1|b1']), parked)).toMatch(/RMQ-131/)
    expect(judge(config('SYNC_FLUSH', REPAIRS), run('pause'), parked)).toMatch(/RMQ-131/)
    expect(judge(config('SYNC_FLUSH', REPAIRS), run(), parked)).toBeNull()
    expect(judge(config('SYNC_FLUSH', REPAIRS), run('pause'), early)).toBeNull()
    expect(judge(config('SYNC_FLUSH', REPAIRS), run('clockJump'), early)).toMatch(/RMQ-130/)
  })

  it('never show what was rolled back, or a half', () => {
    for (const kinds of FAULT_KINDS) {
      expect(judge(config('ASYNC_FLUSH'), run(kinds), anomaly('TXN-2', 'rolled back but visible'))).toBeNull()
      expect(judge(config('ASYNC_FLUSH'), run(kinds), anomaly('TXN-1', 'half visible'))).toBeNull()
    }
  })
})

describe('the contract', () => {
  it('has no excuse for a client that stays stuck, commits too far or starts too far', () => {
    const worst = config('ASYNC_FLUSH', ['clampStoredOffsets'], { disk: 'posix', segmentBytes: 4096 })
    const never = [
      anomaly('ALO-1', 'needs restart'),
      anomaly('ALO-2', 'passed unfinished'),
      anomaly('ALO-3', 'skipped ahead'),
      anomaly('ALO-4', 'invented'),
      anomaly('ALO-4', 'wrong topic'),
    ]
    for (const what of never) expect(judge(worst, run(...FAULT_KINDS), what)).toBeNull()
  })

  it('excuses the loss of what the periodic flush had not reached, and of nothing older', () => {
    const lost = (ageUs: number) => anomaly('DUR-1', 'lost', { lastCrash: 'powerLoss', broker: 'b1', ageUs })
    expect(judge(config('ASYNC_FLUSH'), run('powerLoss'), lost(10_000_000))).toMatch(/RMQ-038/)
    expect(judge(config('ASYNC_FLUSH'), run('powerLoss'), lost(13_000_000))).toBeNull()
    expect(judge(config('ASYNC_FLUSH'), run('diskStall', 'powerLoss'), lost(13_000_000))).toMatch(/RMQ-038/)
  })

  it('lets a poll wait for the periodic flush where consumers see forced records alone', () => {
    const woken = (ageUs: number) => anomaly('PUL-1', 'lost wake-up', { broker: 'b1', ageUs })
    expect(judge(config('ASYNC_FLUSH', ['dispatchForcedOnly']), run(), woken(10_000_000))).toMatch(/RMQ-038/)
    expect(judge(config('ASYNC_FLUSH', ['dispatchForcedOnly']), run(), woken(13_000_000))).toBeNull()
    expect(judge(config('ASYNC_FLUSH'), run(), woken(2_000_000))).toBeNull()
    expect(judge(config('SYNC_FLUSH', ['dispatchForcedOnly']), run(), woken(2_000_000))).toBeNull()
  })

  it('asks for single delivery only where nothing happened', () => {
    const again = anomaly('ALO-5', 'delivered twice')
    expect(judge(config('SYNC_FLUSH'), run(), again)).toBeNull()
    expect(judge(config('SYNC_FLUSH'), run('pause'), again)).toMatch(/RMQ-158/)
  })

  it('requires all that applies when nothing happened and everything is repaired', () => {
    const terms = rocketmqContract(config('SYNC_FLUSH', REPAIRS, { order: 'strict' }), new Set())
    expect([...terms.keys()]).toEqual([...ANOMALIES.keys()])
    // What is excused then is somebody's own doing.
    const isOfSlaves = (id: GuaranteeId): boolean => id === 'DUR-5' || id === 'DUR-7'
    for (const [id, term] of terms) if (term !== 'required' && !isOfSlaves(id)) expect(term).toMatchObject({ inFull: true })
    expect(terms.get('DUR-5')).toHaveProperty('notApplicable')
  })

  it('refuses a configuration that it does not understand', () => {
    expect(() => rocketmqContract({ flushDiskType: 'SOMETIMES' }, new Set())).toThrow(InputError)
  })
})

describe('delayed messages', () => {
  const forgotten = anomaly('DLY-2', 'forgotten', { delayed: true, forced: true, sentAtUs: 0, broker: 'b1', lastCrash: 'powerLoss' })

  it('may outrun the force of their copies', () => {
    expect(judge(config('SYNC_FLUSH'), run('powerLoss'), forgotten)).toMatch(/RMQ-058/)
    expect(judge(config('SYNC_FLUSH'), run('processKill'), forgotten)).toBeNull()
    expect(judge(config('SYNC_FLUSH', REPAIRS), run('powerLoss'), forgotten)).toBeNull()
    expect(judge(config('ASYNC_FLUSH', REPAIRS), run('powerLoss'), forgotten)).toBeNull()
  })

  it('sent after a loss may be passed over only by a second crash', () => {
    const later = { ...forgotten, facts: { ...forgotten.facts, sentAtUs: 1_500_000, lastCrash: 'processKill' } }
    expect(judge(config('ASYNC_FLUSH'), run('powerLoss', 'processKill'), later)).toMatch(/RMQ-120/)
    expect(judge(config('ASYNC_FLUSH'), run('powerLoss'), later)).toBeNull()
    expect(judge(config('ASYNC_FLUSH', ['clampStoredOffsets']), run('powerLoss', 'processKill'), later)).toBeNull()
  })

  it('come early when the clock of their broker is set, and not that of another', () => {
    const early = anomaly('DLY-1', 'early', { broker: 'b1' }, 9_000_000)
    expect(judge(config('SYNC_FLUSH', REPAIRS), run('clockJump'), early)).toMatch(/RMQ-119/)
    expect(judge(config('SYNC_FLUSH', REPAIRS), run(['clockJump', 'b2']), early)).toBeNull()
  })

  it('are late where nothing unforced is seen', () => {
    const late = anomaly('DLY-2', 'late', { broker: 'b1' }, 9_000_000)
    expect(judge(config('ASYNC_FLUSH', ['dispatchForcedOnly']), run(), late)).toMatch(/ten seconds/)
    expect(judge(config('ASYNC_FLUSH'), run(), late)).toBeNull()
    expect(judge(config('SYNC_FLUSH', REPAIRS), run(), late)).toBeNull()
  })
})
