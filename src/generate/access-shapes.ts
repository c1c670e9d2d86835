/** Accounts that may do some things and not others, with brokers that go by them, and with some that do not. */
import type { Weighted } from './draw.ts'
import { querying } from './query-shapes.ts'
import { HARDENED, type Config, type Shape } from './shapes.ts'

/** Brokers that ask nobody who he is, as shipped. */
export const openToAll: Shape = {
  ...querying,
  accountPermille: 600,
  segments: { permille: 0, bytes: [1024, 1024] },
  topics: [
    [50, 1],
    [50, 2],
  ],
  producers: [
    [30, 1],
    [70, 2],
  ],
  items: [
    [75, 'send'],
    [12, 'query'],
    [4, 'batch'],
    [5, 'transaction'],
    [4, 'createTopic'],
  ],
  operations: [
    [50, [1, 5]],
    [50, [3, 10]],
  ],
  faultlessPermille: 300,
}

const asking = (configs: Shape['configs']): Weighted<Config> =>
  configs.map(([weight, config]) => [weight, { ...config, authorizationEnabled: true }] as const)

export const guarded: Shape = { ...openToAll, configs: asking(openToAll.configs) }
/** Every known deviation repaired, too. */
export const guardedHardened: Shape = { ...openToAll, configs: asking(HARDENED) }
