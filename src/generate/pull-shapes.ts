/** Applications that ask for their messages. */
import { ms, seconds } from '../plan/units.ts'
import { consuming, type Shape } from './shapes.ts'

/** Applications that ask for their messages, which die, stand still and share queues out anew with some of them done and not committed. */
export const asking: Shape = {
  ...consuming,
  consumptions: [
    [90, 'pull'],
    [10, 'push'],
  ],
  segments: { permille: 0, bytes: [1024, 1024] },
  settings: [
    [40, {}],
    [30, { autoCommitUs: seconds(1), offsetFirstPersistUs: seconds(1), offsetPersistUs: seconds(1), offsetFlushUs: seconds(1) }],
    [30, { listenerUs: ms(300) }],
  ],
  queues: [
    [40, 1],
    [35, 2],
    [25, 3],
  ],
  churn: [
    [60, 0],
    [25, 1],
    [15, 2],
  ],
  spanUs: [seconds(1), seconds(40)],
  faultlessPermille: 150,
}

/** The same, by applications that go elsewhere in their queues, let them rest, and in part choose them by hand. */
export const steering: Shape = {
  ...asking,
  consumptions: [[1, 'pull']],
  steerings: [
    [40, 1],
    [40, 2],
    [20, 4],
  ],
  assignPermille: 300,
  // What is brought back is owed where nothing disturbs the run.
  faultlessPermille: 500,
}
