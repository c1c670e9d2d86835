/** Faults to choose from: those that only together reach code that is hard to reach, and single kinds with their weights. */
import type { FaultKind } from '../plan/faults.ts'
import { ms, seconds } from '../plan/units.ts'
import type { Range, Weighted } from './draw.ts'

/**
 * Where a fault strikes: link faults lie between a client and a broker, or around one node. `other`: the slave after the first, where a broker has
 * several. `leader`: of several controllers the one that leads at first.
 */
export type Role = 'broker' | 'slave' | 'other' | 'consumer' | 'producer' | 'nameserver' | 'controller' | 'leader'

/**
 * One fault of a combination that is known to matter; `slaves` are all that the broker has, `followers` the controllers but the leader; a `zone` is any
 * half of the cluster, which is cut off from the other one; a `room` has the broker, who leads the controllers, and the producer. `after`: since the
 * fault before it began, or since the operation for the first.
 */
export interface Part {
  readonly kind: FaultKind
  readonly role: Role | 'slaves' | 'followers' | 'zone' | 'room'
  readonly after?: Range
}
export type Combination = readonly Part[]

export const strike = (kind: FaultKind, role: Part['role'], after?: Range): Part => ({
  kind,
  role,
  ...(after === undefined ? {} : { after }),
})

/** While a send is in flight. */
const FLIGHT: Range = [400, ms(14)]
const SOON: Range = [100, ms(50)]
/** A half is checked once it is 6 s old, every 30 s. */
const CHECK: Range = [seconds(6), seconds(60)]
const LATER: Range = [ms(1), seconds(12)]

/** Faults that only together reach code that is hard to reach. */
export const COMBINATIONS: Weighted<Combination> = [
  // Recovery trusts what a killed process left in page cache, then the machine loses it.
  [5, [strike('processKill', 'broker'), strike('powerLoss', 'broker', LATER)]],
  [3, [strike('powerLoss', 'broker'), strike('powerLoss', 'broker', LATER)]],
  [3, [strike('forceFails', 'broker'), strike('powerLoss', 'broker', LATER)]],
  [2, [strike('forceLies', 'broker'), strike('powerLoss', 'broker', LATER)]],
  [2, [strike('diskStall', 'broker'), strike('powerLoss', 'broker', LATER)]],
  [2, [strike('gracefulRestart', 'broker'), strike('powerLoss', 'broker', LATER)]],
  [9, [strike('processKill', 'consumer')]],
  // A disk that refuses while something is written.
  [4, [strike('forceFails', 'broker')]],
  [3, [strike('diskFull', 'broker')]],
  [5, [strike('diskStall', 'broker')]],
  // Who takes over after a consumer, and from where.
  [3, [strike('processKill', 'consumer'), strike('processKill', 'broker', LATER)]],
  [2, [strike('processKill', 'consumer'), strike('powerLoss', 'broker', LATER)]],
  [2, [strike('netLoss', 'consumer'), strike('processKill', 'consumer', SOON)]],
  [2, [strike('pause', 'consumer'), strike('processKill', 'consumer', LATER)]],
  // An answer gets lost, and what was answered too.
  [3, [strike('netLoss', 'producer'), strike('processKill', 'broker', SOON)]],
  [2, [strike('netDuplicate', 'producer'), strike('netReorder', 'producer')]],
  [2, [strike('processKill', 'producer'), strike('processKill', 'broker', LATER)]],
  [2, [strike('cut', 'producer'), strike('powerLoss', 'broker', SOON)]],
]

/** A queue changes hands, and its old owner does not know: it stands still, is cut off, or the broker has forgotten whose the queue was. */
export const BETWEEN_OWNERS: Weighted<Combination> = [
  [8, [strike('processKill', 'consumer')]],
  [5, [strike('gracefulRestart', 'consumer')]],
  [6, [strike('pause', 'consumer', [ms(1), ms(40)])]],
  [5, [strike('processKill', 'consumer'), strike('processKill', 'broker', LATER)]],
  [4, [strike('processKill', 'broker')]],
]

/** What can come between the two phases of a transaction: its half is answered after some milliseconds, and its end follows at once. */
export const BETWEEN_PHASES: Weighted<Combination> = [
  [15, [strike('netLoss', 'producer', FLIGHT)]],
  [15, [strike('cut', 'producer', FLIGHT)]],
  [8, [strike('processKill', 'producer', FLIGHT)]],
  [12, [strike('processKill', 'broker', FLIGHT)]],
  [8, [strike('powerLoss', 'broker', FLIGHT)]],
  [5, [strike('netDuplicate', 'producer')]],
  // The commit is lost, and then the answer to the check.
  [8, [strike('cut', 'producer', FLIGHT), strike('cut', 'producer', CHECK)]],
  [8, [strike('cut', 'producer', FLIGHT), strike('processKill', 'broker', CHECK)]],
]

/** Every fault that the simulation knows. */
export const ALL_KINDS: Weighted<FaultKind> = [
  [30, 'processKill'],
  [34, 'powerLoss'],
  [12, 'gracefulRestart'],
  [2, 'diskLoss'],
  [10, 'pause'],
  [7, 'diskFull'],
  [3, 'diskSlow'],
  [8, 'diskStall'],
  [10, 'forceFails'],
  [4, 'forceLies'],
  [3, 'bitCorruption'],
  [2, 'clockOffset'],
  [3, 'clockJump'],
  [2, 'clockDrift'],
  [12, 'netLoss'],
  [8, 'netDelay'],
  [8, 'netDuplicate'],
  [6, 'netReorder'],
  [10, 'cut'],
]
