/** The decisions of a broker whose role controllers give out: a part of the broker's rules. */
import type { Us } from '../../../plan/units.ts'
import type { EpochEntry } from '../controller-messages.ts'

export const replicaRules = {
  /** RMQ-074: a slave comes into the set once it has what consumers are shown, and something of this epoch could have reached it. */
  hasCaughtUp: (slaveMax: number, confirm: number, epochStart: number): boolean => slaveMax >= confirm && slaveMax >= epochStart,

  /** RMQ-074: a member that has not caught up for so long goes out of the set. */
  hasFallenBehind: (sinceUs: Us, limitUs: Us): boolean => sinceUs > limitUs,

  /** RMQ-074: while a change of the set is not confirmed, both sets count (#5663 counted on the old one). */
  setInForce: (set: readonly number[], asked: readonly number[] | null): readonly number[] =>
    asked === null ? set : [...new Set([...set, ...asked])],

  /** RMQ-077: a set of one is satisfied by the master alone. `acks`: how far the members have said that they are. */
  hasAllAcks: (acks: readonly number[], members: number, end: number): boolean => acks.filter((max) => max >= end).length + 1 >= members,

  /** RMQ-077: new sends are refused by a master with too few in its set. */
  hasEnoughInSync: (members: number, least: number): boolean => members >= least,

  /** RMQ-030, RMQ-076: what consumers may be shown; `acks`: of each member but the master, null where it is not connected (#6662, #6728). */
  confirmOffset: (confirm: number, acks: readonly (number | null)[], end: number): number =>
    acks.includes(null) ? confirm : Math.max(confirm, Math.min(end, ...acks.map((max) => max ?? 0))),

  /** RMQ-075: where two logs are the same to the end, by their epochs; -1: they have nothing in common. */
  commonEnd: (own: readonly EpochEntry[], ownEnd: number, theirs: readonly EpochEntry[], theirEnd: number): number => {
    for (let k = own.length - 1; k >= 0; k--) {
      const mine = own[k] as EpochEntry
      const at = theirs.findIndex(({ epoch, start }) => epoch === mine.epoch && start === mine.start)
      if (at >= 0) return Math.min(own[k + 1]?.start ?? ownEnd, theirs[at + 1]?.start ?? theirEnd)
    }
    return -1
  },

  /** RMQ-075: a replica cuts off what its master does not have. */
  cutsToFit: (): boolean => true,

  /** RMQ-075: a slave that becomes master knows its queues' ends by what it has (#8539: not by what it knew as a slave). */
  nextAfterPromotion: (_known: number, entries: number): number => entries,

  /** RMQ-120: a new master goes on where it was told last that the one before was (#2259: where it was when it was started itself). */
  levelAfterPromotion: (told: number): number => told,

  /**
   * Repair masterLease: nobody is elected within so long after a heartbeat was heard. A fifth is left to clocks that run at another pace. `told`: it
   * knows of its successor.
   */
  holdsLease: (sinceUs: Us, expiryUs: Us, told: boolean): boolean => !told && sinceUs <= expiryUs - Math.floor(expiryUs / 5),
} as const
