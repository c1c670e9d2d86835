/** Topics that are created while the broker runs: persisted at once, then registered, then confirmed (RMQ-004, RMQ-164). */
import type { Entry } from '../../../sim/agenda.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import {
  salted,
  type CreateTopic,
  type CreateTopicAnswer,
  type RegisterBroker,
  type TopicQueues,
  type UnregisterBroker,
} from '../messages.ts'
import { addQueue } from './dispatch.ts'
import type { BrokerRules } from './rules.ts'
import { isSystemTopic, type BrokerState } from './state.ts'

type BrokerEnv = Env<BrokerRules>
export const TOPIC_FILE = 'config/topics.json'
export interface TopicFile {
  readonly topics: readonly TopicQueues[]
}

/** RMQ-002: to every NameServer, since they never talk to each other. */
function registerTopics(state: BrokerState, env: BrokerEnv, topics: readonly TopicQueues[], increment: boolean): void {
  const salt = salted('registerBroker', increment ? 1 : 0, env.uptime)
  for (const to of env.rules.registersWith(state.shape.nameservers))
    env.send(to, { type: 'registerBroker', salt, topics, increment } as RegisterBroker)
}

export function register(state: BrokerState, env: BrokerEnv): void {
  // RMQ-007: who has said goodbye does not come back.
  if (state.stopping !== null) return
  registerTopics(
    state,
    env,
    state.topics.filter(({ topic }) => !isSystemTopic(topic)).map((one) => ({ ...one })),
    false,
  )
}

/** RMQ-004: every 30 s, first after 10 s, without any change too. */
export function onRegisterTimer(state: BrokerState, env: BrokerEnv): void {
  if (env.rules.registersUnchanged()) register(state, env)
  env.timer('register', state.shape.parameters.registerIntervalUs)
}

/** A stop in good order begins with a goodbye, so that nobody is sent here any more. */
export function unregister(state: BrokerState, env: BrokerEnv): void {
  const goodbye: UnregisterBroker = { type: 'unregisterBroker', salt: salted('unregisterBroker', env.uptime) }
  for (const to of state.shape.nameservers) env.send(to, goodbye)
}

/** Creating a topic again changes nothing; queue counts change with another capability. */
export function onCreateTopic(state: BrokerState, env: BrokerEnv, from: NodeId, request: CreateTopic): void {
  if (!state.topics.some(({ topic }) => topic === request.topic)) {
    state.topics.push({ topic: request.topic, queues: request.queues })
    for (let queue = 0; queue < request.queues; queue++) addQueue(state, request.topic, queue)
  }
  state.creating.push({ from, op: request.op, topic: request.topic })
  const own = state.topics.filter(({ topic }) => !state.shape.topics.some((given) => given.topic === topic)).map((one) => ({ ...one }))
  env.save(TOPIC_FILE, { topics: own } satisfies TopicFile)
}

export function onTopicsSaved(state: BrokerState, env: BrokerEnv, entry: Entry): void {
  const creating = state.creating
  state.creating = []
  // A failed save leaves the creators without an answer: the topic works until the next crash.
  if (entry.b === 0) return
  const changed = new Set(creating.map(({ topic }) => topic))
  // RML-007: each is registered by itself, so that a NameServer which does not know this broker refuses several as it does one.
  const topics = state.stopping === null ? state.topics.filter(({ topic }) => changed.has(topic)) : []
  for (const one of topics) registerTopics(state, env, [{ ...one }], true)
  for (const { from, op } of creating)
    env.send(from, { type: 'createTopicAnswer', salt: salted('createTopicAnswer', op, env.uptime), op } as CreateTopicAnswer)
}
