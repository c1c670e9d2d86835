/** Brokers whose masters an administrator chooses: slaves are promoted in good order, after their master's end, and while they are behind. */
import { ms, seconds } from '../plan/units.ts'
import { strike, type Combination } from './combinations.ts'
import type { Range, Weighted } from './draw.ts'
import { copying } from './replica-shapes.ts'
import type { Config, Shape } from './shapes.ts'

type Flush = 'SYNC_FLUSH' | 'ASYNC_FLUSH'

const of = (flushDiskType: Flush, preset: 'rocketmq-5.5' | 'hardened', more: Config = {}): Config => ({
  flushDiskType,
  preset,
  retry: 'local',
  ...more,
})
const WAITING: Config = { brokerRole: 'SYNC_MASTER', parameters: { inSyncReplicas: 2 } }

const AT_WORK: Range = [ms(1), seconds(2)]
const DECIDED: Range = [ms(100), seconds(8)]
const LATER: Range = [seconds(3), seconds(30)]
const promoted = (after: Range): Combination[number] => ({ kind: 'promotion', role: 'slave', after })

const HAND_OVERS: Weighted<Combination> = [
  [8, [promoted(AT_WORK)]],
  [8, [strike('processKill', 'broker', AT_WORK), promoted(DECIDED)]],
  [4, [strike('diskLoss', 'broker', AT_WORK), promoted(DECIDED)]],
  [4, [strike('powerLoss', 'broker', AT_WORK), promoted(DECIDED)]],
  [3, [strike('pause', 'broker', AT_WORK), promoted(DECIDED)]],
  // The slave has fallen behind.
  [6, [strike('cut', 'slave'), strike('processKill', 'broker', AT_WORK), promoted(DECIDED)]],
  // There and back.
  [6, [promoted(AT_WORK), strike('promotion', 'broker', LATER)]],
  [6, [strike('processKill', 'broker', AT_WORK), promoted(DECIDED), strike('promotion', 'broker', LATER)]],
  // The old master comes back with what it alone had, and is to stand in for who took its place.
  [8, [strike('cut', 'slave'), strike('processKill', 'broker', AT_WORK), promoted(DECIDED), strike('promotion', 'broker', LATER)]],
]

export const handedOver: Shape = {
  ...copying,
  configs: [
    [3, of('ASYNC_FLUSH', 'rocketmq-5.5')],
    [2, of('ASYNC_FLUSH', 'rocketmq-5.5', WAITING)],
    [6, of('ASYNC_FLUSH', 'hardened', WAITING)],
    [2, of('SYNC_FLUSH', 'hardened', WAITING)],
    [1, of('SYNC_FLUSH', 'hardened')],
  ],
  // Clients that look for the new master sooner than after half a minute.
  settings: [
    [30, { slaveTimeoutUs: seconds(1) }],
    [70, { slaveTimeoutUs: seconds(1), routePollUs: seconds(2) }],
  ],
  slaves: [
    [85, 1],
    [15, 2],
  ],
  items: [
    [95, 'send'],
    [5, 'batch'],
  ],
  operations: [[1, [4, 16]]],
  spanUs: [seconds(2), seconds(50)],
  failingPermille: 0,
  faultlessPermille: 40,
  kinds: [...copying.kinds, [25, 'promotion']],
  outageUs: [ms(500), seconds(20)],
  combinations: HAND_OVERS,
  combinedPermille: 750,
}
