/**
 * A broker that is told by controllers what it is (RMQ-072, RMQ-075): it is fenced until its role is confirmed, says every second that it is there,
 * and makes sure of its role every five seconds. Whoever is told of a newer epoch follows; nobody else tells a master that it is one no more.
 *
 * Simplified: taking up a role takes no time, but for a master that gives up its own: it has taken its successor's set for its own by then, which
 * is a set of one, and goes on for `demotionUs` (inferred from RML-045, where new sends were acknowledged after the old master had woken, and from
 * RML-054, where a set of one was too small for them).
 */
import { ms } from '../../../plan/units.ts'
import { cellValue } from '../../../sim/disk.ts'
import type { Env } from '../../../sim/system.ts'
import { dispatchTo } from '../broker/dispatch.ts'
import { addQueue } from '../broker/queues.ts'
import { toGrid } from '../broker/grid.ts'
import { connect, CONNECT_TIMER, SYNC_TIMER } from '../broker/ha-slave.ts'
import type { HaState } from '../broker/ha-state.ts'
import { answerCopied } from '../broker/ha-wait.ts'
import { scan } from '../broker/log.ts'
import { Blank } from '../broker/record.ts'
import { startCleaner } from '../broker/retention.ts'
import type { BrokerRules } from '../broker/rules.ts'
import { queueOf, type BrokerState } from '../broker/state.ts'
import { register } from '../broker/topics.ts'
import type { AskRole, EpochEntry, HeartbeatHeard, ReplicaHeartbeat, RoleView } from '../controller-messages.ts'
import { salted } from '../messages.ts'
import { takeUpDuties } from '../broker/duties.ts'
import { CONTROLLER_TIMER, decidingFor } from './leader.ts'
import type { Replica } from './replica-state.ts'
import { armSetCheck, knowSet } from './sync-set.ts'

type BrokerEnv = Env<BrokerRules>
export const HEARTBEAT_TIMER = 'replicaHeartbeat'
export const ROLE_TIMER = 'role'
export const DEMOTION_TIMER = 'demotion'

const STARTED_LATER = ms(2)
/** Brokers are started when there are controllers. */
const AFTER_CONTROLLERS = ms(20)
const EPOCHS = 'epochFileCheckpoint'
interface EpochFile {
  readonly entries: readonly EpochEntry[]
}

/** Of a broker that has just recovered. */
export function startReplica(state: BrokerState, env: BrokerEnv, { replica }: HaState): void {
  if (replica === null) return
  replica.epochs = ((cellValue(env.disk, EPOCHS) as EpochFile | null)?.entries ?? []).filter(({ start }) => start <= state.log.end)
  // Who asks first of all is master (RMQ-073): that is the plan's broker, since its slaves are started after it.
  const first = replica.shape.home === state.id || cellValue(env.disk, EPOCHS) !== null
  if (replica.shape.controllers.length > 1) env.timer(CONTROLLER_TIMER, AFTER_CONTROLLERS + (first ? 0 : STARTED_LATER))
  else env.timer(ROLE_TIMER, first ? 0 : STARTED_LATER)
  onHeartbeatTimer(state, env)
}

/** That the real epoch file is forced whenever it changes is inferred, not measured. */
export function saveEpochs(env: BrokerEnv, replica: Replica, entries: readonly EpochEntry[]): void {
  const table = entries.map((entry) => ({ ...entry }))
  replica.epochs = table
  env.put(EPOCHS, { entries: table } satisfies EpochFile)
  env.forceNow(EPOCHS)
}

export function onRoleTimer(state: BrokerState, env: BrokerEnv): void {
  const replica = state.ha?.replica ?? null
  if (replica !== null && state.stopping === null) askRole(state, env, replica)
}

function askRole(state: BrokerState, env: BrokerEnv, replica: Replica): void {
  const [starts, blank] = [replica.role === 'fenced', cellValue(env.disk, EPOCHS) === null]
  const salt = salted('askRole', state.id, env.uptime)
  for (const to of decidingFor(replica))
    env.send(to, { type: 'askRole', salt, epoch: replica.view.epoch, max: state.log.end, starts, blank } as AskRole)
  env.timer(ROLE_TIMER, state.shape.parameters.rolePollUs)
}

export function onHeartbeatTimer(state: BrokerState, env: BrokerEnv): void {
  const replica = state.ha?.replica ?? null
  if (replica === null || state.stopping !== null) return
  const salt = salted('replicaHeartbeat', state.id, env.uptime)
  const beat: ReplicaHeartbeat = {
    type: 'replicaHeartbeat',
    salt,
    at: env.uptime,
    epoch: replica.epochs.at(-1)?.epoch ?? 0,
    max: state.log.end,
  }
  for (const to of replica.shape.controllers) env.send(to, beat)
  env.timer(HEARTBEAT_TIMER, toGrid(env.uptime, state.shape.parameters.controllerHeartbeatUs))
}

export function onHeartbeatHeard({ ha }: BrokerState, { at, epoch }: HeartbeatHeard): void {
  if (ha?.replica && ha.replica.view.epoch === epoch) ha.replica.heardAt = Math.max(ha.replica.heardAt, at)
}

export function onTellRole(state: BrokerState, env: BrokerEnv, view: RoleView, altered: boolean): void {
  const { ha } = state
  const replica = ha?.replica ?? null
  if (ha === null || replica === null || state.stopping !== null || view.epoch < replica.view.epoch || view.master < 0) return
  if (view.master === state.id) {
    if (replica.role === 'master' && view.epoch === replica.view.epoch) knowSet(state, env, ha, replica, view, altered)
    else becomeMaster(state, env, ha, replica, view)
  } else if (replica.role === 'master') beDeposed(state, env, ha, replica, view)
  else if (replica.role === 'fenced' || view.epoch > replica.view.epoch) becomeSlave(state, env, ha, replica, view)
}

function leave(env: BrokerEnv, ha: HaState): void {
  ha.links = []
  ha.connected = false
  ha.stuck = false
  ha.seen = 0
  env.cancel(CONNECT_TIMER)
}

/** RMQ-075. */
function becomeMaster(state: BrokerState, env: BrokerEnv, ha: HaState, replica: Replica, view: RoleView): void {
  const { log } = state
  const served = replica.role === 'master'
  leave(env, ha)
  const shown = shownAtFirst(state, replica, view)
  const kept = replica.epochs.filter(({ epoch, start }) => start <= log.end && epoch <= view.epoch)
  saveEpochs(env, replica, kept.at(-1)?.epoch === view.epoch ? kept : [...kept, { epoch: view.epoch, start: log.end }])
  Object.assign(replica, { role: 'master', view, successor: null, asked: null, confirm: shown, heardAt: -1 } satisfies Partial<Replica>)
  env.record.role({ role: 'master', epoch: view.epoch, end: log.end })
  dispatchTo(state, env, shown)
  for (const queue of state.queues) queue.next = env.rules.nextAfterPromotion(queue.next, queue.max)
  countUnshown(state, env)
  if (replica.shape.leased) onHeartbeatTimer(state, env)
  register(state, env)
  // Who is elected anew goes on with what he does (changeScheduleServiceStatus).
  if (!served) takeUpDuties(state, env)
  startCleaner(state, env)
  armSetCheck(state, env)
}

/** RMQ-076: who waits for a whole set has no connection yet, and shows no more than it has shown before; inferred: that is what its queues hold. */
const shownAtFirst = ({ id, log, dispatchedTo }: BrokerState, { shape }: Replica, { set }: RoleView): number =>
  shape.allAck && set.some((member) => member !== id) ? Math.min(dispatchedTo, log.end) : log.end

/** RMQ-049: records that are not shown yet keep their places. */
function countUnshown(state: BrokerState, env: BrokerEnv): void {
  scan(env.disk, state.log, state.dispatchedTo, state.log.end, ({ body }) => {
    if (body instanceof Blank) return true
    const queue = queueOf(state, body.topic, body.queue) ?? addQueue(state, body.topic, body.queue)
    queue.next = Math.max(queue.next, body.offset + 1)
    return true
  })
}

/** Its successor is master already; this one has yet to stop being it, which to be told again does not put off. */
function beDeposed(state: BrokerState, env: BrokerEnv, ha: HaState, replica: Replica, view: RoleView): void {
  if (replica.successor === null) env.timer(DEMOTION_TIMER, state.shape.parameters.demotionUs)
  replica.successor = view
  replica.view = { ...replica.view, set: view.set }
  replica.asked = null
  answerCopied(state, env, ha)
}

export function onDemotionTimer(state: BrokerState, env: BrokerEnv): void {
  const { ha } = state
  const replica = ha?.replica ?? null
  if (ha !== null && replica !== null && replica.successor !== null) becomeSlave(state, env, ha, replica, replica.successor)
}

function becomeSlave(state: BrokerState, env: BrokerEnv, ha: HaState, replica: Replica, view: RoleView): void {
  leave(env, ha)
  Object.assign(replica, { role: 'slave', view, successor: null, asked: null } satisfies Partial<Replica>)
  env.record.role({ role: 'slave', epoch: view.epoch, end: state.log.end })
  register(state, env)
  connect(state, env)
  env.timer(SYNC_TIMER, state.shape.parameters.replicaSyncUs)
}
