/** Groups that begin elsewhere than at the beginning, and are moved. */
import { strike } from './combinations.ts'
import { seconds } from '../plan/units.ts'
import { consuming, type Shape } from './shapes.ts'

/** Groups that begin at the end, at the beginning or at a time, in queues that are old soon, and an administrator who moves them. */
export const moved: Shape = {
  ...consuming,
  segments: { permille: 0, bytes: [1024, 1024] },
  settings: [
    [35, {}],
    [35, { inMemoryBytes: 1 }],
    [30, { inMemoryBytes: 1, offsetFirstPersistUs: seconds(1), offsetPersistUs: seconds(1), offsetFlushUs: seconds(1) }],
  ],
  starts: [
    [35, 'last'],
    [25, 'first'],
    [40, 'time'],
  ],
  churn: [
    [40, 0],
    [40, 1],
    [20, 2],
  ],
  listeners: [
    [85, 'concurrently'],
    [15, 'orderly'],
  ],
  items: [
    [75, 'send'],
    [3, 'transaction'],
    [22, 'resetOffset'],
  ],
  operations: [
    [30, [2, 6]],
    [70, [4, 14]],
  ],
  // Mostly before the first progress is told.
  spanUs: [seconds(1), seconds(14)],
  faultlessPermille: 200,
  combinations: [[1, [strike('processKill', 'consumer')]]],
  combinedPermille: 500,
}
