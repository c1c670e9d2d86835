/**
 * Who is in which group, as this broker knows it (RMQ-101, RMQ-105): in memory alone, from heartbeats. Brokers never compare their tables, so
 * two of them may tell clients different things.
 *
 * Left out: heartbeats of members that pull, which say every fifteen seconds that they are there; their pulls count instead.
 */
import { retryTopic } from '../../../plan/group-topics.ts'
import { hashName } from '../../../plan/hash.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted } from '../messages.ts'
import type { ConsumerHeartbeat, ConsumerIdsChanged, ConsumerList, GetConsumerList } from '../group-messages.ts'
import { mergeFilters } from './filter.ts'
import { toGrid } from './grid.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState, Member } from './state.ts'
import { createOwnTopic } from './topics.ts'

type BrokerEnv = Env<BrokerRules>

const isOf = (member: Member, group: string, clientId: string): boolean => member.clientId === clientId && member.group === group

function memberOf(state: BrokerState, group: string, clientId: string): Member | undefined {
  for (const member of state.members) if (isOf(member, group, clientId)) return member
  return undefined
}

export function onConsumerHeartbeat(state: BrokerState, env: BrokerEnv, from: NodeId, beat: ConsumerHeartbeat): void {
  const { group, clientId } = beat
  createOwnTopic(state, env, group, retryTopic(group))
  const known = memberOf(state, group, clientId)
  if (known === undefined) state.members.push({ group, clientId, from, seenAt: env.uptime, informed: false })
  else known.seenAt = env.uptime
  const resubscribed = subscribe(state, env, beat)
  if (known === undefined || resubscribed) notify(state, env, group)
  armScan(state, env)
}

/** RMQ-105: a group has one subscription at the broker, and topics that a heartbeat does not name are removed from it. */
function subscribe(state: BrokerState, env: BrokerEnv, beat: ConsumerHeartbeat): boolean {
  const { group, topics } = beat
  const known = state.subscriptions.find((one) => one.group === group)
  const next = env.rules.nextSubscription(known?.topics ?? [], topics)
  const filters = mergeFilters(known?.filters ?? [], beat, next, env.rules.replacesFilter)
  const sameTopics = known?.topics.join() === next.join()
  if (known !== undefined && sameTopics && filters.every((one, k) => one === known.filters[k])) return false
  state.subscriptions = [...state.subscriptions.filter((one) => one !== known), { group, topics: next, filters }]
  // Another filter is no news for the members.
  return known !== undefined && !sameTopics
}

/**
 * A pull for a topic that its group does not subscribe is refused (SUBSCRIPTION_NOT_EXIST). So is one of a group that the broker does not know,
 * but a heartbeat goes first on every connection: what the two make of the same instant is left out.
 */
export function isSubscribed(state: BrokerState, group: string, topic: string): boolean {
  for (const one of state.subscriptions) if (one.group === group) return one.topics.includes(topic)
  return true
}

/** Whoever pulls is there. */
export function noteAlive(state: BrokerState, env: BrokerEnv, group: string, clientId: string): void {
  const member = memberOf(state, group, clientId)
  if (member !== undefined) member.seenAt = env.uptime
}

/** Its view of the group is out of date, as far as this broker knows. */
export const isStale = (state: BrokerState, group: string, clientId: string): boolean => memberOf(state, group, clientId)?.informed !== true

export const onUnregister = (state: BrokerState, env: BrokerEnv, group: string, clientId: string): void =>
  remove(state, env, (member) => isOf(member, group, clientId))

/** The connection to a client is gone, and its members with it. */
export function onClientGone(state: BrokerState, env: BrokerEnv, from: NodeId): void {
  if (env.rules.forgetsClosed()) remove(state, env, (member) => member.from === from)
}

function remove(state: BrokerState, env: BrokerEnv, isGone: (member: Member) => boolean): void {
  const gone = state.members.filter(isGone)
  if (gone.length === 0) return
  state.members = state.members.filter((member) => !gone.includes(member))
  for (const group of new Set(gone.map((member) => member.group))) {
    if (state.members.some((member) => member.group === group)) notify(state, env, group)
    else state.subscriptions = state.subscriptions.filter((one) => one.group !== group)
  }
}

/** RMQ-101: every member hears that the members have changed, the new one too. */
function notify(state: BrokerState, env: BrokerEnv, group: string): void {
  for (const member of state.members) if (member.group === group) member.informed = false
  if (!env.rules.notifiesMembers()) return
  const salt = salted('consumerIdsChanged', hashName(group), state.id, env.uptime)
  const message: ConsumerIdsChanged = { type: 'consumerIdsChanged', salt, group }
  for (const to of new Set(state.members.flatMap((member) => (member.group === group ? [member.from] : [])))) env.send(to, message)
}

export function onGetConsumerList(state: BrokerState, env: BrokerEnv, from: NodeId, asked: GetConsumerList): void {
  const asker = memberOf(state, asked.group, asked.clientId)
  if (asker !== undefined) asker.informed = true
  const members = env.rules.membersOf(state.members, asked.group).map((member) => member.clientId)
  const message: ConsumerList = { type: 'consumerList', salt: salted('consumerList', asked.salt), request: asked.request, members }
  env.send(from, message)
}

/** The scan of every ten seconds, armed for when somebody can have been silent for too long. */
function armScan(state: BrokerState, env: BrokerEnv): void {
  const { memberExpiryUs, memberScanUs } = state.shape.parameters
  const oldest = state.members.reduce((first, { seenAt }) => Math.min(first, seenAt), Infinity)
  if (oldest === Infinity || state.scanArmed) return
  state.scanArmed = true
  const due = oldest + memberExpiryUs - env.uptime
  env.timer('members', due + toGrid(env.uptime + due, memberScanUs))
}

export function onMemberScan(state: BrokerState, env: BrokerEnv): void {
  const { memberExpiryUs } = state.shape.parameters
  state.scanArmed = false
  remove(state, env, ({ seenAt }) => env.rules.isExpired(env.uptime - seenAt, memberExpiryUs))
  armScan(state, env)
}
