/** Shapes of runs in which messages of a key are to be kept in order from end to end. */
import { ms, seconds } from '../plan/units.ts'
import type { Weighted } from './draw.ts'
import { ordered, type Shape } from './shapes.ts'
import { strike, type Combination } from './combinations.ts'

/** A broker goes with messages that nobody has processed yet. */
const UNREAD: Weighted<Combination> = [
  [6, [strike('processKill', 'broker', [ms(1), seconds(2)])]],
  [3, [strike('gracefulRestart', 'broker', [ms(1), seconds(2)])]],
  [2, [strike('powerLoss', 'broker', [ms(1), seconds(2)])]],
  [5, [strike('processKill', 'consumer'), strike('processKill', 'broker', [ms(1), seconds(12)])]],
  [4, [strike('pause', 'consumer'), strike('processKill', 'broker', [100, ms(50)])]],
  [3, [strike('cut', 'consumer'), strike('processKill', 'broker', [100, ms(50)])]],
]

/** Who keeps messages in order sends them with keys, and brokers go and come back for long enough to be missed. */
export const keyed: Shape = {
  ...ordered,
  nameservers: [
    [70, 1],
    [30, 2],
  ],
  brokers: [
    [15, 1],
    [60, 2],
    [25, 3],
  ],
  topics: [
    [85, 1],
    [15, 2],
  ],
  queues: [
    [45, 1],
    [35, 2],
    [20, 3],
  ],
  producers: [
    [60, 1],
    [30, 2],
    [10, 3],
  ],
  groups: [
    [90, 1],
    [10, 2],
  ],
  keys: { permille: 950, count: [1, 3], select: 'key' },
  items: [[1, 'send']],
  operations: [
    [15, [2, 5]],
    [60, [4, 12]],
    [25, [8, 20]],
  ],
  spanUs: [seconds(5), seconds(100)],
  clusters: [
    [15, 1],
    [35, 2],
    [50, 3],
  ],
  failingPermille: 550,
  kinds: [
    [34, 'processKill'],
    [14, 'gracefulRestart'],
    [8, 'powerLoss'],
    [10, 'pause'],
    [10, 'cut'],
    [8, 'netLoss'],
    [6, 'netDelay'],
    [5, 'netReorder'],
    [3, 'netDuplicate'],
    [2, 'clockJump'],
  ],
  roles: [
    [60, 'broker'],
    [26, 'consumer'],
    [9, 'producer'],
    [5, 'nameserver'],
  ],
  outageUs: [seconds(2), seconds(100)],
  windowUs: [ms(5), seconds(60)],
  pauseUs: [ms(100), seconds(60)],
  combinations: UNREAD,
  combinedPermille: 500,
}
/** A group is away, or stands still, while the operator goes on. */
const AWAY: Weighted<Combination> = [
  [6, [strike('processKill', 'consumer', [ms(1), seconds(20)])]],
  [3, [strike('pause', 'consumer', [ms(1), seconds(20)])]],
  [1, [strike('cut', 'consumer', [ms(1), seconds(20)])]],
  [1, [strike('processKill', 'broker', [ms(1), seconds(60)])]],
]

/** Topics whose keys are in order get more queues, mostly as it should be done, while some groups are slow. */
export const growing: Shape = {
  ...keyed,
  settings: [
    [60, {}],
    [20, { listenerUs: seconds(15) }],
    [20, { listenerUs: seconds(4) }],
  ],
  brokers: [
    [93, 1],
    [7, 2],
  ],
  topics: [[1, 1]],
  queues: [
    [60, 1],
    [30, 2],
    [10, 3],
  ],
  groups: [
    [20, 1],
    [50, 2],
    [30, 3],
  ],
  consumers: [
    [75, 1],
    [25, 2],
  ],
  keys: { permille: 950, count: [2, 3], select: 'key' },
  resizings: [
    [85, 'grow in order'],
    [5, 'grow in haste'],
    [5, 'grow by some'],
    [5, 'grow at once'],
  ],
  operations: [
    [40, [1, 4]],
    [60, [2, 8]],
  ],
  spanUs: [seconds(5), seconds(120)],
  faultlessPermille: 100,
  roles: [
    [25, 'broker'],
    [60, 'consumer'],
    [10, 'producer'],
    [5, 'nameserver'],
  ],
  outageUs: [seconds(20), seconds(150)],
  pauseUs: [seconds(5), seconds(120)],
  combinations: AWAY,
  bursts: [
    [50, 1],
    [50, 2],
  ],
  combinedPermille: 800,
}

/**
 * One of two groups dies when the writers' side grows, and comes back to old queues and new ones once the operator has looked at the groups. What was sent
 * before the producer's first poll makes it know the old list for thirty seconds.
 */
export const leftBehind: Shape = {
  ...growing,
  settings: [[1, { listenerUs: seconds(4) }]],
  brokers: [[1, 1]],
  queues: [[1, 1]],
  producers: [[1, 1]],
  groups: [[1, 2]],
  consumers: [[1, 1]],
  keys: { permille: 1000, count: [2, 3], select: 'key' },
  resizings: [[1, 'grow in order']],
  operations: [[1, [1, 3]]],
  spanUs: [ms(1), ms(20)],
  faultlessPermille: 0,
  outageUs: [seconds(100), seconds(160)],
  anchor: 'resize',
  combinations: [[1, [strike('processKill', 'consumer', [ms(1), seconds(20)])]]],
  bursts: [[1, 1]],
  strays: [[1, 0]],
  combinedPermille: 1000,
}

/** The list of every topic's queues is frozen. */
export const strictly = (shape: Shape): Shape => ({
  ...shape,
  configs: shape.configs.map(([weight, one]) => [weight, { ...one, order: 'strict' }] as const),
})
