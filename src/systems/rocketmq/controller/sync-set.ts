/**
 * The SyncStateSet, as its master keeps it (RMQ-074, RMQ-076, RMQ-077): who has everything that consumers are shown. Its controllers say what the
 * set is; a change that they have not confirmed counts as both sets.
 */
import type { Env, NodeId } from '../../../sim/system.ts'
import { armDispatch } from '../broker/dispatch.ts'
import { toGrid } from '../broker/grid.ts'
import type { HaState, Link } from '../broker/ha-state.ts'
import { answerCopied } from '../broker/ha-wait.ts'
import type { BrokerRules } from '../broker/rules.ts'
import type { BrokerState } from '../broker/state.ts'
import type { AlterSet, RoleView } from '../controller-messages.ts'
import { salted } from '../messages.ts'
import { decidingFor } from './leader.ts'
import type { Replica } from './replica-state.ts'

type BrokerEnv = Env<BrokerRules>
export const SET_TIMER = 'syncStateSet'

/** All who must have a record, the master counted in. */
const members = (env: BrokerEnv, { view, asked }: Replica): readonly NodeId[] => env.rules.setInForce(view.set, asked)

const linkTo = ({ links }: HaState, slave: NodeId): Link | undefined => links.find((link) => link.slave === slave)

/** RMQ-077: needed acks of -1 mean the whole set. */
export function setHas(env: BrokerEnv, ha: HaState, replica: Replica, end: number): boolean {
  const all = members(env, replica)
  const acks = ha.links.flatMap(({ slave, max }) => (all.includes(slave) ? [max] : []))
  return env.rules.hasAllAcks(acks, all.length, end)
}

/** RMQ-077: why a new send is refused. */
export const lacksReplicas = ({ ha, shape }: BrokerState, env: BrokerEnv): boolean =>
  ha !== null && ha.replica !== null && !env.rules.hasEnoughInSync(members(env, ha.replica).length, shape.parameters.minInSyncReplicas)

/** RMQ-030: up to where consumers are shown the log. */
export function confirmed({ id, log }: BrokerState, env: BrokerEnv, ha: HaState, replica: Replica): number {
  if (replica.role === 'master') {
    const others = members(env, replica).filter((member) => member !== id)
    const all = replica.shape.allAck && others.length > 0
    replica.confirm = all
      ? env.rules.confirmOffset(
          replica.confirm,
          others.map((member) => linkTo(ha, member)?.max ?? null),
          log.end,
        )
      : log.end
  }
  return Math.min(replica.confirm, log.end)
}

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
