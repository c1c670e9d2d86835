/** The shapes of runs in which something grows or moves: topics that get other numbers of queues, and a backlog on its way to another topic. */
import { strike } from './combinations.ts'
import { ms, seconds } from '../plan/units.ts'
import { consuming, usual, type Shape } from './shapes.ts'

/** Topics are given more queues, or fewer, while they are in use: mostly as it should be done. */
export const resizing: Shape = {
  ...usual,
  // Some groups are slow: the operator has to wait for them.
  settings: [
    [75, {}],
    [25, { listenerUs: seconds(4), consumeThreads: 1 }],
  ],
  segments: { permille: 0, bytes: [1024, 1024] },
  brokers: [
    [70, 1],
    [30, 2],
  ],
  topics: [
    [85, 1],
    [15, 2],
  ],
  queues: [
    [20, 1],
    [35, 2],
    [45, 4],
  ],
  consumers: [
    [40, 1],
    [40, 2],
    [20, 3],
  ],
  items: [[1, 'send']],
  resizings: [
    [35, 'grow'],
    [8, 'grow readers first'],
    [32, 'shrink'],
    [15, 'shrink and grow again'],
    [4, 'shrink in haste'],
    [3, 'shrink readers first'],
    [3, 'shrink at once'],
  ],
  operations: [
    [30, [1, 4]],
    [55, [3, 10]],
    [15, [8, 16]],
  ],
  sizes: [[1, [1, 200]]],
  spanUs: [seconds(5), seconds(120)],
  faultlessPermille: 150,
  kinds: [
    [34, 'processKill'],
    [10, 'gracefulRestart'],
    [8, 'pause'],
    [14, 'netLoss'],
    [6, 'netDelay'],
    [4, 'netDuplicate'],
    [4, 'netReorder'],
    [8, 'cut'],
    [4, 'powerLoss'],
  ],
  roles: [
    [35, 'broker'],
    [45, 'consumer'],
    [12, 'producer'],
    [8, 'nameserver'],
  ],
  outageUs: [ms(1), seconds(150)],
  combinations: [
    // The broker forgets, or a group stands still, between two steps of the operator.
    [5, [strike('processKill', 'broker', [seconds(1), seconds(60)])]],
    [3, [strike('gracefulRestart', 'broker', [seconds(1), seconds(60)])]],
    [3, [strike('processKill', 'consumer')]],
  ],
  combinedPermille: 400,
}

/** A backlog is moved through a topic with more queues, mostly by forwarders that wait for their copies, which die meanwhile. */
export const moving: Shape = {
  ...consuming,
  settings: [
    [60, {}],
    [40, { offsetFirstPersistUs: seconds(1), offsetPersistUs: seconds(1), offsetFlushUs: seconds(1) }],
  ],
  segments: { permille: 0, bytes: [1024, 1024] },
  brokers: [
    [70, 1],
    [30, 2],
  ],
  topics: [[1, 2]],
  groups: [[1, 2]],
  forwards: [
    [90, 'after-ack'],
    [6, 'before'],
    [4, 'never'],
  ],
  items: [
    [97, 'send'],
    [3, 'transaction'],
  ],
  failingPermille: 250,
  faultlessPermille: 80,
  kinds: [
    [40, 'processKill'],
    [12, 'gracefulRestart'],
    [10, 'pause'],
    [16, 'netLoss'],
    [6, 'netDelay'],
    [4, 'netDuplicate'],
    [10, 'cut'],
    [3, 'diskFull'],
    [4, 'powerLoss'],
  ],
  roles: [
    [40, 'broker'],
    [50, 'consumer'],
    [10, 'producer'],
  ],
}
