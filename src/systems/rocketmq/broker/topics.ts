/**
 * Topics that are created or get other numbers of queues while the broker runs: persisted at once, then registered, then confirmed (RMQ-004, RMQ-164).
 * A group's own topics the broker makes itself, where the group reads here what it did not read here at the start (RMQ-113).
 */
import { retryTopic } from '../../../plan/group-topics.ts'
import type { Entry } from '../../../sim/agenda.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted } from '../messages.ts'
import type {
  ConsumeStats,
  CreateTopic,
  CreateTopicAnswer,
  GetConsumeStats,
  GetTopicStats,
  TopicStats,
  UpdateTopic,
  UpdateTopicAnswer,
} from '../admin-messages.ts'
import type { RegisterBroker, TopicQueues, UnregisterBroker } from '../route-messages.ts'
import { addQueue } from './queues.ts'
import { storedOffset } from './offsets.ts'
import type { BrokerRules } from './rules.ts'
import { isIsolated, isSlave, queueOf, topicOf, type BrokerState } from './state.ts'
import { isSystemTopic } from './shape.ts'

type BrokerEnv = Env<BrokerRules>
export const TOPIC_FILE = 'config/topics.json'
export interface TopicFile {
  readonly topics: readonly TopicQueues[]
}

/** What a broker says of itself that is not alone under its name. */
function standing(state: BrokerState): Partial<RegisterBroker> {
  const { ha, ledger } = state
  if (ledger !== null) return isSlave(state) ? { slaveOf: ledger.group } : { home: ledger.group }
  if (ha === null) return {}
  const { replica, shape } = ha
  const acting = ha.acting === null ? {} : ({ acting: true } as const)
  if (replica === null && shape.master >= 0) return { slaveOf: shape.home, ...acting }
  if (replica === null) return shape.home === state.id ? acting : { home: shape.home, ...acting }
  const { home } = replica.shape
  return { home, epoch: replica.view.epoch, ...(replica.role === 'master' ? {} : { slaveOf: home }) }
}

/** RMQ-002: to every NameServer, since they never talk to each other. */
function registerTopics(state: BrokerState, env: BrokerEnv, topics: readonly TopicQueues[], increment: boolean): void {
  const salt = salted('registerBroker', increment ? 1 : 0, env.uptime)
  for (const to of env.rules.registersWith(state.shape.nameservers))
    env.send(to, {
      type: 'registerBroker',
      salt,
      topics,
      increment,
      ...standing(state),
    })
}

export function register(state: BrokerState, env: BrokerEnv): void {
  // RMQ-007: who has said goodbye does not come back.
  if (state.stopping !== null || isIsolated(state) || state.ha?.replica?.role === 'fenced') return
  registerTopics(
    state,
    env,
    state.topics.filter(({ topic }) => !isSystemTopic(state, topic)).map((one) => ({ ...one })),
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

/** Creating a topic again changes nothing. */
export function onCreateTopic(state: BrokerState, env: BrokerEnv, from: NodeId, { topic, queues, op }: CreateTopic): void {
  if (topicOf(state, topic) === undefined) setTopic(state, { topic, readQueues: queues, writeQueues: queues })
  state.creating.push({ topic, asked: { from, op, update: false } })
  saveTopics(state, env, () => true)
}

/** RMQ-016, RMQ-017: nothing is asked of the queues; those that are numbered too high now keep what they hold. */
export function onUpdateTopic(state: BrokerState, env: BrokerEnv, from: NodeId, { topic, readQueues, writeQueues, op }: UpdateTopic): void {
  setTopic(state, { topic, ...env.rules.numbersAfterUpdate({ readQueues, writeQueues }) })
  state.creating.push({ topic, asked: { from, op, update: true } })
  saveTopics(state, env, (one) => env.rules.savesUpdates() || one !== topic)
}

/** RMQ-113: its retry topic when a consumer says that it is there, or gives a message back; its dead letters with the first of them. */
export function createOwnTopic(state: BrokerState, env: BrokerEnv, group: string, topic: string): void {
  if (!state.shape.retryTopics.has(retryTopic(group)) || isSlave(state) || state.stopping !== null || topicOf(state, topic) !== undefined)
    return
  setTopic(state, { topic, readQueues: 1, writeQueues: 1 })
  state.creating.push({ topic, asked: null })
  saveTopics(state, env, () => true)
}

/** Of a slave: what its master says of a topic. */
export function takeTopic(state: BrokerState, env: BrokerEnv, topic: TopicQueues): void {
  const known = topicOf(state, topic.topic)
  if (known !== undefined && sameNumbers(known, topic)) return
  setTopic(state, topic)
  saveTopics(state, env, () => true)
}

function setTopic(state: BrokerState, { topic, readQueues, writeQueues }: TopicQueues): void {
  state.topics = [...state.topics.filter((one) => one.topic !== topic), { topic, readQueues, writeQueues }]
  for (let queue = 0; queue < Math.max(readQueues, writeQueues); queue++)
    if (queueOf(state, topic, queue) === undefined) addQueue(state, topic, queue)
}

/** Those that are not what the cluster began with. */
function saveTopics(state: BrokerState, env: BrokerEnv, which: (topic: string) => boolean): void {
  const isGiven = (one: TopicQueues): boolean => state.shape.topics.some((given) => given.topic === one.topic && sameNumbers(given, one))
  const own = state.topics.filter((one) => which(one.topic) && !isGiven(one)).map((one) => ({ ...one }))
  env.save(TOPIC_FILE, { topics: own } satisfies TopicFile)
}

const sameNumbers = (x: TopicQueues, y: TopicQueues): boolean => x.readQueues === y.readQueues && x.writeQueues === y.writeQueues

/** GET_TOPIC_STATS_INFO. */
export function onGetTopicStats(state: BrokerState, env: BrokerEnv, from: NodeId, { op, asked, topic, salt }: GetTopicStats): void {
  const ends = Array.from({ length: topicOf(state, topic)?.readQueues ?? 0 }, (_, queue) => queueOf(state, topic, queue)?.max ?? 0)
  env.send(from, { type: 'topicStats', salt: salted('topicStats', salt), op, asked, ends } as TopicStats)
}

/** GET_CONSUME_STATS: a group that has never committed anything is behind by all that is there. */
export function onGetConsumeStats(state: BrokerState, env: BrokerEnv, from: NodeId, request: GetConsumeStats): void {
  const { op, asked, group, topic, until } = request
  let behind = 0
  const queues = until.length > 0 ? until.length : (topicOf(state, topic)?.readQueues ?? 0)
  for (let queue = request.from; queue < queues; queue++)
    behind += Math.max(0, (until[queue] ?? queueOf(state, topic, queue)?.max ?? 0) - (storedOffset(state, group, topic, queue) ?? 0))
  env.send(from, { type: 'consumeStats', salt: salted('consumeStats', request.salt), op, asked, behind } as ConsumeStats)
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
  for (const { asked } of creating) {
    if (asked === null) continue
    const { from, op, update } = asked
    const type = update ? 'updateTopicAnswer' : 'createTopicAnswer'
    env.send(from, { type, salt: salted(type, op, env.uptime), op } as CreateTopicAnswer | UpdateTopicAnswer)
  }
}
