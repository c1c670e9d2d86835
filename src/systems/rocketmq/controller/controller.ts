/**
 * A controller (RMQ-072 to RMQ-074): it knows which replicas of each broker name are there, by their heartbeats, and decides who is master. What
 * it has decided is on stable storage before anybody hears of it.
 *
 * Simplified: there is one controller, as where the facts were measured (RML-034, RML-043 to RML-054), and not a Raft group of several. While it is
 * away nobody is elected and no set changes; masters go on. A broker that asks for its role has it confirmed or asks for an election by the same
 * message. Of the priorities of an election the order of names is left.
 */
import type { Us } from '../../../plan/units.ts'
import type { Entry } from '../../../sim/agenda.ts'
import { cellValue } from '../../../sim/disk.ts'
import type { Env, NodeId, Setting } from '../../../sim/system.ts'
import { toGrid } from '../broker/grid.ts'
import type { RocketmqConfig } from '../config.ts'
import type { AlterSet, AskRole, HeartbeatHeard, ReplicaHeartbeat, RoleView, TellRole } from '../controller-messages.ts'
import { namesakes } from '../nodes.ts'
import { salted, type RocketmqMessage } from '../messages.ts'
import type { Candidate, ControllerRules } from './rules.ts'

type ControllerEnv = Env<ControllerRules>

/** What is decided for one broker name, which its first process stands for. */
interface Decided extends RoleView {
  readonly home: NodeId
}

/** A replica, and when it was heard of last. */
interface Heard extends Candidate {
  readonly at: Us
  /** The incarnation by whose connection it was heard. */
  readonly connection: number
}

interface ControllerShape {
  readonly names: readonly string[]
  /** The processes of each broker name, the one that stands for it first. */
  readonly groups: readonly (readonly NodeId[])[]
  readonly expiryUs: Us
  readonly scanUs: Us
  readonly unclean: boolean
  readonly vouches: boolean
}

export interface ControllerState {
  readonly role: 'controller'
  readonly id: NodeId
  readonly shape: ControllerShape
  startedAt: Us
  /** On disk, too. */
  decided: readonly Decided[]
  heard: readonly Heard[]
}

const FILE = 'controller'
interface ControllerFile {
  readonly decided: readonly Decided[]
}
const SCAN = 'scan'

const groupOf = ({ shape }: ControllerState, replica: NodeId): readonly NodeId[] =>
  shape.groups.find((group) => group.includes(replica)) ?? []

function decidedFor(state: ControllerState, replica: NodeId): Decided {
  const home = groupOf(state, replica)[0] ?? replica
  return state.decided.find((one) => one.home === home) ?? { home, epoch: 0, master: -1, set: [], setEpoch: 0 }
}

/** A controller that has just started gives everybody the time to be heard. */
function isThere(state: ControllerState, env: ControllerEnv, replica: NodeId): boolean {
  const at = state.heard.find((one) => one.replica === replica)?.at ?? -1
  return at >= 0 && !env.rules.isUnheard(env.uptime - at, state.shape.expiryUs)
}
const mayBeThere = (state: ControllerState, env: ControllerEnv, replica: NodeId): boolean =>
  isThere(state, env, replica) ||
  (replica >= 0 && !env.rules.isUnheard(env.uptime - state.startedAt, state.shape.expiryUs) && wasNeverHeard(state, replica))
const wasNeverHeard = ({ heard }: ControllerState, replica: NodeId): boolean => heard.every((one) => one.replica !== replica)

/** False: the disk did not take it, so it is not decided. */
function decide(state: ControllerState, env: ControllerEnv, next: Decided): boolean {
  const others = state.decided.filter(({ home }) => home !== next.home)
  const decided = [...others, next].map((one) => ({ ...one, set: [...one.set] })).sort((x, y) => x.home - y.home)
  env.put(FILE, { decided } satisfies ControllerFile)
  if (!env.forceNow(FILE)) return false
  state.decided = decided
  return true
}

function tell(env: ControllerEnv, to: NodeId, { epoch, master, set, setEpoch }: Decided, altered = false): void {
  const salt = salted('tellRole', epoch, setEpoch, env.uptime)
  env.send(to, { type: 'tellRole', salt, altered, view: { epoch, master, set: [...set], setEpoch } } as TellRole)
}

/** RMQ-073: an old master that is there stays; else somebody is elected, and all who are there hear of it. */
function elect(state: ControllerState, env: ControllerEnv, before: Decided, asker: NodeId, barred: NodeId = -1): void {
  const group = groupOf(state, before.home)
  const alive = group.flatMap((replica) => {
    const heard = state.heard.find((one) => one.replica === replica)
    return heard !== undefined && replica !== barred && isThere(state, env, replica) ? [heard] : []
  })
  const { unclean, names } = state.shape
  const master = env.rules.elected({ set: before.set, alive, unclean, first: before.epoch === 0, asker })
  if (master < 0 && before.master < 0) return
  const epoch = master < 0 ? before.epoch : env.rules.nextEpoch(before.epoch)
  const set = master < 0 ? before.set : env.rules.setAfterElection(master, before.set)
  const next = { home: before.home, epoch, master, set, setEpoch: before.setEpoch + 1 }
  if (!decide(state, env, next) || master < 0) return
  env.record.elected({ broker: names[before.home] ?? '', master: names[master] ?? '', epoch })
  for (const replica of group) tell(env, replica, next)
}

function note(
  state: ControllerState,
  env: ControllerEnv,
  { from: replica, a: connection }: Entry,
  { epoch, max }: ReplicaHeartbeat | AskRole,
): void {
  state.heard = [...state.heard.filter((one) => one.replica !== replica), { replica, epoch, max, at: env.uptime, connection }]
}

function onHeartbeat(state: ControllerState, env: ControllerEnv, entry: Entry, beat: ReplicaHeartbeat): void {
  note(state, env, entry, beat)
  const { from } = entry
  const { master, epoch } = decidedFor(state, from)
  if (!state.shape.vouches || master !== from) return
  env.send(from, { type: 'heartbeatHeard', salt: salted('heartbeatHeard', from, beat.at), at: beat.at, epoch } as HeartbeatHeard)
}

/** A replica that has come up, or that makes sure. */
function onAskRole(state: ControllerState, env: ControllerEnv, entry: Entry, asked: AskRole): void {
  note(state, env, entry, asked)
  const { from } = entry
  const known = decidedFor(state, from)
  if (known.master === from && asked.starts && asked.blank && known.epoch > 0) elect(state, env, known, from, from)
  else if (known.master < 0) elect(state, env, known, from)
  tell(env, from, decidedFor(state, from))
}

/** RMQ-074: all members are there, the master among them. */
function onAlterSet(state: ControllerState, env: ControllerEnv, from: NodeId, asked: AlterSet): void {
  const known = decidedFor(state, from)
  const fits = known.master === from && asked.set.includes(from) && asked.set.every((replica) => isThere(state, env, replica))
  if (fits && env.rules.mayAlterSet(asked, known)) alter(state, env, { ...known, set: asked.set.slice(), setEpoch: known.setEpoch + 1 })
  tell(env, from, decidedFor(state, from), true)
}

function alter(state: ControllerState, env: ControllerEnv, next: Decided): void {
  const { names } = state.shape
  if (decide(state, env, next)) env.record.inSync({ broker: names[next.home] ?? '', set: next.set.map((replica) => names[replica] ?? '') })
}

function onScan(state: ControllerState, env: ControllerEnv): void {
  env.timer(SCAN, toGrid(env.uptime - state.startedAt, state.shape.scanUs))
  if (!env.rules.looksForSilent()) return
  for (const known of state.decided) if (known.epoch > 0 && !mayBeThere(state, env, known.master)) elect(state, env, known, -1)
}

/** A connection has closed: its replica is not there any more, which need not wait for its silence. */
function onClosed(state: ControllerState, env: ControllerEnv, { from: replica, a: firstAlive }: Entry): void {
  const heard = state.heard.find((one) => one.replica === replica)
  if (heard === undefined || heard.connection >= firstAlive) return
  state.heard = state.heard.map((one) => (one === heard ? { ...one, at: -1 } : one))
  const known = decidedFor(state, replica)
  if (known.master === replica) elect(state, env, known, -1)
}

function onMessage(state: ControllerState, entry: Entry, env: ControllerEnv): void {
  const message = entry.body as RocketmqMessage
  if (message.type === 'replicaHeartbeat') onHeartbeat(state, env, entry, message)
  else if (message.type === 'askRole') onAskRole(state, env, entry, message)
  else if (message.type === 'alterSet') onAlterSet(state, env, entry.from, message)
}

export const controller = {
  boot: (id: NodeId, { cluster, config, nodes, idOf }: Setting<RocketmqConfig>): ControllerState => ({
    role: 'controller',
    id,
    shape: {
      names: nodes.map(({ name }) => name),
      groups: cluster.brokers.map((home) => namesakes(cluster, home).map(idOf)),
      expiryUs: config.parameters.controllerExpiryUs,
      scanUs: config.parameters.controllerScanUs,
      unclean: config.enableElectUncleanMaster,
      vouches: config.repairs.includes('masterLease'),
    },
    startedAt: 0,
    decided: [],
    heard: [],
  }),

  start(state: ControllerState, env: ControllerEnv): void {
    state.startedAt = env.uptime
    state.decided = (cellValue(env.disk, FILE) as ControllerFile | null)?.decided ?? []
    env.timer(SCAN, state.shape.scanUs)
  },

  handle(state: ControllerState, entry: Entry, env: ControllerEnv): void {
    if (entry.kind === 'message') onMessage(state, entry, env)
    else if (entry.kind === 'timer') onScan(state, env)
    else if (entry.kind === 'reset') onClosed(state, env, entry)
  },

  fork: (state: ControllerState): ControllerState => ({ ...state }),

  /** Somebody of each name is master, and there. */
  pending: (state: ControllerState): string | null => {
    const leaderless = state.shape.groups.find(([home = -1]) => (state.decided.find((one) => one.home === home)?.master ?? -1) < 0)
    return leaderless === undefined ? null : `${state.shape.names[leaderless[0] ?? -1] ?? ''} has no master`
  },
}
