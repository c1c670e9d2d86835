/** What never changes while a broker runs: its name, its configuration, and the topics that it begins with, its own among them. */
import { TIMER_TOPIC } from '../../../history/recalls.ts'
import { TRACE_TOPIC } from '../../../history/traces.ts'
import type { Account } from '../../../plan/access.ts'
import { delayLevelsOf } from '../../../plan/delay-levels.ts'
import { deadLetterTopic, groupOfDeadLetters, isRetryTopic, popRetryTopic, retryTopic } from '../../../plan/group-topics.ts'
import { isPop } from '../../../plan/groups.ts'
import type { Topic } from '../../../plan/plan.ts'
import { queueName, type QueueName } from '../../../plan/queues.ts'
import type { Us } from '../../../plan/units.ts'
import type { NodeId, Setting } from '../../../sim/system.ts'
import type { Repair, RocketmqConfig } from '../config.ts'
import type { Parameters } from '../parameters.ts'
import { returningGroups } from '../returning.ts'
import type { TopicQueues } from '../route-messages.ts'
import { REVIVE_TOPIC } from './pop-state.ts'

/** RMQ-019. */
export const HALF_TOPIC = 'RMQ_SYS_TRANS_HALF_TOPIC'
export const OP_TOPIC = 'RMQ_SYS_TRANS_OP_HALF_TOPIC'
export const CHECK_MAX_TOPIC = 'TRANS_CHECK_MAX_TIME_TOPIC'
/** RMQ-118: one queue a level. Its queues are made when something is stored there. */
export const SCHEDULE_TOPIC = `SCHEDULE_TOPIC_${'X'.repeat(4)}`
/** RMQ-133: the progress of the transaction check is an ordinary group's. */
export const TXN_GROUP = 'CID_RMQ_SYS_TRANS'

export const SYSTEM_TOPICS: readonly TopicQueues[] = [HALF_TOPIC, OP_TOPIC, CHECK_MAX_TOPIC].map((topic) => ({
  topic,
  readQueues: 1,
  writeQueues: 1,
}))
const systemNames = [...SYSTEM_TOPICS.map(({ topic }) => topic), SCHEDULE_TOPIC, TIMER_TOPIC, TRACE_TOPIC]
/** Topics that producers can't send to, and that NameServers are not told of. A pop group's retry topic is found by nobody but its broker. */
export const isSystemTopic = ({ shape }: { readonly shape: BrokerShape }, topic: string): boolean =>
  systemNames.includes(topic) || topic === REVIVE_TOPIC || (isRetryTopic(topic) && !shape.retryTopics.has(topic))

/** Whose requests a broker looks at. */
export interface Guest {
  readonly account: Account
  readonly role: 'producer' | 'consumer'
}

export interface BrokerShape {
  readonly name: string
  /** The broker for which it answers: another one's name where it is a slave, or a member of a group. */
  readonly owner: string
  readonly config: RocketmqConfig
  readonly parameters: Parameters
  readonly sync: boolean
  /** How long each delay level is, the first one first. */
  readonly delayLevels: readonly Us[]
  readonly repairs: ReadonlySet<Repair>
  readonly nameservers: readonly NodeId[]
  readonly topics: readonly TopicQueues[]
  /** Those of groups that send back what they fail on, here or elsewhere. */
  readonly retryTopics: ReadonlySet<string>
  /** Whose requests are looked at, and by which account; null where everybody may do everything. */
  readonly guard: ReadonlyMap<NodeId, Guest> | null
  /** How histories call a queue of this broker. */
  readonly nameOf: (topic: string, queue: number) => QueueName
}

/** RMQ-110, RMQ-111. Simplified: retry topics are here from the start, not from the first message on that is tried again. */
function popTopics({ cluster, config }: Setting<RocketmqConfig>, own: readonly Topic[]): TopicQueues[] {
  const popping = cluster.groups.filter(isPop)
  if (popping.length === 0) return []
  const here = (name: string): boolean => own.some((topic) => topic.name === name)
  const retry = popping.flatMap(({ name, topics }) => topics.filter(here).map((topic) => popRetryTopic(name, topic)))
  const { reviveQueues } = config.parameters
  return [
    { topic: REVIVE_TOPIC, readQueues: reviveQueues, writeQueues: reviveQueues },
    ...[...new Set(retry)].map((topic) => ({ topic, readQueues: 1, writeQueues: 1 })),
  ]
}

/**
 * RMQ-113, RMQ-116. Simplified: where a group reads from the start, its retry topic and its dead letters are there from the start; the real broker makes
 * the one when a consumer of the group announces itself, the other for the first dead letter, as this one does where the group comes to read later.
 */
function groupsSendingBack(setting: Setting<RocketmqConfig>, own: readonly Topic[]): string[] {
  const isHere = (topic: string): boolean => own.some(({ name }) => name === topic)
  const readHere = (group: string): boolean => setting.cluster.groups.some(({ name, topics }) => name === group && topics.some(isHere))
  const here = returningGroups(setting).filter(({ topics }) => topics.some((topic) => isHere(topic) || readHere(groupOfDeadLetters(topic))))
  return [...new Set(here.map(({ name }) => name))]
}

/** A group's account is that of each of its members. */
function guardOf({ cluster, config, idOf }: Setting<RocketmqConfig>): ReadonlyMap<NodeId, Guest> | null {
  if (!config.authorizationEnabled || config.accounts.length === 0) return null
  const guard = new Map<NodeId, Guest>()
  for (const account of config.accounts) {
    if (cluster.producers.includes(account.of)) guard.set(idOf(account.of), { account, role: 'producer' })
    const members = cluster.groups.filter(({ name }) => name === account.of).flatMap(({ consumers }) => consumers)
    for (const consumer of members) guard.set(idOf(consumer), { account, role: 'consumer' })
  }
  return guard
}

export function shapeOf(id: NodeId, setting: Setting<RocketmqConfig>): BrokerShape {
  const { config, cluster } = setting
  const name = setting.nodes[id]?.name ?? ''
  const owner = cluster.slaves?.find((slave) => slave.name === name)?.of ?? name
  const own = cluster.topics.filter(({ brokers }) => brokers === undefined || brokers.includes(owner))
  const groups = groupsSendingBack(setting, own)
  return {
    name,
    owner,
    config,
    parameters: config.parameters,
    sync: config.flushDiskType === 'SYNC_FLUSH',
    delayLevels: delayLevelsOf(config.messageDelayLevel),
    repairs: new Set(config.repairs),
    nameservers: cluster.nameservers.map(setting.idOf),
    topics: [
      ...own.map(({ name: topic, queues }) => ({ topic, readQueues: queues, writeQueues: queues })),
      ...SYSTEM_TOPICS,
      ...(config.traceTopicEnable ? [{ topic: TRACE_TOPIC, readQueues: 1, writeQueues: 1 }] : []),
      ...popTopics(setting, own),
      ...groups.flatMap((group) => [retryTopic(group), deadLetterTopic(group)].map((topic) => ({ topic, readQueues: 1, writeQueues: 1 }))),
    ],
    retryTopics: new Set(returningGroups(setting).map(({ name: group }) => retryTopic(group))),
    guard: guardOf(setting),
    nameOf: (topic, queue) => queueName(cluster, topic, owner, queue),
  }
}
