/**
 * Slaves that stand in for their masters (RMQ-071). Every broker says each second that it is there, and a slave asks each second who of its name is:
 * where nobody comes before it, it acts as the master, whom NameServers show in its place (RMQ-010). It is read, grants the locks of orderly groups
 * and keeps the progress of all; it stores nothing, since it is a slave still: what is due while it acts (delayed messages, checks of transactions)
 * waits for the master.
 *
 * Nobody else than NameServers says who is there. A master that they do not hear, and that is there all the same, goes on beside its slave.
 *
 * Left out: enableRemoteEscape, by which a slave gives to other masters what is due. Simplified: a master that is not registered goes on delivering
 * what is due, and checking; a slave goes on trying to connect to its master.
 */
import type { Env, NodeId } from '../../../sim/system.ts'
import type { PreOnline, ProgressBack } from '../ha-messages.ts'
import { salted, type RocketmqMessage } from '../messages.ts'
import type { GetMemberGroup, MemberGroup } from '../route-messages.ts'
import type { ActingState } from './acting-state.ts'
import { waitOutLocks } from './locks.ts'
import { onPreOnline, onProgressBack, prepare } from './pre-online.ts'
import type { BrokerRules } from './rules.ts'
import { homeOf, isIsolated, isSlave, type BrokerState } from './state.ts'

type BrokerEnv = Env<BrokerRules>
export const ACTING_HEARTBEAT = 'actingHeartbeat'
export const MEMBER_POLL = 'memberGroup'

/** Of a process that has just recovered. */
export function startActing(state: BrokerState, env: BrokerEnv): void {
  const acting = state.ha?.acting ?? null
  if (acting === null) return
  env.timer(ACTING_HEARTBEAT, state.shape.parameters.actingHeartbeatUs)
  if (isSlave(state)) env.timer(MEMBER_POLL, state.shape.parameters.memberGroupUs)
  else askMembers(state, env, acting)
}

export function onActingHeartbeat(state: BrokerState, env: BrokerEnv): void {
  if (state.stopping !== null) return
  const salt = salted('brokerHeartbeat', state.id, env.uptime)
  if (!isIsolated(state)) for (const to of state.shape.nameservers) env.send(to, { type: 'brokerHeartbeat', salt })
  env.timer(ACTING_HEARTBEAT, state.shape.parameters.actingHeartbeatUs)
}

export function onMemberPoll(state: BrokerState, env: BrokerEnv): void {
  const acting = state.ha?.acting ?? null
  if (acting !== null && state.stopping === null) askMembers(state, env, acting)
}

/** One NameServer, until it leaves a question without an answer; then the next. */
function askMembers(state: BrokerState, env: BrokerEnv, acting: ActingState): void {
  const { nameservers, parameters } = state.shape
  if (acting.asked) acting.chosen = (acting.chosen + 1) % nameservers.length
  acting.asked = true
  const to = nameservers[acting.chosen]
  const salt = salted('getMemberGroup', state.id, env.uptime)
  if (to !== undefined) env.send(to, { type: 'getMemberGroup', salt, home: homeOf(state) } as GetMemberGroup)
  if (isSlave(state) || isIsolated(state)) env.timer(MEMBER_POLL, parameters.memberGroupUs)
}

export type StandIns = MemberGroup | PreOnline | ProgressBack
export const isStandIns = (message: RocketmqMessage): message is StandIns =>
  message.type === 'memberGroup' || message.type === 'preOnline' || message.type === 'progressBack'

export function onStandInMessage(state: BrokerState, env: BrokerEnv, from: NodeId, message: StandIns): void {
  if (message.type === 'memberGroup') onMemberGroup(state, env, message)
  else if (message.type === 'preOnline') onPreOnline(state, env, from, message)
  else onProgressBack(state, env, message)
}

function onMemberGroup(state: BrokerState, env: BrokerEnv, { members }: MemberGroup): void {
  const acting = state.ha?.acting ?? null
  if (acting === null || state.stopping !== null) return
  acting.asked = false
  if (isIsolated(state)) return prepare(state, env, acting, members)
  // A NameServer that has just started knows nobody yet.
  if (!isSlave(state) || members.length === 0) return
  const acts = env.rules.actsForMaster(state.id, members)
  if (acts === acting.acts) return
  acting.acts = acts
  env.record.acting(acts ? 'acting master' : 'slave')
  if (acts) waitOutLocks(state, env)
}

/** What keeps this broker from its rest, or null. */
export function pendingActing(state: BrokerState): string | null {
  if (isIsolated(state)) return `${state.shape.name} has come back, and is not registered yet`
  return state.ha?.acting?.acts === true ? `${state.shape.name} stands in for its master` : null
}
