/** What the members of a Raft group say to each other. Heartbeats, and the news of what is committed, are pushes that bring no entries. */
import type { Message, NodeId } from '../../../sim/system.ts'
import type { Extent } from '../../../sim/disk.ts'
import type { Span } from './log-terms.ts'

/** A piece of a leader's log, in whole entries; `places` are their positions. */
export interface Frame {
  readonly at: number
  readonly end: number
  /** The term of the entry that ends at `at`. */
  readonly termBefore: number
  readonly spans: readonly Span[]
  readonly places: readonly number[]
  readonly extents: readonly Extent[]
  /** The leader's log ended with it when it was sent. */
  readonly isWhole: boolean
}

/** A candidate asks for a vote, and says how far its log is. */
export type AskVote = Message & { readonly type: 'askVote'; readonly term: number; readonly end: number; readonly endTerm: number }

/** Why a vote is refused: the voter's log holds more, it has voted or has a leader in this term, or the term is over. */
export type VoteAnswer = 'granted' | 'longer log' | 'has voted' | 'has leader' | 'old term'
export type VoteGiven = Message & { readonly type: 'voteGiven'; readonly asked: number; readonly term: number; readonly answer: VoteAnswer }

export interface Ballot {
  readonly from: NodeId
  readonly term: number
  readonly answer: VoteAnswer
}

export type PushEntries = Message & {
  readonly type: 'pushEntries'
  readonly term: number
  /** Counted by the leader, for each member and term. */
  readonly n: number
  readonly frame: Frame
  readonly committed: number
}

/** The logs agree up to `agreed`, and the member answers for it up to `safe`; -1: they don't, and `hint` is where to try next. */
export type EntriesPushed = Message & {
  readonly type: 'entriesPushed'
  readonly term: number
  readonly n: number
  readonly agreed: number
  readonly safe: number
  readonly hint: number
  readonly committed: number
}

export type RaftMessage = AskVote | VoteGiven | PushEntries | EntriesPushed

const TYPES: readonly string[] = ['askVote', 'voteGiven', 'pushEntries', 'entriesPushed'] satisfies RaftMessage['type'][]
export const isRaftMessage = (message: Message & { readonly type: string }): message is RaftMessage => TYPES.includes(message.type)
