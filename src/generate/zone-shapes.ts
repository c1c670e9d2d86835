/**
 * Partitions between two or three zones: brokers, those who elect their masters, NameServers and clients are in one room or in another, each in its
 * own mixture, and no message passes from one to the other, one way or both. Two such cuts that overlap make three zones.
 */
import { ms, seconds } from '../plan/units.ts'
import { strike, type Combination } from './combinations.ts'
import { elections } from './controller-shapes.ts'
import type { Range, Weighted } from './draw.ts'
import { ledgers } from './ledger-shapes.ts'
import type { Shape } from './shapes.ts'

const AT_WORK: Range = [ms(1), seconds(2)]
const WHILE_CUT: Range = [ms(1), seconds(12)]

const ZONES: Weighted<Combination> = [
  [5, [strike('cut', 'zone', AT_WORK)]],
  [3, [strike('cut', 'zone', AT_WORK), strike('cut', 'zone', WHILE_CUT)]],
  [2, [strike('cut', 'zone', AT_WORK), strike('processKill', 'broker', WHILE_CUT)]],
  [1, [strike('cut', 'zone', AT_WORK), strike('pause', 'broker', WHILE_CUT)]],
]

const parted = (shape: Shape): Shape => ({
  ...shape,
  nameservers: [
    [1, 1],
    [1, 2],
  ],
  faultlessPermille: 0,
  bursts: [[1, 1]],
  combinations: ZONES,
  combinedPermille: 850,
})

export const zones: Weighted<Shape> = [...elections.slice(0, 1), [4, ledgers] as const].map(([weight, shape]) => [weight, parted(shape)])
