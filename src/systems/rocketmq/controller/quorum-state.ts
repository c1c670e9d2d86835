/** What a controller remembers as one of several (RMQ-072): its seat in their Raft group, and what only a leader needs. */
import type { Us } from '../../../plan/units.ts'
import type { EntryKind } from '../../../sim/agenda.ts'
import type { NodeId } from '../../../sim/system.ts'
import type { RocketmqConfig } from '../config.ts'
import { newSeat, type Seat } from '../raft/host.ts'
import { forkRaft } from '../raft/state.ts'
import type { Decision } from './state.ts'

/** An entry of their log; without a decision it is a leader's first. */
export class QuorumEntry {
  readonly term: number
  readonly decision: Decision | null
  constructor(term: number, decision: Decision | null) {
    this.term = term
    this.decision = decision
  }
}

/** What a leader has been asked, or has noticed, and comes to when what it is deciding is decided. */
export class Asked {
  readonly kind: EntryKind
  readonly from: NodeId
  readonly a: number
  readonly body: unknown
  constructor({ kind, from, a, body }: Asked) {
    this.kind = kind
    this.from = from
    this.a = a
    this.body = body
  }
}

/** A master's heartbeat that is to be answered (repair masterLease): when it was sent, and when it was heard. */
export interface Vouch {
  readonly replica: NodeId
  readonly at: Us
  readonly heardAt: Us
}

export interface Quorum extends Seat {
  /** On disk, too; Raft's positions count them. */
  entries: readonly QuorumEntry[]
  /** So many of them have taken effect. */
  applied: number
  /** Where the first entry of its own term ends, and whether it serves: it leads, and all up to there has taken effect. */
  officeEnd: number
  serves: boolean
  servesSince: Us
  /** Where the entry ends that it is deciding; -1: none. */
  awaits: number
  asked: readonly Asked[]
  vouches: readonly Vouch[]
}

export function newQuorum(id: NodeId, members: readonly NodeId[], { parameters, repairs }: RocketmqConfig): Quorum | null {
  if (members.length <= 1) return null
  return {
    ...newSeat(id, members, parameters, { strict: repairs.includes('strictRaft'), ownTermsOnly: true }),
    entries: [],
    applied: 0,
    officeEnd: 0,
    serves: false,
    servesSince: 0,
    awaits: -1,
    asked: [],
    vouches: [],
  }
}

export const forkQuorum = (quorum: Quorum): Quorum => ({ ...quorum, raft: forkRaft(quorum.raft) })
