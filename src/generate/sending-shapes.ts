/** Shapes of runs in which it matters which broker a producer sends to. */
import { ms, seconds } from '../plan/units.ts'
import type { Weighted } from './draw.ts'
import { routing, usual, type Config, type Shape } from './shapes.ts'
import { strike, type Combination } from './combinations.ts'

const tolerant = (configs: Shape['configs']): Shape['configs'] =>
  configs.map(([weight, config]): readonly [number, Config] => [weight, { ...config, sendLatencyFaultEnable: true }])
/** Some send again what was stored without the promise of its flush mode (RMQ-082), and wait less long to hear of that. */
const insisting = (configs: Shape['configs']): Shape['configs'] => [
  ...configs.map(([weight, config]): readonly [number, Config] => [3 * weight, config]),
  ...configs.map(([weight, config]): readonly [number, Config] => [
    weight,
    { ...config, retryAnotherBrokerWhenNotStoreOK: true, parameters: { syncFlushTimeoutUs: ms(500) } },
  ]),
]

/** A broker is slow, or fails, just before the next message. */
const SLOW: Weighted<Combination> = [
  [3, [strike('processKill', 'broker')]],
  [6, [strike('pause', 'broker', [100, ms(3)])]],
  [7, [strike('netDelay', 'producer')]],
  [2, [strike('cut', 'producer')]],
  [2, [strike('diskStall', 'broker')]],
]

/** Producers that leave slow and failing brokers alone, and go on sending. */
export const tolerating: Shape = {
  ...usual,
  configs: insisting(tolerant(usual.configs)),
  settings: [
    [70, {}],
    [30, { sendTimeoutUs: seconds(10) }],
  ],
  segments: { permille: 0, bytes: [1024, 1024] },
  brokers: [
    [60, 2],
    [40, 3],
  ],
  topics: [
    [85, 1],
    [15, 2],
  ],
  producers: [
    [60, 1],
    [30, 2],
    [10, 3],
  ],
  items: [
    [78, 'send'],
    [6, 'batch'],
    [16, 'transaction'],
  ],
  operations: [
    [50, [4, 12]],
    [50, [8, 24]],
  ],
  sizes: [[1, [1, 200]]],
  spanUs: [seconds(1), seconds(40)],
  faultlessPermille: 100,
  kinds: [
    [20, 'processKill'],
    [6, 'gracefulRestart'],
    [18, 'pause'],
    [18, 'netDelay'],
    [8, 'netLoss'],
    [8, 'cut'],
    [6, 'diskStall'],
    [5, 'diskSlow'],
    [4, 'powerLoss'],
    [3, 'diskFull'],
    [2, 'clockJump'],
    [2, 'clockDrift'],
  ],
  roles: [
    [60, 'broker'],
    [35, 'producer'],
    [3, 'consumer'],
    [2, 'nameserver'],
  ],
  outageUs: [ms(100), seconds(40)],
  windowUs: [ms(100), seconds(20)],
  pauseUs: [ms(200), seconds(20)],
  combinations: SLOW,
  combinedPermille: 600,
}

/** The same, while routes change. */
export const toleratingRoutes: Shape = { ...routing, configs: tolerant(routing.configs), operations: tolerating.operations }
