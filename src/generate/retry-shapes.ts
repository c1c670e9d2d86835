/** Listeners that fail, once or more often than their group is given retries, and faults when a message goes back as well as when it comes again. */
import { ms, seconds } from '../plan/units.ts'
import type { Weighted } from './draw.ts'
import { COMBINATIONS, strike, type Combination } from './combinations.ts'
import { ordered, usual, type Config, type Shape } from './shapes.ts'

/** Retries within seconds: the third level and the next ones. */
const QUICK: Config = { messageDelayLevel: '1s 1s 1s 2s 4s' }

/** A message goes back tens of milliseconds after it was sent, and comes again seconds later. */
const AROUND_RETRIES: Weighted<Combination> = [
  [10, [strike('netLoss', 'consumer')]],
  [8, [strike('cut', 'consumer', [ms(1), ms(60)])]],
  [8, [strike('processKill', 'consumer', [ms(1), seconds(12)])]],
  [8, [strike('processKill', 'broker', [ms(1), seconds(12)])]],
  [6, [strike('gracefulRestart', 'broker', [ms(1), seconds(12)])]],
  [12, [strike('powerLoss', 'broker', [ms(1), seconds(12)])]],
  [8, [strike('diskFull', 'broker', [ms(1), seconds(2)])]],
  [4, [strike('diskLoss', 'broker', [ms(1), seconds(4)])]],
  [5, [strike('diskStall', 'broker')]],
  [4, [strike('clockJump', 'broker', [ms(1), seconds(3)])]],
]

export const retrying: Shape = {
  ...usual,
  settings: [
    [70, {}],
    [30, { offsetFirstPersistUs: seconds(1), offsetPersistUs: seconds(1), offsetFlushUs: seconds(1) }],
    // Long enough that what a listener works on can be lost meanwhile, and another message lies at its place.
    [20, { listenerUs: seconds(4) }],
  ],
  segments: { permille: 100, bytes: [1024, 6144] },
  groups: [
    [60, 1],
    [40, 2],
  ],
  items: [
    [95, 'send'],
    [5, 'transaction'],
  ],
  operations: [
    [40, [1, 4]],
    [45, [3, 8]],
    [15, [6, 12]],
  ],
  failingPermille: 950,
  kinds: [
    [22, 'processKill'],
    [10, 'gracefulRestart'],
    [20, 'powerLoss'],
    [8, 'diskFull'],
    [4, 'diskStall'],
    [3, 'diskSlow'],
    [4, 'forceFails'],
    [2, 'forceLies'],
    [1, 'bitCorruption'],
    [1, 'diskLoss'],
    [6, 'pause'],
    [4, 'clockJump'],
    [2, 'clockDrift'],
    [8, 'netLoss'],
    [3, 'netDelay'],
    [3, 'netDuplicate'],
    [6, 'cut'],
  ],
  roles: [
    [55, 'broker'],
    [38, 'consumer'],
    [7, 'producer'],
  ],
  combinations: [...COMBINATIONS, ...AROUND_RETRIES],
  combinedPermille: 500,
}

/** Whatever else a broker is configured to do. */
const sendingBack =
  (retries: Weighted<Config>) =>
  (shape: Shape): Shape => ({
    ...shape,
    configs: shape.configs.flatMap(([weight, config]) => retries.map(([share, more]) => [weight * share, { ...config, ...more }] as const)),
  })

export const comingAgain = sendingBack([
  [5, QUICK],
  [2, {}],
  [2, { ...QUICK, retryMaxTimes: 3 }],
])

/** A group is given up on most of what it fails on. */
export const givenUp = sendingBack([
  [4, { ...QUICK, retryMaxTimes: 1 }],
  [3, { ...QUICK, retryMaxTimes: 2 }],
  [1, { ...QUICK, retryMaxTimes: 0 }],
])

/** What an orderly client has counted, and the locks by which a broker knows an orderly group, are gone after a restart. */
const AROUND_LAST_ATTEMPTS: Weighted<Combination> = [
  [10, [strike('processKill', 'broker', [ms(1), seconds(4)])]],
  [6, [strike('gracefulRestart', 'broker', [ms(1), seconds(4)])]],
  [6, [strike('powerLoss', 'broker', [ms(1), seconds(4)])]],
  [8, [strike('processKill', 'consumer', [ms(1), seconds(4)])]],
  [5, [strike('cut', 'consumer', [ms(1), seconds(4)])]],
  [4, [strike('pause', 'consumer', [ms(1), seconds(4)])]],
  [3, [strike('diskFull', 'broker', [ms(1), seconds(3)])]],
]

/** Orderly listeners that give a message up after so many attempts. */
export const givenUpInOrder: Shape = {
  ...ordered,
  settings: retrying.settings,
  brokers: [
    [70, 1],
    [30, 2],
  ],
  maxReconsumeTimes: [
    [15, null],
    [20, 0],
    [40, 1],
    [25, 3],
  ],
  batches: [
    [65, null],
    [20, { max: 2, verdict: 'whole' }],
    [15, { max: 8, verdict: 'whole' }],
  ],
  failingPermille: 950,
  spanUs: [ms(500), seconds(40)],
  combinations: AROUND_LAST_ATTEMPTS,
  combinedPermille: 600,
}

export const quickly = sendingBack([
  [3, QUICK],
  [1, {}],
])
