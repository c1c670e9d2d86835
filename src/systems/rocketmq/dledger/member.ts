/**
 * A broker as a member of a DLedger group (RMQ-079): Raft decides whose log counts and how much of it, and the broker follows. A member that is
 * elected takes the broker's name and the id 0 once all that it found is committed and shown (DLedgerRoleChangeHandler); until then, and as a
 * follower, it is a slave.
 *
 * As shipped a member says that it has an entry when that is in its page cache, and writes its vote without forcing it: flushDiskType means
 * nothing to DLedger 0.3.1.2, which flushes every ten milliseconds (DLedgerCommitLog, DLedgerMmapFileStore, MemberState, IOUtils).
 *
 * What a leader writes of its own accord waits for a majority like everything else: DLedgerCommitLog knows of no WAIT=false. Simplified: a level and the
 * check of transactions go on meanwhile, and tell and save no more than what is committed; RocketMQ's stand still, and write again what took too long.
 *
 * Left out: the committed position in DLedger's checkpoint: who starts again hears it, and builds its queues from there. Simplified: an elected
 * member looks at once, not every 100 ms, whether it can serve; a log that is cut takes queue entries along.
 */
import type { Env, NodeId } from '../../../sim/system.ts'
import { armDispatch } from '../broker/dispatch-timer.ts'
import { armFlush, noteIdle } from '../broker/force.ts'
import { waitOutLocks } from '../broker/locks.ts'
import { takeUpDuties } from '../broker/duties.ts'
import { appendCopy, appendEntry, cutLog, scan, type LogExtent } from '../broker/log.ts'
import { cutQueues } from '../broker/queue-entries.ts'
import type { BrokerRules } from '../broker/rules.ts'
import type { BrokerState } from '../broker/state.ts'
import { register } from '../broker/topics.ts'
import { salted } from '../messages.ts'
import { TERM_BEGINS_BYTES, TermBegins } from './entry.ts'
import { spansOf } from './spans.ts'
import type { MemberState } from './member-state.ts'
import { recall, SeatHost } from '../raft/host.ts'
import type { Frame, RaftMessage } from '../raft/messages.ts'
import { onRaftMessage, startRaft, tick } from '../raft/raft.ts'
import { noteAppended, type Host } from '../raft/state.ts'
import { answer, commit, pushAll } from '../raft/replication.ts'
import { answerCommitted } from './waits.ts'

type BrokerEnv = Env<BrokerRules>
export const LEDGER_SYNC = 'ledgerSync'

/** How Raft reaches this broker's disk, clock and network. */
class BrokerHost extends SeatHost<BrokerRules> {
  private readonly state: BrokerState
  private readonly member: MemberState

  constructor(state: BrokerState, member: MemberState, env: BrokerEnv) {
    super(env, member)
    this.state = state
    this.member = member
  }

  read(from: number): { end: number; places: number[]; extents: LogExtent[] } {
    const { env, state } = this
    const [places, extents]: [number[], LogExtent[]] = [[], []]
    let end = from
    scan(env.disk, state.log, from, state.log.end, (extent, at) => {
      places.push(at)
      extents.push(extent)
      end = at + extent.size
      return end - from < state.shape.parameters.haBatchBytes
    })
    return { end, places, extents }
  }

  cut(at: number): number {
    const { env, state } = this
    const to = cutLog(state, env, at)
    if (state.dispatchedTo > to) {
      state.dispatchedTo = to
      cutQueues(state, env, to)
    }
    env.record.ledgerCut(to)
    return to
  }

  take({ places, extents }: Frame): number {
    const { env, state } = this
    if (!env.diskFull()) {
      noteIdle(state, env)
      extents.forEach((extent, k) => {
        if (places[k] === state.log.end) appendCopy(state, env, extent as LogExtent)
      })
      armFlush(state, env)
    }
    return state.log.end
  }

  takeOffice(): number {
    const { env, state, member } = this
    noteIdle(state, env)
    appendEntry(state, env, new TermBegins(member.raft.term), TERM_BEGINS_BYTES)
    armFlush(state, env)
    return state.log.end
  }

  answersFor(): number {
    const { log } = this.state
    return this.env.rules.answersFor(log.end, log.flushedTo, this.member.forced)
  }

  committed(): void {
    armDispatch(this.state, this.env)
    answerCommitted(this.state, this.env, this.member)
    considerServing(this.state, this.env)
  }

  roleChanged(): void {
    const { state, env, member } = this
    const { raft } = member
    if (raft.role === 'leader') env.record.leads(state.shape.owner, raft.term)
    else member.waits = []
    if (raft.role === 'follower') env.timer(LEDGER_SYNC, state.shape.parameters.ledgerSyncUs)
    const served = member.serves
    member.serves = false
    if (raft.role === 'follower' || served) register(state, env)
    considerServing(state, env)
  }
}

const drive = (state: BrokerState, env: BrokerEnv, turn: (member: MemberState, host: Host) => void): void => {
  const { ledger } = state
  if (ledger !== null) turn(ledger, new BrokerHost(state, ledger, env))
}

/** The process has recovered its log. */
export const startMember = (state: BrokerState, env: BrokerEnv): void =>
  drive(state, env, (member, host) => {
    recall(member, env, spansOf(env.disk, state.log), state.log.end)
    startRaft(member.raft, host)
  })

export const onMemberMessage = (state: BrokerState, env: BrokerEnv, from: NodeId, message: RaftMessage): void =>
  drive(state, env, ({ raft }, host) => {
    onRaftMessage(raft, host, from, message)
  })

export const onRaftTimer = (state: BrokerState, env: BrokerEnv): void =>
  drive(state, env, (member, host) => {
    member.wakeAt = -1
    tick(member.raft, host)
  })

/** What the leader has appended in a step is pushed when the step is over. */
export function pushAppended(state: BrokerState, env: BrokerEnv): void {
  if (state.ledger === null || state.ledger.raft.end >= state.log.end) return
  drive(state, env, ({ raft }, host) => {
    noteAppended(raft, state.log.end)
    pushAll(raft, host)
  })
}

/** More of the log is forced, of which a member that answers for no more than that says so. */
export const onLedgerForced = (state: BrokerState, env: BrokerEnv): void =>
  drive(state, env, ({ raft, forced }, host) => {
    if (!forced) return
    if (raft.role === 'leader') commit(raft, host)
    else if (raft.role === 'follower' && raft.seen > 0) answer(raft, host, raft.leader)
  })

/** Everything that an elected member has found is committed and shown: it takes messages, each queue's next offset is what it shows. */
export function considerServing(state: BrokerState, env: BrokerEnv): void {
  const { ledger } = state
  if (ledger === null || ledger.serves || ledger.raft.role !== 'leader') return
  if (ledger.raft.committed < state.log.end || state.dispatchedTo < state.log.end) return
  ledger.serves = true
  for (const queue of state.queues) queue.next = queue.max
  if (state.queues.some(({ max }) => max > 0)) waitOutLocks(state, env)
  register(state, env)
  takeUpDuties(state, env)
}

/** RMQ-067: topics and progress of groups, from the leader. */
export function onLedgerSync(state: BrokerState, env: BrokerEnv): void {
  const { ledger } = state
  if (ledger?.raft.role !== 'follower') return
  env.send(ledger.raft.leader, { type: 'slaveSync', salt: salted('slaveSync', state.id, env.uptime) })
  env.timer(LEDGER_SYNC, state.shape.parameters.ledgerSyncUs)
}

/** What still has to happen before the group is at rest, or null. */
export function pendingAtMember({ ledger, log, dispatchedTo, shape }: BrokerState): string | null {
  if (ledger === null) return null
  if (ledger.raft.leader < 0) return `${shape.name} knows of no leader`
  if (ledger.raft.role === 'leader' && !ledger.serves) return `${shape.name} is elected and does not serve yet`
  return dispatchedTo < log.end ? `entries of ${shape.name} wait for a majority` : null
}
