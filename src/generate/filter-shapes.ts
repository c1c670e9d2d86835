/** Groups that choose their messages. */
import { seconds } from '../plan/units.ts'
import { consuming, type Shape } from './shapes.ts'

/** Groups that want some tags, of which two have one hash, and members and brokers that die while most of a queue is for others. */
export const tagged: Shape = {
  ...consuming,
  tags: {
    permille: 850,
    of: ['Aa', 'BB', 'a', 'b', 'c'],
    wanted: [
      [15, '*'],
      [25, 'Aa'],
      [20, 'a || b'],
      [15, 'Aa || c'],
      [15, 'b || BB'],
      [10, 'a'],
    ],
  },
  segments: { permille: 150, bytes: [1024, 6144] },
  groups: [
    [50, 1],
    [35, 2],
    [15, 3],
  ],
  consumptions: [
    [88, 'push'],
    [12, 'pull'],
  ],
  listeners: [
    [85, 'concurrently'],
    [15, 'orderly'],
  ],
  broadcastPermille: 100,
  churn: [
    [70, 0],
    [20, 1],
    [10, 2],
  ],
  items: [
    [82, 'send'],
    [12, 'transaction'],
    [6, 'batch'],
  ],
  operations: [
    [30, [2, 6]],
    [70, [4, 14]],
  ],
  spanUs: [seconds(1), seconds(30)],
  faultlessPermille: 150,
  roles: [
    [45, 'broker'],
    [50, 'consumer'],
    [5, 'producer'],
  ],
}
