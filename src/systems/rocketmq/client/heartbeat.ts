/**
 * How brokers come to know a consumer (RMQ-012, RMQ-105): a heartbeat goes first on every new connection, since a broker forgets a client
 * whose connection closes, and all clients when it restarts itself (MQClientInstance: enableHeartbeatChannelEventListener).
 *
 * Left out: the turns of thirty seconds that change nothing. A consumer that pulls is heard of all the time; it takes its turn only where it
 * does not pull, where a broker said that it does not know it, and where applications with other subscriptions share its group's name.
 */
import { hashName } from '../../../plan/hash.ts'
import type { Env, Message, NodeId } from '../../../sim/system.ts'
import { salted } from '../messages.ts'
import type { ConsumerHeartbeat, UnregisterClient } from '../group-messages.ts'
import { addressesOf } from './addresses.ts'
import { isHeld, type ConsumerState, type Task } from './consumer-state.ts'
import { brokersOf as brokersOfRoute } from './routes.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>
export const HEARTBEAT_TIMER = 'heartbeat'

/** All who answer for the brokers of known routes, each once. */
const processesOf = (state: ConsumerState): NodeId[] => [...new Set(state.routes.flatMap(addressesOf))]
/** The brokers of all known routes, each once. */
const brokersOf = (state: ConsumerState): NodeId[] => [...new Set(state.routes.flatMap(brokersOfRoute))]

function beat(state: ConsumerState, env: ClientEnv, broker: NodeId): void {
  const { clientId, topics, shape, subVersion } = state
  const { name, group, filter } = shape
  const salt = salted('consumerHeartbeat', hashName(name), broker, env.uptime)
  env.send(broker, { type: 'consumerHeartbeat', salt, group, clientId, topics: topics.slice(), filter, subVersion } as ConsumerHeartbeat)
}

/** Over a new connection the heartbeat goes first; true when this was one. */
export function connect(state: ConsumerState, env: ClientEnv, broker: NodeId): boolean {
  if (state.connected.includes(broker)) return false
  state.connected.push(broker)
  beat(state, env, broker)
  return true
}

export function tellBroker(state: ConsumerState, env: ClientEnv, broker: NodeId, message: Message): void {
  connect(state, env, broker)
  env.send(broker, message)
}

export function onDisconnected(state: ConsumerState, env: ClientEnv, broker: NodeId): void {
  state.connected = state.connected.filter((one) => one !== broker)
  meetNewcomers(state, env)
}

/** An orderly consumer does not pull what it has no lock for. */
const pulls = (task: Task): boolean => isHeld(task) && task.phase !== 'locking' && (task.orderly === null || task.orderly.lockedAt !== null)

/** It is heard of by every broker all the time, and hears from each. */
export const pullsFromAll = (state: ConsumerState): boolean =>
  state.pop !== null || brokersOf(state).every((broker) => state.tasks.some((task) => task.broker === broker && pulls(task)))

/** Whoever may answer for a broker has heard of it, so that each can say who is in the group: also those from which it does not pull. */
const isKnown = ({ routes, connected }: ConsumerState): boolean =>
  routes.every(({ homes }) =>
    homes.every(({ master, slaves }) => (master < 0 || connected.includes(master)) && slaves.every((one) => connected.includes(one))),
  )

/** Arms the next turn, on its own grid, if it can change something. `unknown`: a broker did not know this consumer. */
export function armHeartbeat(state: ConsumerState, env: ClientEnv, unknown = false): void {
  const { shape, startedAt } = state
  if (!unknown && !shape.contested && pullsFromAll(state) && isKnown(state)) return
  const { heartbeatUs } = shape.parameters
  env.timer(HEARTBEAT_TIMER, heartbeatUs - ((env.uptime - startedAt) % heartbeatUs))
}

/** Who has not heard of this consumer hears of it with the next turn. */
export function meetNewcomers(state: ConsumerState, env: ClientEnv): void {
  if (!isKnown(state)) armHeartbeat(state, env)
}

export function onHeartbeatTimer(state: ConsumerState, env: ClientEnv): void {
  for (const broker of processesOf(state)) if (!connect(state, env, broker)) beat(state, env, broker)
  armHeartbeat(state, env)
}

/** A consumer that stops connects to nobody any more. */
export const stopConnecting = (state: ConsumerState): void => void (state.connected = processesOf(state))

export function unregister(state: ConsumerState, env: ClientEnv): void {
  const { clientId, shape } = state
  const salt = salted('unregisterClient', hashName(shape.name), env.uptime)
  for (const broker of processesOf(state))
    env.send(broker, { type: 'unregisterClient', salt, group: shape.group, clientId } as UnregisterClient)
}
