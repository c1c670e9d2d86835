/** Brokers whose slaves stand in for them: masters are away for seconds or minutes, or are there and not heard of, while groups go on in order. */
import { ms, seconds } from '../plan/units.ts'
import { strike, type Combination } from './combinations.ts'
import type { Range, Weighted } from './draw.ts'
import { copying } from './replica-shapes.ts'
import type { Config, Shape } from './shapes.ts'

const of = (flushDiskType: 'SYNC_FLUSH' | 'ASYNC_FLUSH', preset: 'rocketmq-5.5' | 'hardened'): Config => ({
  flushDiskType,
  preset,
  slaveReadEnable: true,
  enableSlaveActingMaster: true,
})

const AT_WORK: Range = [ms(110), seconds(2)]
/** For longer than a lock lives, and a lease of a minute after it. */
const LONG: Range = [seconds(60), seconds(80)]

const ABSENCES: Weighted<Combination> = [
  [8, [strike('processKill', 'broker', AT_WORK)]],
  [4, [strike('gracefulRestart', 'broker', AT_WORK)]],
  [3, [strike('powerLoss', 'broker', AT_WORK)]],
  // Its NameServers do not hear of it, and its clients may.
  [4, [strike('cut', 'nameserver', AT_WORK)]],
  [3, [strike('pause', 'broker', AT_WORK)]],
  // Who comes while the slave stands in is told by it where its group stands.
  [5, [strike('processKill', 'broker', AT_WORK), strike('processKill', 'consumer', [seconds(1), seconds(30)])]],
  [3, [strike('processKill', 'broker', AT_WORK), strike('processKill', 'slave', LONG)]],
  // A master comes back while its slave can't say what it knows.
  [3, [strike('processKill', 'broker', AT_WORK), strike('cut', 'slave', [seconds(1), seconds(60)])]],
]

const usually: Shape = {
  ...copying,
  configs: [
    [3, of('ASYNC_FLUSH', 'rocketmq-5.5')],
    [2, of('SYNC_FLUSH', 'rocketmq-5.5')],
    [3, of('ASYNC_FLUSH', 'hardened')],
    [2, of('SYNC_FLUSH', 'hardened')],
  ],
  settings: [
    [70, {}],
    [30, { routePollUs: seconds(2) }],
  ],
  listeners: [
    [70, 'orderly'],
    [30, 'concurrently'],
  ],
  consumers: [
    [40, 1],
    [60, 2],
  ],
  items: [
    [93, 'send'],
    [7, 'transaction'],
  ],
  delays: {
    permille: 150,
    levels: [
      [3, { level: 1, us: seconds(1) }],
      [2, { level: 2, us: seconds(5) }],
      [1, { level: 3, us: seconds(10) }],
    ],
  },
  operations: [[1, [3, 14]]],
  sizes: [[1, [1, 200]]],
  spanUs: [ms(50), seconds(90)],
  clusters: [
    [40, 1],
    [60, 2],
  ],
  failingPermille: 150,
  faultlessPermille: 60,
  bursts: [[1, 1]],
  strays: [
    [80, 0],
    [20, 1],
  ],
  outageUs: [seconds(20), seconds(160)],
  windowUs: [seconds(5), seconds(60)],
  pauseUs: [seconds(5), seconds(60)],
  combinations: ABSENCES,
  combinedPermille: 800,
}

/** A master goes before its groups have read what its slave has, and stays away for longer than its locks would have lived. */
const left: Shape = {
  ...usually,
  listeners: [[1, 'orderly']],
  delays: { permille: 0, levels: [] },
  operations: [[1, [3, 8]]],
  spanUs: [ms(50), seconds(5)],
  failingPermille: 0,
  faultlessPermille: 0,
  strays: [[1, 0]],
  outageUs: [seconds(125), seconds(180)],
  combinations: [[1, [strike('processKill', 'broker', [ms(110), ms(480)])]]],
  combinedPermille: 1000,
}

export const standingIn: Weighted<Shape> = [
  [5, usually],
  [1, left],
]
