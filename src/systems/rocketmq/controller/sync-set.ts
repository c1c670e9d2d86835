/**
 * How a master keeps its SyncStateSet (RMQ-074, RMQ-076, RMQ-077): who has everything that consumers are shown. Its controllers say what the set is;
 * a change that they have not confirmed counts as both sets (in-sync.ts).
 */
import type { Env, NodeId } from '../../../sim/system.ts'
import { armDispatch } from '../broker/dispatch-timer.ts'
import { toGrid } from '../broker/grid.ts'
import type { HaState, Link } from '../broker/ha-state.ts'
import { answerCopied } from '../broker/ha-wait.ts'
import type { BrokerRules } from '../broker/rules.ts'
import type { BrokerState } from '../broker/state.ts'
import type { AlterSet, RoleView } from '../controller-messages.ts'
import { salted } from '../messages.ts'
import { confirmed, linkTo } from './in-sync.ts'
import { decidingFor } from './leader.ts'
import type { Replica } from './replica-state.ts'

type BrokerEnv = Env<BrokerRules>
export const SET_TIMER = 'syncStateSet'

/** A slave has connected, or said how far it is. */
export function noteSlave(state: BrokerState, env: BrokerEnv, ha: HaState, replica: Replica, link: Link): void {
  if (replica.successor !== null) return
  if (link.max >= state.log.end) link.caughtUpAt = env.uptime
  const start = replica.epochs.at(-1)?.start ?? 0
  const isNew = !replica.view.set.includes(link.slave)
  if (isNew && replica.asked === null && env.rules.hasCaughtUp(link.max, confirmed(state, env, ha, replica), start))
    ask(state, env, replica, [...replica.view.set, link.slave])
  armDispatch(state, env)
}

/** A connection is gone, and with it a member. */
export function noteGone(state: BrokerState, env: BrokerEnv, replica: Replica, slave: NodeId): void {
  if (replica.role !== 'master' || replica.successor !== null || replica.asked !== null || !replica.view.set.includes(slave)) return
  ask(state, env, replica, without(replica.view.set, slave))
}

const without = (set: readonly NodeId[], slave: NodeId): NodeId[] => set.filter((member) => member !== slave)

export const armSetCheck = (state: BrokerState, env: BrokerEnv): void =>
  env.timer(SET_TIMER, toGrid(env.uptime, state.shape.parameters.checkSyncStateSetUs))

/** RMQ-074: every five seconds. What was asked for and not answered is asked again. */
export function onSetTimer(state: BrokerState, env: BrokerEnv): void {
  const { ha } = state
  const replica = ha?.replica ?? null
  if (ha === null || replica === null || replica.role !== 'master' || state.stopping !== null) return
  armSetCheck(state, env)
  if (replica.successor !== null) return
  if (replica.asked !== null) return ask(state, env, replica, replica.asked)
  const stays = (member: NodeId): boolean => member === state.id || keepsUp(state, env, linkTo(ha, member))
  const next = replica.view.set.filter(stays)
  if (next.length < replica.view.set.length) ask(state, env, replica, next)
}

function keepsUp({ log, shape }: BrokerState, env: BrokerEnv, link: Link | undefined): boolean {
  if (link === undefined) return false
  return link.max >= log.end || !env.rules.hasFallenBehind(env.uptime - link.caughtUpAt, shape.parameters.notCaughtUpUs)
}

function ask(state: BrokerState, env: BrokerEnv, replica: Replica, set: readonly NodeId[]): void {
  const { epoch, setEpoch } = replica.view
  replica.asked = set.slice()
  const message: AlterSet = {
    type: 'alterSet',
    salt: salted('alterSet', state.id, setEpoch, env.uptime),
    epoch,
    setEpoch,
    set: set.slice(),
  }
  for (const to of decidingFor(replica)) env.send(to, message)
}

/** What the set is now; `altered`: this answers what was asked for, be it with no. */
export function knowSet(state: BrokerState, env: BrokerEnv, ha: HaState, replica: Replica, view: RoleView, altered: boolean): void {
  if (view.setEpoch < replica.view.setEpoch) return
  if (altered || view.setEpoch > replica.view.setEpoch) replica.asked = null
  replica.view = view
  answerCopied(state, env, ha)
  armDispatch(state, env)
}
