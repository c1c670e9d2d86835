/** Administrators who look for messages by keys, two of which hash alike, by ids, and by what clients tell of them, while brokers die and come back. */
import { seconds } from '../plan/units.ts'
import type { Weighted } from './draw.ts'
import { AS_SHIPPED, HARDENED, usual, type Config, type Shape } from './shapes.ts'

export const querying: Shape = {
  ...usual,
  keys: { permille: 850, count: [2, 3], of: ['Aa', 'BB', 'k1'] },
  segments: { permille: 250, bytes: [1024, 6144] },
  brokers: [
    [60, 1],
    [40, 2],
  ],
  topics: [
    [80, 1],
    [20, 2],
  ],
  items: [
    [52, 'send'],
    [38, 'query'],
    [5, 'batch'],
    [5, 'transaction'],
  ],
  operations: [
    [30, [3, 8]],
    [70, [6, 16]],
  ],
  spanUs: [seconds(1), seconds(30)],
  failingPermille: 50,
  faultlessPermille: 150,
  kinds: [
    [30, 'processKill'],
    [12, 'gracefulRestart'],
    [18, 'powerLoss'],
    [3, 'bitCorruption'],
    [2, 'diskLoss'],
    [2, 'forceLies'],
    [3, 'forceFails'],
    [2, 'diskFull'],
    [2, 'diskStall'],
    [6, 'pause'],
    [6, 'clockJump'],
    [6, 'cut'],
    [5, 'netLoss'],
    [3, 'netDelay'],
    [2, 'netDuplicate'],
    [2, 'netReorder'],
  ],
  roles: [
    [75, 'broker'],
    [5, 'consumer'],
    [20, 'producer'],
  ],
}

const traced = (configs: Weighted<Config>): Weighted<Config> =>
  configs.map(([weight, config]) => [weight, { ...config, traceTopicEnable: true, enableMsgTrace: true }] as const)

/** Clients that trace their messages, some with room for few lines, on brokers that keep the traces. */
export const tracing: Shape = {
  ...querying,
  configs: traced([...AS_SHIPPED, ...HARDENED]),
  settings: [
    [75, {}],
    [15, { syncFlushTimeoutUs: 500_000 }],
    [10, { traceQueueMax: 2 }],
  ],
  asked: [
    [80, 'trace'],
    [10, 'msgId'],
    [10, 'key'],
  ],
  failingPermille: 500,
  faultlessPermille: 350,
  kinds: [...querying.kinds, [10, 'processKill'], [10, 'gracefulRestart']],
  roles: [
    [45, 'broker'],
    [30, 'consumer'],
    [25, 'producer'],
  ],
}
