/**
 * A member of a Raft group, as data, and what it needs of whoever runs it. It knows of the log no more than where it ends and which terms its
 * entries are of: the entries lie with its host.
 */
import type { Us } from '../../../plan/units.ts'
import type { NodeId } from '../../../sim/system.ts'
import type { Extent } from '../../../sim/disk.ts'
import { spansBefore, type Span } from './log-terms.ts'
import type { Ballot, Frame, RaftMessage } from './messages.ts'
import type { RaftRules } from './rules.ts'

/** What never changes. */
export interface RaftShape {
  /** The whole group, this member included. */
  readonly members: readonly NodeId[]
  readonly heartbeatUs: Us
  /** A leader that was not heard for so long is no leader any more; nor is one who has not heard a majority. */
  readonly silenceUs: Us
  /** Between two rounds of votes, at least and at most; and how long a round waits for answers. */
  readonly voteMinUs: Us
  readonly voteMaxUs: Us
  readonly voteWaitUs: Us
  /** What was pushed and is not answered is pushed again. */
  readonly pushTimeoutUs: Us
  /** A leader commits entries of its own term only, and older ones with them. */
  readonly ownTermsOnly: boolean
  /** Who starts asks in a term in which it can't have led. */
  readonly startsAnew: boolean
}

/** How a leader stands with another member. */
export interface Peer {
  readonly id: NodeId
  /** The logs are the same up to here, and the member answers for it. */
  match: number
  /** What is pushed next. */
  next: number
  /** The number of the last push, which is on its way while `out`, since `sentAt`. */
  pushed: number
  out: boolean
  sentAt: Us
  heardAt: Us
  /** When the newest push was sent that it has answered. */
  confirmedAt: Us
  /** How far the member knows what is committed. */
  told: number
}

/** A candidate asks, in one term. */
export interface Round {
  readonly until: Us
  readonly ballots: readonly Ballot[]
}

export interface Raft {
  readonly id: NodeId
  readonly shape: RaftShape
  role: 'follower' | 'candidate' | 'leader'
  /** On disk, these two; -1: nobody has its vote in this term. */
  term: number
  votedFor: NodeId
  /** -1: none is known. */
  leader: NodeId
  spans: readonly Span[]
  end: number
  /** Of a follower: so much of its log is its leader's. */
  agreed: number
  /** In memory alone: who starts again hears it. */
  committed: number
  /** When a follower last heard its leader. */
  heardAt: Us
  /** The last push of this term that was heard. */
  seen: number
  /** Of a candidate: when it asks again, and whether it does so in the next term. */
  asksAt: Us
  raises: boolean
  round: Round | null
  /** Of a leader. */
  peers: Peer[]
}

/** Whoever runs a member: the only way to anything outside of its state. */
export interface Host {
  readonly uptime: Us
  readonly rules: RaftRules
  send(to: NodeId, message: RaftMessage): void
  /** Puts term and vote on disk; false: the disk refuses. */
  saveVote(term: number, votedFor: NodeId): boolean
  /** What a leader sends: the entries from `from` on. */
  read(from: number): { readonly end: number; readonly places: readonly number[]; readonly extents: readonly Extent[] }
  /** What lies at `at` or behind it is gone, with the whole of an entry that is cut. Gives where the log ends then. */
  cut(at: number): number
  /** Appends the entries of a frame that lie at or behind the log's end, and gives where the log ends then. */
  take(frame: Frame): number
  /** A leader's first entry, which holds nothing. Gives where it ends. */
  takeOffice(): number
  /** So much of its log this member answers for: what is appended, or what is forced. */
  answersFor(): number
  committed(): void
  roleChanged(): void
  /** Something in [0, spread), which differs from member to member. */
  jitter(spread: Us): Us
  /** Calls `tick` so much later, or before. */
  wake(delay: Us): void
}

export const newRaft = (id: NodeId, shape: RaftShape): Raft => ({
  id,
  shape,
  role: 'candidate',
  term: 0,
  votedFor: -1,
  leader: -1,
  spans: [],
  end: 0,
  agreed: 0,
  committed: 0,
  heardAt: 0,
  seen: 0,
  asksAt: 0,
  raises: false,
  round: null,
  peers: [],
})

export const forkRaft = (raft: Raft): Raft => ({ ...raft, peers: raft.peers.map((peer) => ({ ...peer })) })

export const others = ({ id, shape }: Raft): NodeId[] => shape.members.filter((member) => member !== id)

/** An entry was appended by this leader, which ends at `end`. */
export function noteAppended(raft: Raft, end: number): void {
  raft.spans = raft.spans[raft.spans.length - 1]?.term === raft.term ? raft.spans : [...raft.spans, { term: raft.term, from: raft.end }]
  raft.end = end
}

export function noteCut(raft: Raft, to: number): void {
  raft.spans = spansBefore(raft.spans, to)
  raft.end = to
  raft.agreed = Math.min(raft.agreed, to)
  raft.committed = Math.min(raft.committed, to)
}
