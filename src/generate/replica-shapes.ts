/** Brokers with slaves: the log is copied, and masters are killed, cut off and wiped. */
import { ms, seconds } from '../plan/units.ts'
import type { Weighted } from './draw.ts'
import { usual, type Config, type Shape } from './shapes.ts'
import { strike, type Combination } from './combinations.ts'

type Flush = 'SYNC_FLUSH' | 'ASYNC_FLUSH'

const of = (flush: Flush, preset: 'rocketmq-5.5' | 'hardened', more: Config): Config => ({
  flushDiskType: flush,
  preset,
  slaveReadEnable: true,
  ...more,
})

/** The master's end, while something is on its way to the slave; and what a slave makes of a master that has lost some. */
const AROUND_COPIES: Weighted<Combination> = [
  [8, [strike('diskLoss', 'broker', [ms(1), seconds(2)])]],
  [8, [strike('powerLoss', 'broker', [ms(1), seconds(2)])]],
  [5, [strike('processKill', 'broker', [ms(1), seconds(2)])]],
  [4, [strike('pause', 'slave'), strike('diskLoss', 'broker', [ms(1), seconds(3)])]],
  [4, [strike('cut', 'slave'), strike('diskLoss', 'broker', [ms(1), seconds(3)])]],
  [4, [strike('processKill', 'slave')]],
  [3, [strike('powerLoss', 'slave'), strike('powerLoss', 'broker', [ms(1), seconds(3)])]],
  [3, [strike('netLoss', 'slave')]],
  [3, [strike('processKill', 'slave'), strike('processKill', 'broker', [ms(1), seconds(12)])]],
]

export const copying: Shape = {
  ...usual,
  configs: [],
  segments: { permille: 0, bytes: [1024, 1024] },
  // As shipped a client gives up in the moment in which its broker gives up on the slaves.
  settings: [
    [60, {}],
    [40, { slaveTimeoutUs: seconds(1) }],
  ],
  slaves: [
    [80, 1],
    [20, 2],
  ],
  operations: [
    [30, [1, 4]],
    [70, [3, 14]],
  ],
  spanUs: [seconds(1), seconds(25)],
  faultlessPermille: 80,
  kinds: [
    [20, 'processKill'],
    [16, 'powerLoss'],
    [8, 'gracefulRestart'],
    [12, 'diskLoss'],
    [6, 'pause'],
    [2, 'diskFull'],
    [2, 'diskSlow'],
    [4, 'diskStall'],
    [3, 'forceFails'],
    [1, 'forceLies'],
    [1, 'bitCorruption'],
    [2, 'clockJump'],
    [6, 'netLoss'],
    [3, 'netDelay'],
    [3, 'netDuplicate'],
    [3, 'netReorder'],
    [10, 'cut'],
  ],
  roles: [
    [50, 'broker'],
    [28, 'slave'],
    [12, 'consumer'],
    [10, 'producer'],
  ],
  combinations: AROUND_COPIES,
  combinedPermille: 500,
}

/** The master answers before its slaves have anything. */
export const replicated: Shape = {
  ...copying,
  configs: [
    [3, of('ASYNC_FLUSH', 'rocketmq-5.5', {})],
    [2, of('SYNC_FLUSH', 'rocketmq-5.5', {})],
    [3, of('ASYNC_FLUSH', 'hardened', {})],
    [2, of('SYNC_FLUSH', 'hardened', {})],
  ],
}

/** A master goes before its consumers have read what its slave has, and stays away for longer than routes need to tell. */
export const orphaned: Shape = {
  ...copying,
  configs: [
    [2, of('ASYNC_FLUSH', 'rocketmq-5.5', {})],
    [1, of('SYNC_FLUSH', 'rocketmq-5.5', {})],
    [1, { flushDiskType: 'ASYNC_FLUSH', preset: 'rocketmq-5.5' }],
    [2, of('ASYNC_FLUSH', 'hardened', {})],
    [2, of('SYNC_FLUSH', 'hardened', {})],
  ],
  spanUs: [ms(50), seconds(70)],
  clusters: [
    [60, 1],
    [40, 2],
  ],
  faultlessPermille: 0,
  bursts: [[1, 1]],
  strays: [
    [85, 0],
    [15, 1],
  ],
  outageUs: [seconds(65), seconds(100)],
  combinations: [[1, [strike('processKill', 'broker', [ms(110), ms(480)])]]],
  combinedPermille: 900,
}

/** Messages that a master soon calls old: it tells consumers to read them from its slave. */
const OLD_SOON: Config = { inMemoryBytes: 400 }

/** Readers are sent from master to slave and back: told so, or because the master is gone, with slaves that are behind or alone. */
export const redirected: Shape = {
  ...copying,
  configs: [
    [2, of('ASYNC_FLUSH', 'rocketmq-5.5', {})],
    [1, of('SYNC_FLUSH', 'rocketmq-5.5', {})],
    [3, of('ASYNC_FLUSH', 'hardened', {})],
    [3, of('SYNC_FLUSH', 'hardened', {})],
  ],
  settings: [
    [60, OLD_SOON],
    [40, {}],
  ],
  operations: [[1, [6, 20]]],
  sizes: [[1, [50, 300]]],
  spanUs: [seconds(5), seconds(150)],
  clusters: [
    [40, 1],
    [60, 2],
  ],
  consumers: [
    [60, 1],
    [40, 2],
  ],
  faultlessPermille: 100,
  bursts: [[1, 1]],
  strays: [
    [80, 0],
    [20, 1],
  ],
  kinds: [
    [35, 'processKill'],
    [15, 'gracefulRestart'],
    [20, 'cut'],
    [10, 'pause'],
    [10, 'netLoss'],
    [5, 'powerLoss'],
    [5, 'diskLoss'],
  ],
  outageUs: [seconds(1), seconds(100)],
  combinations: [
    // Who comes while the master is gone is told by its slave where its group stands.
    [5, [strike('processKill', 'broker', [ms(1), seconds(20)]), strike('processKill', 'consumer', [seconds(1), seconds(8)])]],
    // A slave falls behind, and is read all the same.
    [3, [strike('pause', 'slave')]],
    [3, [strike('cut', 'slave')]],
    [3, [strike('processKill', 'broker', [ms(1), seconds(2)])]],
  ],
  combinedPermille: 700,
}

const WAITING: Config = { brokerRole: 'SYNC_MASTER', parameters: { inSyncReplicas: 2 } }
/** It waits for one of them, or, as shipped, says that it does and waits for nobody. */
export const syncReplicated: Shape = {
  ...copying,
  configs: [
    [3, of('ASYNC_FLUSH', 'rocketmq-5.5', WAITING)],
    [2, of('SYNC_FLUSH', 'rocketmq-5.5', WAITING)],
    [2, of('ASYNC_FLUSH', 'rocketmq-5.5', { brokerRole: 'SYNC_MASTER' })],
    [4, of('ASYNC_FLUSH', 'hardened', WAITING)],
    [4, of('SYNC_FLUSH', 'hardened', WAITING)],
  ],
}
