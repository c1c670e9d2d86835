/**
 * A controller (RMQ-072 to RMQ-074): it knows which replicas of each broker name are there, by their heartbeats, and decides who is master. What
 * it has decided is on stable storage before anybody hears of it; where there are several, quorum.ts says what that means. While none is there
 * that decides, nobody is elected and no set changes; masters go on.
 *
 * Simplified: a broker that asks for its role has it confirmed or asks for an election by the same message. Of the priorities of an election the
 * order of names is left. Who is alone forces what it decides.
 */
import type { Entry } from '../../../sim/agenda.ts'
import { cellValue } from '../../../sim/disk.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { toGrid } from '../broker/grid.ts'
import type { AlterSet, AskRole, ReplicaHeartbeat, TellController } from '../controller-messages.ts'
import { salted, type RocketmqMessage } from '../messages.ts'
import type { RaftRules } from '../raft/rules.ts'
import { announce, tell } from './announce.ts'
import { Asked, forkQuorum, type Quorum } from './quorum-state.ts'
import { onQuorumEntry, propose, settleVouches, startQuorum, vouch } from './quorum.ts'
import type { ControllerRules } from './rules.ts'
import { bootController, decidedFor, groupOf, withDecision, type ControllerState, type Decided, type Decision } from './state.ts'

export type { ControllerState } from './state.ts'
type ControllerEnv = Env<ControllerRules & RaftRules>

const FILE = 'controller'
interface ControllerFile {
  readonly decided: readonly Decided[]
}
const SCAN = 'scan'

function isThere(state: ControllerState, env: ControllerEnv, replica: NodeId): boolean {
  const at = state.heard.find((one) => one.replica === replica)?.at ?? -1
  return at >= 0 && !env.rules.isUnheard(env.uptime - at, state.shape.expiryUs)
}

/** A controller that has just started gives everybody the time to be heard. */
const mayBeThere = (state: ControllerState, env: ControllerEnv, replica: NodeId): boolean =>
  isThere(state, env, replica) ||
  (replica >= 0 && !env.rules.isUnheard(env.uptime - state.startedAt, state.shape.expiryUs) && wasNeverHeard(state, replica)) ||
  mayBeVouchedFor(state, env)
const wasNeverHeard = ({ heard }: ControllerState, replica: NodeId): boolean => heard.every((one) => one.replica !== replica)

/** Repair masterLease: whoever led before may have answered a heartbeat until this one came. */
const mayBeVouchedFor = ({ quorum, shape }: ControllerState, env: ControllerEnv): boolean =>
  quorum !== null && shape.vouches && env.rules.waitsOutLease(env.uptime - quorum.servesSince, shape.expiryUs)

/** Is something being decided, which takes effect later? */
const isDeciding = ({ quorum }: ControllerState): boolean => quorum !== null && quorum.awaits >= 0

/** False: the disk did not take it, so it is not decided. */
function decide(state: ControllerState, env: ControllerEnv, decision: Decision): boolean {
  if (state.quorum !== null) return propose(state, state.quorum, env, decision)
  const decided = withDecision(state.decided, decision.next)
  env.put(FILE, { decided } satisfies ControllerFile)
  if (!env.forceNow(FILE)) return false
  state.decided = decided
  announce(state, env, decision)
  return true
}

/** RMQ-073: an old master that is there stays; else somebody is elected, and all who are there hear of it. */
function elect(state: ControllerState, env: ControllerEnv, before: Decided, asker: NodeId, barred: NodeId = -1): void {
  const group = groupOf(state, before.home)
  const alive = group.flatMap((replica) => {
    const heard = state.heard.find((one) => one.replica === replica)
    return heard !== undefined && replica !== barred && isThere(state, env, replica) ? [heard] : []
  })
  const { unclean } = state.shape
  const master = env.rules.elected({ set: before.set, alive, unclean, first: before.epoch === 0, asker })
  if (master < 0 && before.master < 0) return
  const epoch = master < 0 ? before.epoch : env.rules.nextEpoch(before.epoch)
  const set = master < 0 ? before.set.slice() : env.rules.setAfterElection(master, before.set).slice()
  decide(state, env, { of: 'election', asker, next: { home: before.home, epoch, master, set, setEpoch: before.setEpoch + 1 } })
}

type Told = Pick<Entry, 'kind' | 'from' | 'a' | 'body'>

/** Its process, as this controller knew it, is gone with its connection. */
function isGone({ heard }: ControllerState, { from, a: firstAlive }: Told): boolean {
  const known = heard.find((one) => one.replica === from)
  return known !== undefined && known.connection < firstAlive
}

/** What any controller notes, whether it decides anything or not. */
function hear(state: ControllerState, env: ControllerEnv, entry: Told): void {
  const { kind, from: replica, a: connection } = entry
  if (kind === 'timer') return env.timer(SCAN, toGrid(env.uptime - state.startedAt, state.shape.scanUs))
  if (kind === 'reset' && isGone(state, entry)) state.heard = state.heard.map((one) => (one.replica === replica ? { ...one, at: -1 } : one))
  if (kind !== 'message') return
  const message = entry.body as RocketmqMessage
  if (message.type === 'askController') return tellLeader(state, env, replica)
  if (message.type !== 'replicaHeartbeat' && message.type !== 'askRole') return
  const { epoch, max } = message
  state.heard = [...state.heard.filter((one) => one.replica !== replica), { replica, epoch, max, at: env.uptime, connection }]
}

function tellLeader({ id, quorum }: ControllerState, env: ControllerEnv, to: NodeId): void {
  const leader = quorum?.raft.leader ?? id
  env.send(to, { type: 'tellController', salt: salted('tellController', to, env.uptime), leader } as TellController)
}

function onHeartbeat(state: ControllerState, env: ControllerEnv, replica: NodeId, { at }: ReplicaHeartbeat): void {
  if (!state.shape.vouches || decidedFor(state, replica).master !== replica) return
  if (state.quorum === null) return vouch(state, env, replica, at)
  state.quorum.vouches = [...state.quorum.vouches, { replica, at, heardAt: env.uptime }]
}

/** A replica that has come up, or that makes sure. */
function onAskRole(state: ControllerState, env: ControllerEnv, from: NodeId, { starts, blank }: AskRole): void {
  const known = decidedFor(state, from)
  if (known.master === from && starts && blank && known.epoch > 0) elect(state, env, known, from, from)
  else if (known.master < 0) elect(state, env, known, from)
  if (!isDeciding(state)) tell(env, from, decidedFor(state, from))
}

/** RMQ-074: all members are there, the master among them. */
function onAlterSet(state: ControllerState, env: ControllerEnv, from: NodeId, asked: AlterSet): void {
  const known = decidedFor(state, from)
  const fits = known.master === from && asked.set.includes(from) && asked.set.every((replica) => isThere(state, env, replica))
  const next = { ...known, set: asked.set.slice(), setEpoch: known.setEpoch + 1 }
  const isDecided = fits && env.rules.mayAlterSet(asked, known) && decide(state, env, { of: 'set', asker: from, next })
  if (!isDecided) tell(env, from, known, true)
}

function onScan(state: ControllerState, env: ControllerEnv, scan: Told): void {
  if (!env.rules.looksForSilent()) return
  for (const known of state.decided) {
    if (known.epoch === 0 || mayBeThere(state, env, known.master)) continue
    if (isDeciding(state)) return postpone(state.quorum, scan)
    elect(state, env, known, -1)
  }
}

function postpone(quorum: Quorum | null, entry: Told): void {
  if (quorum !== null) quorum.asked = [...quorum.asked, new Asked(entry)]
}

/** A connection has closed: its replica is not there any more, which need not wait for its silence. */
function onClosed(state: ControllerState, env: ControllerEnv, entry: Told): void {
  const known = decidedFor(state, entry.from)
  if (known.master === entry.from && isGone(state, entry)) elect(state, env, known, -1)
}

function serve(state: ControllerState, env: ControllerEnv, entry: Told): void {
  if (entry.kind === 'timer') return onScan(state, env, entry)
  if (entry.kind === 'reset') return onClosed(state, env, entry)
  if (entry.kind !== 'message') return
  const message = entry.body as RocketmqMessage
  if (message.type === 'replicaHeartbeat') onHeartbeat(state, env, entry.from, message)
  else if (message.type === 'askRole') onAskRole(state, env, entry.from, message)
  else if (message.type === 'alterSet') onAlterSet(state, env, entry.from, message)
}

/** Of several: one thing after the other, as long as it leads. */
function goOn(state: ControllerState, quorum: Quorum, env: ControllerEnv): void {
  while (quorum.serves && quorum.awaits < 0) {
    const [next, ...others] = quorum.asked
    if (next === undefined) break
    quorum.asked = others
    serve(state, env, next)
  }
  settleVouches(state, quorum, env)
}

function pendingAmongSeveral({ shape, id }: ControllerState, { raft, serves }: Quorum): string | null {
  if (raft.leader < 0) return `${shape.names[id] ?? ''} knows of no leader of the controllers`
  return raft.role === 'leader' && !serves ? `${shape.names[id] ?? ''} leads the controllers and does not serve yet` : null
}

export const controller = {
  boot: bootController,

  start(state: ControllerState, env: ControllerEnv): void {
    state.startedAt = env.uptime
    env.timer(SCAN, state.shape.scanUs)
    if (state.quorum !== null) return startQuorum(state, state.quorum, env)
    state.decided = (cellValue(env.disk, FILE) as ControllerFile | null)?.decided ?? []
  },

  handle(state: ControllerState, entry: Entry, env: ControllerEnv): void {
    const { quorum } = state
    if (quorum !== null && onQuorumEntry(state, quorum, env, entry)) return goOn(state, quorum, env)
    hear(state, env, entry)
    if (quorum === null) return serve(state, env, entry)
    if (!quorum.serves) return
    postpone(quorum, entry)
    goOn(state, quorum, env)
  },

  fork: (state: ControllerState): ControllerState => ({ ...state, quorum: state.quorum === null ? null : forkQuorum(state.quorum) }),

  /** Somebody of each name is master, and there. */
  pending(state: ControllerState): string | null {
    const { quorum, shape, decided } = state
    const wait = quorum === null ? null : pendingAmongSeveral(state, quorum)
    if (wait !== null || (quorum !== null && quorum.raft.role !== 'leader')) return wait
    const leaderless = shape.groups.find(([home = -1]) => (decided.find((one) => one.home === home)?.master ?? -1) < 0)
    return leaderless === undefined ? null : `${shape.names[leaderless[0] ?? -1] ?? ''} has no master`
  },
}
