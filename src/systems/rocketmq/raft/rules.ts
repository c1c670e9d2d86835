/** A group member's decisions on which guarantees depend; see broker/rules.ts for why they are here and not in the code that asks. */
import type { NodeId } from '../../../sim/system.ts'

export interface LogEnd {
  readonly term: number
  readonly end: number
}

export const raftRules = {
  /** Raft §5.2: as long as fewer than half are missing. */
  isMajority: (count: number, members: number): boolean => count > members / 2,

  /** Raft §5.2: one vote a term. */
  mayVoteFor: (candidate: NodeId, votedFor: NodeId): boolean => votedFor === -1 || votedFor === candidate,

  /** Raft §5.2: a candidate asks in a new term; as shipped DLedger 0.3.1.2 asks in the one that it knows. */
  raisesAtStart: (startsAnew: boolean): boolean => startsAnew,

  /** Raft §5.4.1: nobody is elected who lacks what a voter has. */
  isLogUpToDate: (candidate: LogEnd, own: LogEnd): boolean =>
    candidate.term > own.term || (candidate.term === own.term && candidate.end >= own.end),

  /** Raft §5.1: term and vote outlast the process. */
  writesVote: (): boolean => true,

  /** With the repair strictRaft they outlast a power loss too. */
  forcesVote: (forced: boolean): boolean => forced,

  /** With the repair strictRaft a member answers for what it has forced; as shipped, for what is in its page cache. */
  answersFor: (end: number, flushedTo: number, forced: boolean): number => (forced ? flushedTo : end),

  /** Raft §5.3: entries follow on an entry that both logs hold. */
  followsOn: (ownTerm: number, leadersTerm: number): boolean => ownTerm === leadersTerm,

  /** Raft §5.3: what differs from the leader's log goes, with all behind it. */
  cutsWhatDiffers: (): boolean => true,

  /** What a leader counts of a member: what that has said it has. */
  countedOf: (match: number, _sent: number): number => match,

  /** Raft §5.4.2: entries of older terms are committed by one of this term, not by counting; as shipped DLedger 0.3.1.2 counts. */
  mayCommit: (entryTerm: number, term: number, ownTermsOnly: boolean): boolean => !ownTermsOnly || entryTerm === term,

  /** RMQ-079: a send is answered once its entry is committed. */
  mayAnswerEntry: (end: number, committed: number): boolean => end <= committed,

  /** RMQ-079: consumers are shown what is committed. */
  showsUpTo: (committed: number, _end: number): number => committed,

  /** A leader who has not heard a majority for so long gives up. */
  givesUp: (silentUs: number, limitUs: number): boolean => silentUs >= limitUs,

  /** A follower who has not heard its leader for so long asks for votes. */
  isSilent: (silentUs: number, limitUs: number): boolean => silentUs >= limitUs,
} as const

type Widen<F> = F extends (...args: infer A) => infer R ? (...args: A) => R : never
export type RaftRules = { readonly [name in keyof typeof raftRules]: Widen<(typeof raftRules)[name]> }
