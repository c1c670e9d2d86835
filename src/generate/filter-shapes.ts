/** Groups that choose their messages. */
import { seconds } from '../plan/units.ts'
import type { Weighted } from './draw.ts'
import { AS_SHIPPED, consuming, HARDENED, type Config, type Shape } from './shapes.ts'

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

/** The option without which brokers refuse every selector. */
const understanding = (configs: Weighted<Config>): Weighted<Config> =>
  configs.map(([weight, config]) => [weight, { ...config, enablePropertyFilter: true }] as const)

/** Properties that are there or not, and are numbers or not, and selectors over them, some of which are refused. */
export const PAYMENTS: Shape['properties'] = {
  permille: 600,
  of: [
    ['amount', ['5', '50', '150', '1.5', 'many', '']],
    ['type', ['pay', 'refund', 'it']],
  ],
  wanted: [
    [20, "amount > 100 AND type = 'pay'"],
    [15, 'amount BETWEEN 1 AND 60'],
    [15, "type <> 'pay' OR amount IS NULL"],
    [15, 'NOT (amount > 10)'],
    [10, 'amount > 1.0'],
    [10, "type IN ('pay', 'refund')"],
    [5, 'type IS NOT NULL'],
    [5, "type STARTSWITH 'p'"],
    [3, 'amount >'],
    [2, 'type = NULL'],
  ],
}

/** Every known deviation repaired, and selectors understood. */
export const selectingHardened = (shape: Shape): Shape => ({ ...shape, configs: understanding(HARDENED) })

/** Groups that bring selectors. */
export const selecting: Shape = {
  ...tagged,
  configs: understanding(AS_SHIPPED),
  tags: { permille: 0, of: [], wanted: [] },
  properties: PAYMENTS,
}
