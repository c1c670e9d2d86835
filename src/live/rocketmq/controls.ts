/**
 * The control table of facts/rocketmq-live.md, section 8, run again: rows that must break, rows that must hold, and those that need more
 * than one broker with the messages of today, by name.
 */
import type { Fault, FaultKind } from '../../plan/faults.ts'
import { PLAN_FORMAT, type Item, type Plan } from '../../plan/plan.ts'
import { ms, seconds, type Us } from '../../plan/units.ts'
import { VERSION } from '../../version.ts'
import type { ControlSheet, LiveControl, PendingControl } from '../control.ts'
import { BROKER, contractConfig, RocketmqLiveConfig } from './config.ts'

type ConfigInput = Parameters<typeof RocketmqLiveConfig.parse>[0]

/** A plan with one topic, one group of one consumer, and a salt for each round. */
function planOf(config: ConfigInput, queues: number, workload: readonly Item[], faults: readonly Fault[]): (round: number) => Plan {
  const parsed = RocketmqLiveConfig.parse(config)
  return (round) => ({
    format: PLAN_FORMAT,
    version: VERSION,
    system: 'rocketmq',
    seed: round,
    policy: 'calm',
    cluster: {
      nameservers: ['n1'],
      brokers: [BROKER],
      producers: ['p1', 'p2'],
      topics: [{ name: 'T', queues }],
      groups: [{ name: 'g', topics: ['T'], consumers: ['c1'] }],
      config: contractConfig(parsed),
    },
    workload: workload.map((item, k) => ({ ...item, salt: round * 10_000 + k })),
    faults: faults.map((fault, k) => ({ ...fault, salt: round * 10_000 + 5000 + k })),
  })
}

const load = (atUs: Us, durationUs: Us, workers: number, everyUs: Us): Item => ({
  do: 'load',
  client: 'p1',
  atUs,
  salt: 0,
  topic: 'T',
  bytes: 100,
  workers,
  durationUs,
  everyUs,
})
const send = (atUs: Us): Item => ({ do: 'send', client: 'p2', atUs, salt: 0, topic: 'T', bytes: 100, mode: 'sync' })

type Strike = Extract<FaultKind, 'processKill' | 'gracefulRestart' | 'pause' | 'forceFails' | 'diskStall'>
const strike = (kind: Strike, atUs: Us, forUs: Us, on = BROKER): Fault => ({ kind, on, atUs, salt: 0, forUs })
const powerLoss = (atUs: Us): Fault => ({ kind: 'powerLoss', on: BROKER, atUs, salt: 0, forUs: ms(500), keep: 'none' })

/** 32 senders for three seconds, as on the sheet, each with a pause that a shared machine can keep up with. */
const LOAD = load(ms(500), seconds(3), 32, ms(5))
const BUSY = ms(3300)
/** Twenty messages: fewer than four dirty pages (RMQ-038). */
const TWENTY = load(ms(500), ms(200), 1, ms(10))

const ASYNC: ConfigInput = { flushDiskType: 'ASYNC_FLUSH' }
const SYNC: ConfigInput = { flushDiskType: 'SYNC_FLUSH', syncFlushTimeoutMs: 2000 }
/**
 * Progress is on disk a second after it was told, and the twenty messages are not. A broker begins to write progress when it is ten seconds
 * old, whatever its interval.
 */
const GHOSTS: ConfigInput = { flushDiskType: 'ASYNC_FLUSH', flushThoroughMs: 60_000, offsetFlushMs: 1000 }
/** The end of a transaction is written in a batch three seconds later (as shipped), and checks come before that. */
const LATE_ENDS: ConfigInput = { transactions: { timeoutMs: 1000, checkIntervalMs: 2000, opBatchIntervalMs: 3000 } }

/** Checks come long after a commit has been written down, also on a slow machine: they are for those that died with their half open. */
const EARLY_ENDS: ConfigInput = { transactions: { timeoutMs: 3000, checkIntervalMs: 1000, opBatchIntervalMs: 50 } }

const transaction = (k: number, outcome: 'commit' | 'rollback' | 'unknown', answer: 'commit' | 'rollback', everyUs: Us): Item => ({
  do: 'transaction',
  client: 'p1',
  atUs: ms(500) + k * everyUs,
  salt: 0,
  topic: 'T',
  bytes: 100,
  outcome,
  answer,
})

/** RocketMQ's own library, through the proxy. */
const SDK: ConfigInput = { client: 'sdk' }

const range = (count: number): number[] => Array.from({ length: count }, (_, k) => k)

const BREAKS: readonly LiveControl[] = [
  {
    row: 'RML-035',
    title: 'ASYNC_FLUSH under load, power loss: the last interval is lost',
    guarantee: 'DUR-1',
    expect: 'breaks',
    anomaly: 'lost',
    config: ASYNC,
    plan: planOf(ASYNC, 4, [LOAD], [powerLoss(BUSY)]),
    rounds: 2,
    sheet: 'lost 2,521 of 13,537; 1,962 of 17,563; 966 of 11,423',
  },
  {
    row: 'RML-036',
    title: 'ASYNC_FLUSH, twenty messages, power loss: all of them are lost',
    guarantee: 'DUR-1',
    expect: 'breaks',
    anomaly: 'lost',
    config: ASYNC,
    plan: planOf(ASYNC, 1, [TWENTY], [powerLoss(ms(1000))]),
    // One time in twenty the pass that comes every ten seconds falls between the sends and the cut.
    rounds: 3,
    sheet: '20 of 20 lost',
  },
  {
    row: 'RML-037',
    title: 'ASYNC_FLUSH, a group that has committed, power loss: it skips new messages',
    guarantee: 'ALO-1',
    expect: 'breaks',
    anomaly: 'not delivered',
    config: GHOSTS,
    plan: planOf(
      GHOSTS,
      1,
      [{ ...TWENTY, atUs: ms(10_500) }, load(seconds(22), seconds(8), 1, ms(40))],
      [strike('processKill', ms(14_000), ms(16_500), 'c1'), powerLoss(ms(14_200))],
    ),
    rounds: 3,
    sheet: 'the group resumes at 25 and skips 20 of 23 new acked messages',
  },
  {
    row: 'RML-042',
    title: 'ASYNC_FLUSH, the disk dies under the running broker: what it acknowledges is lost',
    guarantee: 'DUR-1',
    expect: 'breaks',
    anomaly: 'lost',
    config: ASYNC,
    plan: planOf(ASYNC, 4, [load(ms(500), seconds(4), 16, ms(5))], [strike('forceFails', ms(1000), seconds(4)), powerLoss(ms(3500))]),
    rounds: 2,
    sheet: '38,141 acked on the dead disk; lost 38,346 of 38,731 after remount',
  },
  {
    row: 'RML-046',
    title: 'late ends of transactions, no fault, checker tells the truth: committed messages come twice',
    guarantee: 'TXN-2',
    expect: 'breaks',
    anomaly: 'delivered twice',
    config: LATE_ENDS,
    plan: planOf(
      LATE_ENDS,
      1,
      range(30).map((k) => transaction(k, 'commit', 'commit', ms(150))),
      [],
    ),
    rounds: 3,
    sheet: '6 of 30 committed messages delivered twice',
  },
]

const HOLDS: readonly LiveControl[] = [
  {
    row: 'RML-030',
    title: 'SYNC_FLUSH, the disk stands still for two seconds: nothing is lost',
    guarantee: 'ALO-1',
    expect: 'holds',
    config: SYNC,
    plan: planOf(SYNC, 4, [LOAD], [strike('diskStall', ms(1500), seconds(2))]),
    rounds: 1,
    sheet: 'after thaw 0 lost of 5,512 (SYNC) and 9,279 (ASYNC)',
  },
  {
    row: 'RML-041',
    title: 'SYNC_FLUSH, the disk dies under the running broker: nothing acknowledged is lost',
    guarantee: 'DUR-1',
    expect: 'holds',
    config: SYNC,
    plan: planOf(SYNC, 4, [load(ms(500), seconds(4), 16, ms(5))], [strike('forceFails', ms(1500), seconds(4)), powerLoss(ms(4800))]),
    rounds: 1,
    sheet: 'after the cut only FLUSH_DISK_TIMEOUT (16); lost 0 of 337 acked',
  },
  {
    row: 'RML-048',
    title: 'the broker is paused for five seconds: what timed out was never invented, and nothing is lost',
    guarantee: 'ALO-1',
    expect: 'holds',
    config: ASYNC,
    plan: planOf(ASYNC, 4, [load(ms(500), seconds(2), 32, ms(50)), send(seconds(7))], [strike('pause', ms(1500), seconds(5))]),
    rounds: 1,
    sheet: '32 sends time out, 31 and 32 of them are stored (their answers come late)',
  },
  {
    row: 'RML-049',
    title: 'a consumer is killed twice: nothing is missing',
    guarantee: 'ALO-1',
    expect: 'holds',
    config: ASYNC,
    plan: planOf(
      ASYNC,
      2,
      [load(ms(500), seconds(4), 4, ms(20))],
      [strike('processKill', ms(1500), ms(500), 'c1'), strike('processKill', ms(3000), ms(500), 'c1')],
    ),
    rounds: 1,
    sheet: '36–64 redelivered, 3–4 steps back in order, 0 missing',
  },
  {
    row: 'RML-050',
    title: 'ASYNC_FLUSH, kill -9 under load: nothing acknowledged is lost',
    guarantee: 'DUR-1',
    expect: 'holds',
    config: ASYNC,
    plan: planOf(ASYNC, 4, [LOAD], [strike('processKill', ms(2500), ms(500))]),
    rounds: 2,
    sheet: 'lost 0 of 65,315; offsets contiguous and as acked',
  },
  {
    row: 'RML-051',
    title: 'SYNC_FLUSH under load, power loss: nothing acknowledged is lost',
    guarantee: 'DUR-1',
    expect: 'holds',
    config: SYNC,
    plan: planOf(SYNC, 4, [LOAD], [powerLoss(BUSY)]),
    rounds: 2,
    sheet: 'lost 0 of 8,944; 0 of 1,405; 0 of 11,679; 0 of 20 (small run)',
  },
  {
    row: 'RML-055',
    title: 'ASYNC_FLUSH, restart in good order: nothing acknowledged is lost',
    guarantee: 'DUR-1',
    expect: 'holds',
    config: ASYNC,
    plan: planOf(ASYNC, 4, [LOAD], [strike('gracefulRestart', ms(2500), ms(500))]),
    rounds: 1,
    sheet: 'lost 0 of 8,852',
  },
  {
    row: 'RML-056',
    title: 'the producer dies with open halves: each is asked for and ends as it was decided',
    guarantee: 'TXN-2',
    expect: 'holds',
    config: EARLY_ENDS,
    plan: planOf(
      EARLY_ENDS,
      1,
      range(30).map((k) =>
        k % 3 === 0 ? transaction(k, 'commit', 'commit', ms(40)) : transaction(k, 'unknown', k % 3 === 1 ? 'commit' : 'rollback', ms(40)),
      ),
      [strike('processKill', ms(1750), seconds(1), 'p1')],
    ),
    rounds: 1,
    sheet: 'commit 30 of 30 once, 60 open halves with an answer: one check each, resolved rightly',
  },
]

/** Rows about the library: messages without faults, and the three ends of transactions. */
const LIBRARY: readonly LiveControl[] = [
  {
    row: 'RML-023',
    title: 'the library through the proxy: each message is delivered once',
    guarantee: 'ALO-5',
    expect: 'holds',
    config: SDK,
    plan: planOf(SDK, 1, [load(ms(500), seconds(2), 4, ms(80))], []),
    rounds: 1,
    sheet: '100 of 100 sent are received, and acknowledged',
  },
  {
    row: 'RML-027',
    title: 'the library through the proxy: open transactions are asked for, and end as they were decided',
    guarantee: 'TXN-2',
    expect: 'holds',
    config: SDK,
    plan: planOf(
      SDK,
      1,
      range(20).map((k) =>
        k % 2 === 0
          ? transaction(k, k % 4 === 0 ? 'commit' : 'rollback', k % 4 === 0 ? 'commit' : 'rollback', ms(100))
          : transaction(k, 'unknown', k % 4 === 1 ? 'commit' : 'rollback', ms(100)),
      ),
      [],
    ),
    rounds: 1,
    sheet: '10 of 10 open halves resolved rightly, one check each',
  },
]

const pending = (row: string, title: string, reason: string): PendingControl => ({ row, title, reason })
const SLAVE = 'it needs a slave; the target starts one broker'
const CONTROLLER = 'it needs a controller and two brokers; the target starts one broker'
const DELAY = 'delayed messages are not sent by plans yet'
const POP = 'POP consumers are not driven yet'

const PENDING: readonly PendingControl[] = [
  pending('RML-038', 'ASYNC_MASTER with a slave, the master and its disk are lost', SLAVE),
  pending('RML-039', 'SYNC_MASTER with inSyncReplicas 1, the master and its disk are lost', SLAVE),
  pending('RML-040', 'SYNC_MASTER with inSyncReplicas 2, power loss of the master alone', SLAVE),
  pending('RML-043', 'controller, defaults, kill -9 of the master', CONTROLLER),
  pending('RML-044', 'controller, defaults, a paused master wakes after the election', CONTROLLER),
  pending('RML-045', 'controller, all-ack with one in-sync replica, a paused master wakes', CONTROLLER),
  pending('RML-047', 'delay levels, kill -9 within ten seconds of delivery', DELAY),
  pending('RML-052', 'SYNC_MASTER with inSyncReplicas 2, the master and its disk are lost', SLAVE),
  pending('RML-053', 'controller, all-ack, kill -9 of the master', CONTROLLER),
  pending('RML-054', 'controller, all-ack with two in-sync replicas, a paused master wakes', CONTROLLER),
  pending('RML-057', 'delay levels and timers without faults', DELAY),
  pending('RML-058', 'timers, kill -9', DELAY),
  pending('RML-059', 'POP: what is not acknowledged comes back', POP),
  pending('RML-060', 'POP in order', POP),
]

export const ROCKETMQ_CONTROLS: ControlSheet = { controls: [...BREAKS, ...HOLDS, ...LIBRARY], pending: PENDING }
