/** Brokers whose masters controllers elect: they are killed, stand still, and are cut off from those who elect, from their slaves, or from everybody. */
import { ms, seconds } from '../plan/units.ts'
import { strike, type Combination } from './combinations.ts'
import type { Range, Weighted } from './draw.ts'
import { QUICK_TERMS } from './ledger-shapes.ts'
import { usual, type Config, type Shape } from './shapes.ts'

type Flush = 'SYNC_FLUSH' | 'ASYNC_FLUSH'

export const of = (flushDiskType: Flush, preset: 'rocketmq-5.5' | 'hardened', more: Config): Config => ({
  flushDiskType,
  preset,
  enableControllerMode: true,
  retry: 'local',
  ...more,
})
const ALL: Config = { allAckInSyncStateSet: true }
const TWO: Config = { ...ALL, parameters: { minInSyncReplicas: 2 } }

/** As where elections were seen on real brokers (RML-043 to RML-054): they take four seconds, and not fifteen. */
export const QUICK_ELECTIONS = {
  controllerExpiryUs: seconds(3),
  controllerHeartbeatUs: ms(500),
  controllerScanUs: ms(500),
  rolePollUs: seconds(1),
  checkSyncStateSetUs: seconds(1),
  notCaughtUpUs: seconds(3),
  slaveTimeoutUs: seconds(1),
}

const AT_WORK: Range = [ms(1), seconds(2)]
const LATER: Range = [ms(1), seconds(12)]

/** The master's end, and what becomes of one that does not know of it. */
const ENDS: Weighted<Combination> = [
  [8, [strike('processKill', 'broker', AT_WORK)]],
  [10, [strike('pause', 'broker', AT_WORK)]],
  [18, [strike('cut', 'controller', AT_WORK)]],
  [5, [strike('powerLoss', 'broker', AT_WORK)]],
  [4, [strike('processKill', 'controller', AT_WORK), strike('processKill', 'broker', LATER)]],
]
/** The operation is in between: its message can not get to the slave, which then is all that is left; or which is no member any more. */
const BEHIND: Weighted<Combination> = [
  [18, [strike('cut', 'slave'), strike('processKill', 'broker', [ms(110), seconds(6)])]],
  [6, [strike('cut', 'slave'), strike('processKill', 'broker', [seconds(7), seconds(25)])]],
  [4, [strike('processKill', 'slave', AT_WORK), strike('processKill', 'broker', LATER)]],
]

export const controlled: Shape = {
  ...usual,
  configs: [
    [2, of('ASYNC_FLUSH', 'rocketmq-5.5', {})],
    [1, of('SYNC_FLUSH', 'rocketmq-5.5', {})],
    [2, of('ASYNC_FLUSH', 'rocketmq-5.5', ALL)],
    [1, of('ASYNC_FLUSH', 'rocketmq-5.5', TWO)],
    [8, of('ASYNC_FLUSH', 'hardened', ALL)],
    [2, of('SYNC_FLUSH', 'hardened', ALL)],
    [2, of('ASYNC_FLUSH', 'hardened', TWO)],
    [8, of('ASYNC_FLUSH', 'hardened', {})],
    [1, of('ASYNC_FLUSH', 'rocketmq-5.5', { enableElectUncleanMaster: true })],
  ],
  segments: { permille: 0, bytes: [1024, 1024] },
  // Clients that look for the new master sooner than after half a minute meet the old one, too.
  settings: [
    [25, {}],
    [15, { routePollUs: seconds(2) }],
    [60, QUICK_ELECTIONS],
  ],
  slaves: [
    [75, 1],
    [25, 2],
  ],
  items: [[1, 'send']],
  operations: [
    [30, [2, 6]],
    [70, [6, 18]],
  ],
  spanUs: [seconds(2), seconds(30)],
  failingPermille: 0,
  faultlessPermille: 60,
  kinds: [
    [20, 'processKill'],
    [8, 'powerLoss'],
    [8, 'gracefulRestart'],
    [3, 'diskLoss'],
    [22, 'pause'],
    [2, 'diskSlow'],
    [2, 'diskStall'],
    [2, 'forceFails'],
    [1, 'bitCorruption'],
    [3, 'clockJump'],
    [3, 'clockDrift'],
    [6, 'netLoss'],
    [4, 'netDelay'],
    [3, 'netDuplicate'],
    [3, 'netReorder'],
    [22, 'cut'],
  ],
  roles: [
    [48, 'broker'],
    [24, 'slave'],
    [14, 'controller'],
    [7, 'consumer'],
    [7, 'producer'],
  ],
  outageUs: [ms(100), seconds(30)],
  windowUs: [seconds(5), seconds(30)],
  pauseUs: [ms(500), seconds(25)],
  combinations: [...ENDS, ...BEHIND],
  combinedPermille: 650,
}

/** A master's machine goes without a word, and stays away for longer than an election takes. */
const abandoned: Shape = {
  ...controlled,
  faultlessPermille: 0,
  bursts: [[1, 1]],
  strays: [[1, 0]],
  outageUs: [seconds(25), seconds(40)],
  combinations: [[1, [strike('powerLoss', 'broker', AT_WORK)]]],
  combinedPermille: 1000,
}

/** A failover, and those who decide it: whoever leads them goes, comes back, or is on the other side of a cut. */
const AMONG_CONTROLLERS: Weighted<Combination> = [
  [6, [strike('processKill', 'leader', AT_WORK)]],
  // The others have not heard the master, whom the leader has heard just now.
  [14, [strike('cut', 'controller', AT_WORK), strike('processKill', 'leader', [seconds(1), seconds(6)])]],
  [10, [strike('processKill', 'broker', AT_WORK), strike('processKill', 'leader', [1, ms(5)])]],
  [8, [strike('pause', 'leader', AT_WORK), strike('processKill', 'broker', LATER)]],
  [6, [strike('pause', 'broker', AT_WORK), strike('processKill', 'leader', LATER)]],
  [14, [strike('cut', 'zone', AT_WORK)]],
  [14, [strike('cut', 'zone', AT_WORK), strike('processKill', 'broker', [ms(1), seconds(4)])]],
  [6, [strike('cut', 'zone', AT_WORK), strike('processKill', 'broker', LATER)]],
  [6, [strike('cut', 'zone', AT_WORK), strike('cut', 'zone', LATER)]],
  [4, [strike('powerLoss', 'controller', AT_WORK), strike('processKill', 'broker', LATER)]],
  [2, [strike('diskLoss', 'controller', AT_WORK), strike('cut', 'zone', LATER)]],
]

/** The same, decided by three. */
const decidedByThree: Shape = {
  ...controlled,
  controllers: [[1, 3]],
  configs: [
    [1, of('ASYNC_FLUSH', 'rocketmq-5.5', {})],
    [2, of('ASYNC_FLUSH', 'rocketmq-5.5', ALL)],
    [1, of('SYNC_FLUSH', 'rocketmq-5.5', TWO)],
    [10, of('ASYNC_FLUSH', 'hardened', ALL)],
    [4, of('SYNC_FLUSH', 'hardened', ALL)],
    [2, of('ASYNC_FLUSH', 'hardened', TWO)],
    [6, of('ASYNC_FLUSH', 'hardened', {})],
  ],
  // Who leads the controllers goes on for six seconds by itself as shipped, and for half a second in quick terms.
  settings: [
    [15, {}],
    [45, { ...QUICK_ELECTIONS, controllerMetadataUs: seconds(2) }],
    [40, { ...QUICK_ELECTIONS, ...QUICK_TERMS, controllerMetadataUs: seconds(2) }],
  ],
  slaves: [
    [50, 1],
    [50, 2],
  ],
  roles: [
    [30, 'broker'],
    [20, 'slave'],
    [40, 'controller'],
    [5, 'consumer'],
    [5, 'producer'],
  ],
  combinations: [...AMONG_CONTROLLERS, ...ENDS.slice(0, 3)],
}

/** Whoever leads them is gone for a moment, and comes back not knowing what was decided. */
const leaderBlinks: Shape = {
  ...decidedByThree,
  // Brokers that ask often meet it before it knows.
  settings: [[1, { ...QUICK_ELECTIONS, controllerMetadataUs: seconds(2), rolePollUs: ms(100) }]],
  faultlessPermille: 0,
  bursts: [[1, 1]],
  strays: [[1, 0]],
  outageUs: [ms(20), seconds(1)],
  combinations: [
    [3, [strike('processKill', 'leader', AT_WORK)]],
    [1, [strike('processKill', 'broker', AT_WORK), strike('processKill', 'leader', [1, ms(5)])]],
  ],
  combinedPermille: 1000,
}

/** A master has the word of a controller that leads no more when others elect: it has died, or is cut off with its master. */
const vouchedFor: Shape = {
  ...leaderBlinks,
  configs: [
    [5, of('ASYNC_FLUSH', 'hardened', {})],
    [1, of('ASYNC_FLUSH', 'hardened', ALL)],
  ],
  settings: [[1, { ...QUICK_ELECTIONS, ...QUICK_TERMS, controllerMetadataUs: seconds(2) }]],
  // Somebody sends all along: in the second in which there are two masters, too.
  operations: [[1, [20, 30]]],
  clusters: [[1, 16]],
  spanUs: [seconds(9), seconds(12)],
  windowUs: [seconds(12), seconds(30)],
  outageUs: [seconds(5), seconds(20)],
  pairsOnly: true,
  combinations: [
    [3, [strike('cut', 'followers', [ms(1), ms(500)]), strike('processKill', 'leader', [seconds(3), ms(4500)])]],
    [2, [strike('cut', 'room', AT_WORK)]],
  ],
}

export const successions: Weighted<Shape> = [
  [1, leaderBlinks],
  [1, vouchedFor],
]

export const quorums: Weighted<Shape> = [[1, decidedByThree]]

/** Masters that are killed, stand still and are cut off; now and then, one without whom nobody is left; and some whom three elect. */
export const elections: Weighted<Shape> = [
  [14, controlled],
  [2, abandoned],
  [2, decidedByThree],
]
