/** What every member does alike, whatever its entries are: its messages, its vote on disk, its one timer, and its luck. */
import { mix, mixWide, modulo } from '../../../plan/hash.ts'
import type { Us } from '../../../plan/units.ts'
import { label } from '../../../sim/choices.ts'
import { cellValue } from '../../../sim/disk.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted } from '../messages.ts'
import { newRaft } from './state.ts'
import type { Span } from './log-terms.ts'
import type { Frame, RaftMessage } from './messages.ts'
import type { RaftRules } from './rules.ts'
import type { Host, Raft, RaftShape } from './state.ts'
import type { Parameters } from '../parameters.ts'

const JITTER = label('dledger.jitter')
export const RAFT_TIMER = 'raft'
const VOTE_FILE = 'dledger/currterm'
interface VoteFile {
  readonly term: number
  readonly votedFor: NodeId
}

/** A member as its process keeps it. */
export interface Seat {
  raft: Raft
  /** Repair strictRaft. */
  readonly forced: boolean
  /** When Raft's timer fires; -1: it is not armed. */
  wakeAt: Us
}

/** As shipped, or strictly by Raft; and whether a leader begins with an entry of its own. */
interface Manner {
  readonly strict: boolean
  readonly ownTermsOnly: boolean
}

export function newSeat(id: NodeId, members: readonly NodeId[], p: Parameters, { strict, ownTermsOnly }: Manner): Seat {
  const shape: RaftShape = {
    members,
    heartbeatUs: p.ledgerHeartbeatUs,
    silenceUs: p.ledgerHeartbeatUs * p.ledgerHeartbeatLeak,
    voteMinUs: p.ledgerVoteMinUs,
    voteMaxUs: p.ledgerVoteMaxUs,
    voteWaitUs: p.ledgerVoteWaitUs,
    pushTimeoutUs: p.ledgerPushTimeoutUs,
    startsAnew: strict,
    ownTermsOnly,
  }
  return { forced: strict, raft: newRaft(id, shape), wakeAt: -1 }
}

/** What the disk of a process that starts holds. A vote that is lost has not become lower than what was stored in the meantime. */
export function recall({ raft }: Seat, env: Env<RaftRules>, spans: readonly Span[], end: number): void {
  const stored = cellValue(env.disk, VOTE_FILE) as VoteFile | null
  raft.spans = spans
  raft.end = end
  raft.term = Math.max(stored?.term ?? 0, spans[spans.length - 1]?.term ?? 0)
  raft.votedFor = stored?.term === raft.term ? stored.votedFor : -1
}

export abstract class SeatHost<Rules extends RaftRules> implements Host {
  protected readonly env: Env<Rules>
  private readonly seat: Seat

  constructor(env: Env<Rules>, seat: Seat) {
    this.env = env
    this.seat = seat
  }

  abstract read(from: number): { end: number; places: readonly number[]; extents: Frame['extents'] }
  abstract cut(at: number): number
  abstract take(frame: Frame): number
  abstract takeOffice(): number
  abstract answersFor(): number
  abstract committed(): void
  abstract roleChanged(): void

  get uptime(): number {
    return this.env.uptime
  }

  get rules(): Rules {
    return this.env.rules
  }

  send(to: NodeId, message: RaftMessage): void {
    this.env.send(to, { ...message, salt: salted(message.type, message.salt, this.env.uptime) })
  }

  saveVote(term: number, votedFor: NodeId): boolean {
    const { env, seat } = this
    if (!env.rules.writesVote()) return true
    env.put(VOTE_FILE, { term, votedFor } satisfies VoteFile)
    return !env.rules.forcesVote(seat.forced) || env.forceNow(VOTE_FILE)
  }

  jitter(spread: number): number {
    const { env, seat } = this
    const own = mix(seat.raft.id, seat.raft.term)
    return (modulo(own, spread) + env.choose(JITTER, mixWide(own, env.uptime), spread)) % spread
  }

  wake(delay: number): void {
    const { env, seat } = this
    const at = env.uptime + delay
    if (seat.wakeAt >= 0 && seat.wakeAt <= at) return
    seat.wakeAt = at
    env.timer(RAFT_TIMER, delay)
  }
}
