/** Topics that are created while the broker runs: persisted at once, then registered, then confirmed (RMQ-004, RMQ-164). */
import type { Entry } from '../../../sim/agenda.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted, type CreateTopic, type CreateTopicAnswer, type RegisterBroker, type TopicQueues } from '../messages.ts'
import { addQueue } from './dispatch.ts'
import type { BrokerRules } from './rules.ts'
import { isSystemTopic, type BrokerState } from './state.ts'

type BrokerEnv = Env<BrokerRules>
export const TOPIC_FILE = 'config/topics.json'
export interface TopicFile {
  readonly topics: readonly TopicQueues[]
}

/** RMQ-002: to every NameServer, since they never talk to each other. */
export function register(state: BrokerState, env: BrokerEnv): void {
  const topics = state.topics.filter(({ topic }) => !isSystemTopic(topic)).map((one) => ({ ...one }))
  for (const to of state.shape.nameservers)
    env.send(to, { type: 'registerBroker', salt: salted('registerBroker', env.uptime), topics } as RegisterBroker)
}

/** Creating a topic again changes nothing; queue counts change with another capability. */
export function onCreateTopic(state: BrokerState, env: BrokerEnv, from: NodeId, request: CreateTopic): void {
  if (!state.topics.some(({ topic }) => topic === request.topic)) {
    state.topics.push({ topic: request.topic, queues: request.queues })
    for (let queue = 0; queue < request.queues; queue++) addQueue(state, request.topic, queue)
  }
  state.creating.push({ from, op: request.op })
  const own = state.topics.filter(({ topic }) => !state.shape.topics.some((given) => given.topic === topic)).map((one) => ({ ...one }))
  env.save(TOPIC_FILE, { topics: own } satisfies TopicFile)
}

export function onTopicsSaved(state: BrokerState, env: BrokerEnv, entry: Entry): void {
  const creating = state.creating
  state.creating = []
  // A failed save leaves the creators without an answer: the topic works until the next crash.
  if (entry.b === 0) return
  register(state, env)
  for (const { from, op } of creating)
    env.send(from, { type: 'createTopicAnswer', salt: salted('createTopicAnswer', op, env.uptime), op } as CreateTopicAnswer)
}
