/** Messages that are delayed by all levels, short ones mostly, and faults when they are sent as well as when they are due. */
import { hours, minutes, ms, seconds } from '../plan/units.ts'
import type { Weighted } from './draw.ts'
import { AS_SHIPPED, usual, type Config, type Shape } from './shapes.ts'
import { strike, type Combination } from './combinations.ts'

/** Some brokers have a table of their own, which is soon at its end. */
const withTables = (configs: Weighted<Config>): Weighted<Config> => [
  ...configs.map(([weight, config]) => [4 * weight, config] as const),
  ...configs.map(([weight, config]) => [weight, { ...config, messageDelayLevel: '1s 2s 4s' }] as const),
]

/** A broker is struck around a delivery, and again while what it knows of that is in memory alone. */
const AROUND_DELIVERY: Weighted<Combination> = [
  [10, [strike('processKill', 'broker', [ms(1), seconds(9)])]],
  [8, [strike('gracefulRestart', 'broker', [ms(1), seconds(9)])]],
  [8, [strike('powerLoss', 'broker', [ms(1), seconds(12)])]],
  [8, [strike('diskFull', 'broker')]],
  [5, [strike('clockJump', 'broker', [ms(1), seconds(3)])]],
  [5, [strike('powerLoss', 'broker'), strike('processKill', 'broker', [ms(1), seconds(12)])]],
  [5, [strike('processKill', 'broker'), strike('powerLoss', 'broker', [ms(1), seconds(12)])]],
]

export const delayed: Shape = {
  ...usual,
  configs: withTables(AS_SHIPPED),
  settings: [
    [60, {}],
    [25, { delayPersistUs: seconds(1) }],
    [15, { offsetFirstPersistUs: seconds(1), offsetPersistUs: seconds(1), offsetFlushUs: seconds(1) }],
  ],
  segments: { permille: 150, bytes: [1024, 6144] },
  items: [
    [97, 'send'],
    [3, 'transaction'],
  ],
  delays: {
    permille: 800,
    levels: [
      [30, { level: 1, us: seconds(1) }],
      [28, { level: 2, us: seconds(5) }],
      [22, { level: 3, us: seconds(10) }],
      [8, { level: 4, us: seconds(30) }],
      [4, { level: 5, us: minutes(1) }],
      [5, { level: 0, us: 0 }],
      [1, { level: 30, us: hours(2) }],
    ],
  },
  operations: [
    [35, [1, 4]],
    [50, [3, 10]],
    [15, [8, 16]],
  ],
  spanUs: [seconds(1), seconds(30)],
  failingPermille: 100,
  faultlessPermille: 80,
  kinds: [
    [25, 'processKill'],
    [15, 'gracefulRestart'],
    [20, 'powerLoss'],
    [10, 'diskFull'],
    [3, 'diskStall'],
    [3, 'diskSlow'],
    [4, 'forceFails'],
    [2, 'forceLies'],
    [1, 'bitCorruption'],
    [1, 'diskLoss'],
    [6, 'pause'],
    [5, 'clockJump'],
    [2, 'clockOffset'],
    [3, 'clockDrift'],
    [4, 'netLoss'],
    [2, 'netDelay'],
    [2, 'netDuplicate'],
    [2, 'cut'],
  ],
  roles: [
    [75, 'broker'],
    [15, 'consumer'],
    [10, 'producer'],
  ],
  combinations: AROUND_DELIVERY,
  combinedPermille: 500,
}

/** Messages that wait for a time of their own, on wheels that reach two days or a few seconds. */
export const timed: Shape = {
  ...delayed,
  configs: AS_SHIPPED,
  items: [
    [82, 'send'],
    [15, 'recall'],
    [3, 'transaction'],
  ],
  settings: [
    [60, {}],
    [40, { timerRollUs: seconds(4) }],
  ],
  delays: {
    permille: 850,
    levels: [],
    timers: [
      [45, [ms(200), seconds(3)]],
      [40, [seconds(2), seconds(15)]],
      [12, [seconds(10), minutes(2)]],
      [1, [hours(1), hours(2)]],
      [1, [hours(70), hours(80)]],
    ],
  },
  sizes: [[1, [100, 100]]],
}

/** Brokers take recalls, which they do not as shipped. */
export const recallable = (shape: Shape): Shape => ({
  ...shape,
  configs: shape.configs.map(([weight, config]) => [weight, { ...config, recallMessageEnable: true }] as const),
})

/** Progress is saved every second, and nothing else is forced: a power loss takes what the progress speaks of, and the messages that come then take its place. */
export const outrun: Shape = {
  ...delayed,
  configs: [[1, { flushDiskType: 'ASYNC_FLUSH', preset: 'rocketmq-5.5' }]],
  settings: [[1, { delayPersistUs: seconds(1) }]],
  segments: { permille: 0, bytes: [1024, 1024] },
  items: [[1, 'send']],
  delays: {
    permille: 1000,
    levels: [
      [6, { level: 1, us: seconds(1) }],
      [1, { level: 2, us: seconds(5) }],
    ],
  },
  operations: [[1, [2, 8]]],
  sizes: [[1, [1, 200]]],
  spanUs: [seconds(6), seconds(25)],
  clusters: [
    [1, 2],
    [1, 3],
  ],
  faultlessPermille: 0,
  bursts: [[1, 1]],
  strays: [[1, 0]],
  keeps: [
    [4, 'none'],
    [1, 'prefix'],
  ],
  combinations: [[1, [strike('powerLoss', 'broker', [seconds(1), seconds(8)])]]],
  combinedPermille: 1000,
}

/** The same on the wheel, which is saved every second: what has become of its topic by then is another matter. */
export const outrunOnTheWheel: Shape = {
  ...outrun,
  settings: [[1, {}]],
  delays: { permille: 1000, levels: [], timers: [[1, [seconds(2), seconds(15)]]] },
}
