/**
 * Several controllers as one (RMQ-072): what they decide are entries of a Raft log, which take effect, and are told to anybody, once a majority has
 * them. Only the leader serves, and not before everything that it has found in its log has taken effect: so it appends an empty entry first, and
 * waits for that. It decides one thing after the other (DLedgerController: EventScheduler, RoleChangeHandler). What it answers from memory alone,
 * such as who is master, it answers as long as it takes itself for the leader (isProcessReadEvent is off, as shipped).
 *
 * As shipped their log is DLedger's: forced every ten milliseconds, and not before it is answered for. Heartbeats of brokers go to every controller
 * and stay in its memory (ReplicasManager, DefaultBrokerHeartbeatManager). All this was read in the source of 5.3.4, and not measured.
 *
 * Simplified: an event waits for as long as its controller leads, where RocketMQ gives it up after five seconds, though its entry may be committed
 * later; when a cluster boots, the first controller is there before the others. Left out: snapshots, and jRaft in place of DLedger.
 */
import { cellValue, Extent } from '../../../sim/disk.ts'
import type { Entry } from '../../../sim/agenda.ts'
import type { Env } from '../../../sim/system.ts'
import { toGrid } from '../broker/grid.ts'
import type { HeartbeatHeard } from '../controller-messages.ts'
import { salted, type RocketmqMessage } from '../messages.ts'
import { RAFT_TIMER, recall, SeatHost } from '../raft/host.ts'
import { joined, type Span } from '../raft/log-terms.ts'
import { isRaftMessage, type Frame } from '../raft/messages.ts'
import { onRaftMessage, startLater, startRaft, tick } from '../raft/raft.ts'
import { pushAll, sureToLeadAt } from '../raft/replication.ts'
import type { RaftRules } from '../raft/rules.ts'
import { noteAppended } from '../raft/state.ts'
import { announce, note } from './announce.ts'
import { QuorumEntry, type Quorum, type Vouch } from './quorum-state.ts'
import type { ControllerRules } from './rules.ts'
import { decidedFor, withDecision, type ControllerState, type Decision } from './state.ts'

type QuorumEnv = Env<ControllerRules & RaftRules>
const LOG = 'controllers'
interface LogFile {
  readonly entries: readonly QuorumEntry[]
}
const FLUSH = 'flush'

/** How Raft reaches this controller's disk and what it knows. */
class ControllerHost extends SeatHost<ControllerRules & RaftRules> {
  private readonly state: ControllerState
  private readonly quorum: Quorum

  constructor(state: ControllerState, quorum: Quorum, env: QuorumEnv) {
    super(env, quorum)
    this.state = state
    this.quorum = quorum
  }

  read(from: number): { end: number; places: number[]; extents: Extent[] } {
    const entries = this.quorum.entries.slice(from)
    const extents = entries.map((entry, k) => new Extent(from + k, 1, entry))
    return { end: from + entries.length, places: extents.map(({ at }) => at), extents }
  }

  cut(at: number): number {
    const { state, quorum } = this
    this.store(quorum.entries.slice(0, at))
    if (quorum.applied > at) {
      quorum.applied = at
      const left = quorum.entries.flatMap(({ decision }) => (decision === null ? [] : [decision.next]))
      state.decided = left.reduce(withDecision, [])
    }
    return quorum.entries.length
  }

  take({ places, extents }: Frame): number {
    const { quorum } = this
    const fresh = extents.filter((_, k) => (places[k] ?? 0) >= quorum.entries.length).map(({ body }) => body as QuorumEntry)
    this.store([...quorum.entries, ...fresh])
    this.apply()
    return quorum.entries.length
  }

  takeOffice(): number {
    const { quorum } = this
    this.append(null)
    quorum.officeEnd = quorum.entries.length
    return quorum.officeEnd
  }

  append(decision: Decision | null): boolean {
    const { entries, raft } = this.quorum
    return this.store([...entries, new QuorumEntry(raft.term, decision)])
  }

  /** False: the disk did not take it, so nothing has changed. */
  private store(entries: readonly QuorumEntry[]): boolean {
    const { env, quorum, state } = this
    env.put(LOG, { entries: [...entries] } satisfies LogFile)
    if (!quorum.forced) env.timer(FLUSH, toGrid(env.uptime, state.shape.flushUs))
    else if (!env.forceNow(LOG)) {
      env.put(LOG, { entries: [...quorum.entries] } satisfies LogFile)
      return false
    }
    quorum.entries = entries
    return true
  }

  answersFor(): number {
    return this.quorum.entries.length
  }

  committed(): void {
    this.apply()
  }

  /** What it has decided since it came to lead a leader tells; the rest was told before, also by itself in the same term, or brokers ask. */
  apply(): void {
    const { env, state, quorum } = this
    const { raft } = quorum
    const to = Math.min(env.rules.appliesUpTo(raft.committed, quorum.entries.length), quorum.entries.length)
    for (; quorum.applied < to; quorum.applied++) {
      const { decision } = quorum.entries[quorum.applied] as QuorumEntry
      if (decision === null) continue
      state.decided = withDecision(state.decided, decision.next)
      if (raft.role !== 'leader') continue
      if (quorum.applied >= quorum.officeEnd) announce(state, env, decision)
      else note(state, env, decision)
    }
    if (quorum.applied >= quorum.awaits) quorum.awaits = -1
    this.considerServing()
  }

  roleChanged(): void {
    Object.assign(this.quorum, { serves: false, awaits: -1, asked: [], vouches: [] } satisfies Partial<Quorum>)
    this.considerServing()
  }

  private considerServing(): void {
    const { env, quorum } = this
    if (quorum.serves || quorum.raft.role !== 'leader' || !env.rules.mayServe(quorum.applied, quorum.officeEnd)) return
    quorum.serves = true
    quorum.servesSince = env.uptime
    env.record.presides(quorum.raft.term)
  }
}

const spansOf = (entries: readonly QuorumEntry[]): readonly Span[] =>
  entries.reduce<readonly Span[]>((spans, { term }, from) => joined(spans, [{ term, from }]), [])

export function startQuorum(state: ControllerState, quorum: Quorum, env: QuorumEnv): void {
  quorum.entries = (cellValue(env.disk, LOG) as LogFile | null)?.entries ?? []
  recall(quorum, env, spansOf(quorum.entries), quorum.entries.length)
  const host = new ControllerHost(state, quorum, env)
  const boots = quorum.entries.length === 0 && env.uptime === 0
  if (boots && quorum.raft.shape.members[0] !== state.id) startLater(quorum.raft, host)
  else startRaft(quorum.raft, host)
}

/** False: it is not Raft's. */
export function onQuorumEntry(state: ControllerState, quorum: Quorum, env: QuorumEnv, entry: Entry): boolean {
  const host = new ControllerHost(state, quorum, env)
  if (entry.kind === 'timer' && entry.name === FLUSH) env.forceNow(LOG)
  else if (entry.kind === 'timer' && entry.name === RAFT_TIMER) {
    quorum.wakeAt = -1
    tick(quorum.raft, host)
  } else if (entry.kind === 'message' && isRaftMessage(entry.body as RocketmqMessage)) {
    onRaftMessage(quorum.raft, host, entry.from, entry.body as Parameters<typeof onRaftMessage>[3])
  } else return false
  return true
}

/** False: it can't be written down. */
export function propose(state: ControllerState, quorum: Quorum, env: QuorumEnv, decision: Decision): boolean {
  const host = new ControllerHost(state, quorum, env)
  if (!host.append(decision)) return false
  quorum.awaits = quorum.entries.length
  noteAppended(quorum.raft, quorum.awaits)
  host.apply()
  pushAll(quorum.raft, host)
  return true
}

/**
 * Repair masterLease: a heartbeat counts once a majority has confirmed, after it was heard, that this controller leads; so whoever leads later has
 * begun later, and waits for as long as the lease may last.
 */
export function settleVouches(state: ControllerState, quorum: Quorum, env: QuorumEnv): void {
  if (quorum.vouches.length === 0) return
  const host = new ControllerHost(state, quorum, env)
  const sureAt = sureToLeadAt(quorum.raft, host)
  const may = ({ heardAt }: Vouch): boolean => env.rules.mayVouch(heardAt, sureAt)
  for (const { replica, at } of quorum.vouches.filter(may)) vouch(state, env, replica, at)
  quorum.vouches = quorum.vouches.filter((one) => !may(one))
  if (quorum.vouches.length > 0) pushAll(quorum.raft, host)
}

export function vouch(state: ControllerState, env: QuorumEnv, replica: number, at: number): void {
  const { master, epoch } = decidedFor(state, replica)
  if (master !== replica) return
  env.send(replica, { type: 'heartbeatHeard', salt: salted('heartbeatHeard', replica, at), at, epoch } as HeartbeatHeard)
}
