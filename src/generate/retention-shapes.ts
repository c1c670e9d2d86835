/** Logs whose files are deleted: in their time, while groups are away, or since the disk is full. */
import { strike } from './combinations.ts'
import { seconds } from '../plan/units.ts'
import { consuming, usual, type Shape } from './shapes.ts'

/** Room for one message of the larger sort. */
const SEGMENT = 400

/**
 * Files that are kept for some seconds instead of days, and groups that are away for longer. A run begins at a quarter to two in the morning: with the
 * hour that it has now files go as soon as they have had their time, with the usual one only where space is short.
 */
export const expiring: Shape = {
  ...consuming,
  segments: { permille: 1000, bytes: [700, 3000] },
  settings: [
    [50, { fileReservedUs: seconds(10), cleanFirstUs: seconds(10) }],
    [20, { fileReservedUs: seconds(30) }],
    [15, { fileReservedUs: seconds(15), cleanFirstUs: seconds(10), diskBytes: 20_000 }],
    [15, { fileReservedUs: seconds(15), cleanFirstUs: seconds(10), deleteFilesMax: 2 }],
  ],
  consumers: [
    [80, 1],
    [20, 2],
  ],
  queues: [
    [70, 1],
    [30, 2],
  ],
  items: [
    [87, 'send'],
    [3, 'transaction'],
    [10, 'resetOffset'],
  ],
  operations: [
    [50, [6, 14]],
    [50, [10, 24]],
  ],
  sizes: [[1, [1, 200]]],
  spanUs: [seconds(20), seconds(120)],
  clusters: [
    [40, 2],
    [60, 3],
  ],
  churn: [
    [25, 0],
    [50, 1],
    [25, 3],
  ],
  roles: [
    [30, 'broker'],
    [65, 'consumer'],
    [5, 'producer'],
  ],
  faultlessPermille: 150,
  kinds: [
    [40, 'processKill'],
    [15, 'gracefulRestart'],
    [10, 'powerLoss'],
    [8, 'pause'],
    [8, 'cut'],
    [6, 'netLoss'],
    [5, 'clockJump'],
    [3, 'diskFull'],
  ],
  outageUs: [seconds(5), seconds(90)],
  pauseUs: [seconds(1), seconds(60)],
  combinedPermille: 100,
}

/** Disks of a few files, and disks that something else fills: what is oldest goes, and nothing is stored for a while. */
export const filling: Shape = {
  ...usual,
  segments: { permille: 1000, bytes: [SEGMENT, SEGMENT] },
  settings: [
    [40, { diskBytes: 5 * SEGMENT, cleanFirstUs: seconds(10) }],
    [20, { diskBytes: 14 * SEGMENT }],
    [40, { cleanFirstUs: seconds(10) }],
  ],
  groups: [
    [60, 1],
    [40, 2],
  ],
  items: [
    [97, 'send'],
    [3, 'transaction'],
  ],
  operations: [
    [40, [8, 16]],
    [60, [16, 32]],
  ],
  spanUs: [seconds(5), seconds(90)],
  faultlessPermille: 100,
  kinds: [
    [45, 'diskFull'],
    [20, 'processKill'],
    [10, 'gracefulRestart'],
    [8, 'powerLoss'],
    [6, 'diskStall'],
    [6, 'pause'],
    [5, 'netLoss'],
  ],
  combinations: [
    [3, [strike('diskFull', 'broker')]],
    [1, [strike('processKill', 'consumer'), strike('diskFull', 'broker', [1000, seconds(5)])]],
  ],
  windowUs: [seconds(1), seconds(60)],
  outageUs: [seconds(1), seconds(60)],
}

/** The hour at which a run begins is among those of `deleteWhen`, mostly. */
export const deleting = (shape: Shape): Shape => ({
  ...shape,
  configs: shape.configs.flatMap(([weight, config]) => [
    [7 * weight, { ...config, deleteWhen: '01' }],
    [3 * weight, config],
  ]),
})
