/** Groups that pop: their consumers die, stand still and are cut off with messages in hand, and brokers with checkpoints that are not forced. */
import { ms, seconds } from '../plan/units.ts'
import type { Config, Shape } from './shapes.ts'
import { COMBINATIONS, strike } from './combinations.ts'
import { usual } from './shapes.ts'

/** A message that nobody acknowledges comes again within seconds, not after a minute. */
const SOON: Config = { popInvisibleUs: seconds(5), popRetryUs: seconds(1) }
const OFTEN: Config = { ...SOON, offsetFlushUs: seconds(1) }

export const popping: Shape = {
  ...usual,
  consumptions: [[1, 'pop']],
  listeners: [[80, 'concurrently'], [20, 'orderly']],
  settings: [[20, {}], [20, SOON], [40, OFTEN], [10, { ...SOON, popBatch: 1 }], [10, { ...OFTEN, listenerUs: ms(500) }]],
  segments: { permille: 100, bytes: [1024, 6144] },
  queues: [[40, 1], [35, 2], [25, 3]],
  consumers: [[40, 1], [40, 2], [20, 3]],
  items: [[94, 'send'], [6, 'transaction']],
  spanUs: [seconds(1), seconds(30)],
  sizes: [[80, [1, 200]], [10, [1, 12_000]], [10, [1_000, 6_000]]],
  failingPermille: 600,
  kinds: [[30, 'processKill'], [10, 'gracefulRestart'], [25, 'powerLoss'], [8, 'pause'], [10, 'netLoss'], [8, 'cut'], [4, 'netDelay'],
    [2, 'netDuplicate'], [6, 'diskFull'], [4, 'diskStall'], [4, 'forceFails'], [2, 'forceLies'], [1, 'bitCorruption'], [1, 'diskLoss'],
    [1, 'clockJump'], [1, 'clockDrift']],
  roles: [[50, 'broker'], [42, 'consumer'], [8, 'producer']],
  keeps: [[60, 'none'], [15, 'torn'], [10, 'prefix'], [10, 'holes'], [5, 'all']],
  combinedPermille: 750,
  combinations: [
    ...COMBINATIONS,
    // What was taken is lost on the way, or with who took it, and then the broker that must remember it falls.
    [8, [strike('netLoss', 'consumer'), strike('powerLoss', 'broker', [ms(1), seconds(12)])]],
    [8, [strike('processKill', 'consumer'), strike('powerLoss', 'broker', [ms(1), seconds(12)])]],
    // A disk that is full when a message should be stored anew.
    [100, [strike('diskFull', 'broker', [seconds(2), seconds(8)])]],
    // The progress of a group is on the disk, what is behind it not yet.
    [100, [strike('powerLoss', 'broker', [seconds(5), seconds(20)])]],
  ],
}

/** What a listener has failed is left to come again by itself. */
export const leaving = (shape: Shape): Shape => ({
  ...shape,
  configs: shape.configs.map(([weight, config]) => [weight, { ...config, popFailure: 'leave' }] as const),
})
