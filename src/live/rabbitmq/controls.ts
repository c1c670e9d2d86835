/**
 * The control table of facts/rabbitmq.md, section 11, run again: rows that must break, rows that must hold, and, by name, those that need
 * a cluster, another client or a checker that is not there.
 */
import type { Fault } from '../../plan/faults.ts'
import { PLAN_FORMAT, type Item, type Plan } from '../../plan/plan.ts'
import { ms, seconds } from '../../plan/units.ts'
import { VERSION } from '../../version.ts'
import type { ControlSheet, LiveControl, PendingControl } from '../control.ts'
import { BROKER, RabbitmqLiveConfig } from './config.ts'

type ConfigInput = Parameters<typeof RabbitmqLiveConfig.parse>[0]

/** A plan with one topic of one queue, one group of one consumer, and a salt for each round. */
function planOf(config: ConfigInput, load: Item, faults: readonly Fault[]): (round: number) => Plan {
  return (round) => ({
    format: PLAN_FORMAT,
    version: VERSION,
    system: 'rabbitmq',
    seed: round,
    policy: 'calm',
    cluster: {
      nameservers: ['n1'],
      brokers: [BROKER],
      producers: ['p1'],
      topics: [{ name: 'T', queues: 1 }],
      groups: [{ name: 'g', topics: ['T'], consumers: ['c1'] }],
      config: RabbitmqLiveConfig.parse(config),
    },
    workload: [{ ...load, salt: round * 10_000 }],
    faults: faults.map((fault, k) => ({ ...fault, salt: round * 10_000 + 5000 + k })),
  })
}

/** Twenty senders for three seconds, as on the sheet, each with a pause that a shared machine can keep up with. */
const LOAD: Item = {
  do: 'load',
  client: 'p1',
  atUs: ms(500),
  salt: 0,
  topic: 'T',
  bytes: 100,
  workers: 20,
  durationUs: seconds(3),
  everyUs: ms(5),
}
/** In the midst of the load. */
const BUSY = ms(3300)

/**
 * For a stream: little, and cut off soon, before the kernel writes any of it. What it has half written the node meets as zeros where a chunk
 * should begin; then the stream's writer dies at each start, no publish is ever confirmed again, and nothing can be judged (RAB-145).
 */
const LITTLE: Item = { ...LOAD, workers: 4, durationUs: seconds(1), everyUs: ms(10) }
const SOON = ms(1300)

const kill = (atUs: number, on = BROKER): Fault => ({ kind: 'processKill', on, atUs, salt: 0, forUs: ms(500) })
const powerLoss = (atUs: number): Fault => ({ kind: 'powerLoss', on: BROKER, atUs, salt: 0, forUs: ms(500), keep: 'none' })
const POWER_LOSS = powerLoss(BUSY)

const TRANSIENT: ConfigInput = { persistent: false }
const CLASSIC_V1: ConfigInput = {}
const CLASSIC_V2: ConfigInput = { queueType: 'classic-v2' }
const QUORUM: ConfigInput = { queueType: 'quorum' }
const STREAM: ConfigInput = { queueType: 'stream' }
const FRESH_V1: ConfigInput = { store: 'fresh' }

type Row = Pick<LiveControl, 'row' | 'title' | 'sheet'>

const breaks = (row: Row, config: ConfigInput, fault: Fault): LiveControl => ({
  ...row,
  guarantee: 'DUR-1',
  expect: 'breaks',
  anomaly: 'lost',
  config,
  plan: planOf(config, LOAD, [fault]),
  rounds: 2,
})
const holds = (row: Row, config: ConfigInput, ...faults: readonly Fault[]): LiveControl => ({
  ...row,
  guarantee: 'DUR-1',
  expect: 'holds',
  config,
  plan: planOf(config, LOAD, faults),
  rounds: 2,
})

const BREAKS: readonly LiveControl[] = [
  breaks(
    { row: 'RAB-P1', title: 'transient messages, kill -9: what was confirmed is lost', sheet: 'lost all 32,700 confirmed' },
    TRANSIENT,
    kill(BUSY),
  ),
  breaks(
    {
      row: 'RAB-P2',
      title: 'classic v2, persistent, power loss: what was confirmed is lost',
      sheet: 'lost 92,153 of 92,233; all 21,660',
    },
    CLASSIC_V2,
    POWER_LOSS,
  ),
  {
    ...breaks(
      { row: 'RAB-P3', title: 'stream, power loss: what was confirmed is lost', sheet: 'lost 91,092 of 91,152; all 17,740' },
      STREAM,
      powerLoss(SOON),
    ),
    plan: planOf(STREAM, LITTLE, [powerLoss(SOON)]),
    rounds: 4,
  },
  {
    row: 'RAB-140',
    title: 'classic v1 in the first seconds of its store, power loss: the node does not start',
    guarantee: 'DUR-1',
    expect: 'does-not-start',
    config: FRESH_V1,
    fresh: true,
    plan: planOf(FRESH_V1, LOAD, [POWER_LOSS]),
    rounds: 2,
    sheet: '0 of 4 booted: hangs in boot',
  },
]

const HOLDS: readonly LiveControl[] = [
  holds(
    { row: 'RAB-N1-kill', title: 'classic v1, persistent, kill -9: nothing confirmed is lost', sheet: 'lost 0 of 25,900' },
    CLASSIC_V1,
    kill(BUSY),
  ),
  holds(
    { row: 'RAB-N1-power', title: 'classic v1, persistent, power loss: nothing confirmed is lost', sheet: 'lost 0 of 45,795 in 4 rounds' },
    CLASSIC_V1,
    POWER_LOSS,
  ),
  holds({ row: 'RAB-N2-kill', title: 'quorum, kill -9: nothing confirmed is lost', sheet: 'lost 0 of 34,293' }, QUORUM, kill(BUSY)),
  holds(
    { row: 'RAB-N2-power', title: 'quorum, power loss: nothing confirmed is lost', sheet: 'lost 0 of 25,269 in 3 rounds' },
    QUORUM,
    POWER_LOSS,
  ),
  {
    ...holds(
      { row: 'RAB-012', title: 'classic v2, persistent, kill -9: nothing confirmed is lost', sheet: 'lost 0 of 31,151' },
      CLASSIC_V2,
      kill(BUSY),
    ),
    rounds: 1,
  },
  {
    ...holds(
      {
        row: 'RAB-022',
        title: 'a consumer is killed twice: its unacknowledged messages come again',
        sheet: 'each unacked delivery is requeued, redelivered=true',
      },
      CLASSIC_V1,
      kill(ms(1500), 'c1'),
      kill(seconds(3), 'c1'),
    ),
    guarantee: 'ALO-1',
    rounds: 1,
  },
]

const pending = (row: string, title: string, reason: string): PendingControl => ({ row, title, reason })
const CLUSTER = 'it needs a cluster; the target starts one node'
const NO_CHECKER = 'no checker judges the order in which a single consumer sees redelivered messages'

const PENDING: readonly PendingControl[] = [
  pending('RAB-P4', 'mirrored queue, partitions ignored, the minority restarts', CLUSTER),
  pending('RAB-P5', 'mirrored queue, autoheal after a partition', CLUSTER),
  pending('RAB-P6', 'automatic acknowledgement, the consumer is killed', 'consumers are driven with manual acknowledgements only'),
  pending('RAB-P7', 'a publisher retries after a lost confirm', 'the driver retries nothing'),
  pending('RAB-P8', 'quorum without a delivery limit: what is requeued goes to the back', NO_CHECKER),
  pending('RAB-P9', 'two consumers and a requeue', NO_CHECKER),
  pending('RAB-P10', 'a transaction over several queues, kill -9 during its commit', 'amqplib has no transactions (RAB-120)'),
  pending('RAB-P11', 'a queue of limited length drops its head', 'queues are declared without a limit'),
  pending('RAB-N3', 'mirrored queue, pause_minority, a clean partition', CLUSTER),
  pending('RAB-N4', 'one publisher, a single active consumer, its channel closes', NO_CHECKER),
  pending('RAB-N5', 'the routing table', 'plans speak of topics and queues, not of exchanges and patterns'),
]

export const RABBITMQ_CONTROLS: ControlSheet = { controls: [...BREAKS, ...HOLDS], pending: PENDING }
