/** RocketMQ as a System: which processes a cluster has, who handles what, and which plans fit it. */
import { KINDS, type Header, type Kind } from '../../history/event.ts'
import type { Access } from '../../history/header.ts'
import type { Retention } from '../../history/retention.ts'
import { isChurn, isSteering, type Cluster, type Delay, type Group, type Item, type Plan } from '../../plan/plan.ts'
import type { Us } from '../../plan/units.ts'
import { delayLevelsOf, delayOfLevel, retryDelays } from '../../plan/delay-levels.ts'
import { deadLetterTopic } from '../../plan/group-topics.ts'
import { isBroadcasting, isOrderly, isPop, isPulling } from '../../plan/groups.ts'
import { grown } from '../../plan/queues.ts'
import { AUDITOR, databaseOf, SENTINEL } from '../../plan/script.ts'
import type { Entry } from '../../sim/agenda.ts'
import type { Delays, Env, NodeSpec, Retries, Setting, System } from '../../sim/system.ts'
import { handleBroker, pendingAtBroker, startBroker } from './broker/broker.ts'
import { nameOfRecord } from './broker/record.ts'
import { stop as stopBroker } from './broker/shutdown.ts'
import { forkBroker, isSlave, newBroker, type BrokerState } from './broker/state.ts'
import { auditor, type AuditorState } from './client/auditor.ts'
import { consumer, type ConsumerState } from './client/consumer.ts'
import { producer, type ProducerState } from './client/producer.ts'
import { database, hasDatabase, type DatabaseState } from './client/receivers/database.ts'
import { Config, type RocketmqConfig } from './config.ts'
import { refusesLedger } from './dledger/refusals.ts'
import { hoursOf } from './delete-when.ts'
import { nameserver, type NameServerState } from './nameserver/nameserver.ts'
import { unowned, unread } from './ownership.ts'
import { canFailByItself, groupTopics, isReturning } from './returning.ts'
import { rules, type Rules } from './rules.ts'
import { sending } from './client/sending.ts'

export type Node = NameServerState | BrokerState | ProducerState | ConsumerState | AuditorState | DatabaseState

/** Applications that share a group's name share its database. */
const databases = (cluster: Cluster): string[] => [...new Set(cluster.groups.filter(hasDatabase).map(({ name }) => databaseOf(name)))]

function nodes(cluster: Cluster): NodeSpec[] {
  const consumers = cluster.groups.flatMap((group) => group.consumers)
  const all = (names: readonly string[], role: string, client: boolean): NodeSpec[] => names.map((name) => ({ name, role, client }))
  return [
    ...all(cluster.nameservers, 'nameserver', false),
    ...all(cluster.brokers, 'broker', false),
    ...all(cluster.producers, 'producer', true),
    ...all(consumers, 'consumer', true),
    ...all([SENTINEL], 'producer', false),
    ...all([AUDITOR], 'auditor', false),
    ...all(databases(cluster), 'database', false),
    ...all(
      (cluster.slaves ?? []).map(({ name }) => name),
      'broker',
      false,
    ),
  ]
}

/** What of a group that pops the model does not have. */
function refusesPop(groups: readonly Group[], group: Group): string | null {
  const others = groups.filter(({ name }) => name === group.name)
  if (others.some(({ consumption = 'push' }) => consumption !== (group.consumption ?? 'push')))
    return `consumption: all consumers of ${group.name} come by their messages in one way`
  if (!isPop(group)) return null
  if (group.forward !== undefined) return 'forward: who pops sends nothing on here: leave it out'
  if (group.tags !== undefined || group.selector !== undefined)
    return 'tags: who pops takes every message here: leave tags and selectors out'
  if (group.startAt !== undefined) return 'startAt: who pops begins where a young queue begins: leave it out'
  return isBroadcasting(group) ? 'mode: who pops shares with its group: leave it out' : null
}

/** What makes sense only for an application that asks for its messages, or not for one. */
function refusesPull(group: Group): string | null {
  if (group.consumption === 'pull' && isBroadcasting(group))
    return 'consumption: the members of a group that broadcasts are pushed to here: leave it out'
  if (group.commitEvery === undefined || isPulling(group)) return null
  return 'commitEvery: only an application that asks for its messages commits by itself: add consumption "pull", or leave it out'
}

/** What of a listener that is given several messages at once the model does not have. */
function refusesBatch(group: Group): string | null {
  if (group.batch === undefined) return null
  if (isOrderly(group)) return 'batch: listeners that take turns are given one message at a time here: leave one of the two out'
  return (group.consumption ?? 'push') === 'push'
    ? null
    : 'batch: only a listener that is pushed to is given several messages: leave it out'
}

/** What of slaves the model does not have. */
function refusesSlaves({ slaves = [], brokers, groups }: Cluster): string | null {
  const homeless = slaves.findIndex(({ of }) => !brokers.includes(of))
  if (homeless >= 0) return `cluster.slaves[${homeless}].of: no broker "${slaves[homeless]?.of ?? ''}": add it to cluster.brokers`
  const popping = groups.findIndex(isPop)
  return popping < 0 || slaves.length === 0
    ? null
    : `cluster.groups[${popping}].consumption: the model has no slaves where a group pops: leave them out`
}

/** What administrators ask for has to be there. */
function refusesQuestion({ groups }: Cluster, item: Item): string | null {
  if (item.do === 'query' && item.by === 'key' && item.key === undefined)
    return 'key: a query by key says which one: add it, or ask by msgId or offsetMsgId'
  if (item.do !== 'resetOffset' && item.do !== 'consumeStats') return null
  const named = groups.filter(({ name }) => name === item.group)
  if (named.length === 0) return `group: no group "${item.group}": add it to cluster.groups`
  if (item.do === 'consumeStats') return null
  if (named.some(isBroadcasting))
    return `group: group "${item.group}" broadcasts, and each member keeps its progress to itself: there is nothing to reset`
  return named.some(isPop) ? `group: group "${item.group}" pops, and the model moves no such group: leave the reset out` : null
}

/** Dead letters can be read like any other topic, by another group than theirs. */
const isOfDeadLetters = ({ groups }: Cluster, topic: string): boolean => groups.some(({ name }) => deadLetterTopic(name) === topic)

/** Every name that a plan uses must exist; with several brokers, a topic says which of them have it. */
function refuses(plan: Plan, config: RocketmqConfig): string | null {
  const { cluster } = plan
  const homeless = cluster.topics.findIndex(({ brokers }) => brokers === undefined && cluster.brokers.length > 1)
  if (homeless >= 0) return `cluster.topics[${homeless}].brokers: with several brokers, say which of them have the topic`
  for (const [t, { brokers = [] }] of cluster.topics.entries()) {
    const unknown = brokers.find((broker) => !cluster.brokers.includes(broker))
    if (unknown !== undefined) return `cluster.topics[${t}].brokers: no broker "${unknown}": add it to cluster.brokers`
  }
  const unslaved = refusesSlaves(cluster) ?? refusesLedger(plan, config)
  if (unslaved !== null) return unslaved
  const topics = new Map(cluster.topics.map((topic) => [topic.name, grown(topic, plan).queues]))
  for (const [g, group] of cluster.groups.entries()) {
    const unknown = group.topics.find((topic) => !topics.has(topic) && !isOfDeadLetters(cluster, topic))
    if (unknown !== undefined) return `cluster.groups[${g}].topics: no topic "${unknown}": add it to cluster.topics`
    const { forward } = group
    if (forward !== undefined && !topics.has(forward.to))
      return `cluster.groups[${g}].forward.to: no topic "${forward.to}": add it to cluster.topics`
    if (forward !== undefined && group.topics.includes(forward.to))
      return `cluster.groups[${g}].forward.to: the group would be given its own copies: name a topic that it does not subscribe`
    if (forward !== undefined && group.receiver !== undefined)
      return `cluster.groups[${g}].forward: a group that sends messages on has no effects: leave its receiver out`
    if (isBroadcasting(group) && group.startAt !== undefined)
      return `cluster.groups[${g}].startAt: members of a group that broadcasts begin at the end, or where their own file says: leave it out`
    if (group.tags !== undefined && group.selector !== undefined)
      return `cluster.groups[${g}].selector: a group names tags or writes a selector: leave one of the two out`
    const impossible = refusesPop(cluster.groups, group) ?? refusesPull(group) ?? refusesBatch(group)
    if (impossible !== null) return `cluster.groups[${g}].${impossible}`
    if (isBroadcasting(group) && group.receiver !== undefined)
      return `cluster.groups[${g}].receiver: the members of a group that broadcasts share no database: leave it out`
  }
  const known = new Set(nodes(cluster).map((node) => node.name))
  const created = new Set(plan.workload.flatMap((item) => (item.do === 'createTopic' ? [item.topic] : [])))
  const consumers = new Set(cluster.groups.flatMap((group) => group.consumers))
  for (const [i, item] of plan.workload.entries()) {
    if (isChurn(item)) {
      if (consumers.has(item.client)) continue
      return `workload[${i}].client: no consumer "${item.client}": add it to a group`
    }
    if (isSteering(item)) {
      if (!cluster.groups.some((group) => isPulling(group) && group.consumers.includes(item.client)))
        return `workload[${i}].client: "${item.client}" does not ask for its messages: name a consumer of a group with consumption "pull"`
      if (topics.has(item.topic)) continue
      return `workload[${i}].topic: no topic "${item.topic}": add it to cluster.topics`
    }
    const unanswerable = refusesQuestion(cluster, item)
    if (unanswerable !== null) return `workload[${i}].${unanswerable}`
    if (!cluster.producers.includes(item.client)) return `workload[${i}].client: no producer "${item.client}": add it to cluster.producers`
    const queues = topics.get(item.topic)
    if (queues === undefined && !created.has(item.topic))
      return `workload[${i}].topic: no topic "${item.topic}": add it to cluster.topics or create it in the workload`
    const stranger = item.do === 'resize' ? item.brokers?.find((broker) => !cluster.brokers.includes(broker)) : undefined
    if (stranger !== undefined) return `workload[${i}].brokers: no broker "${stranger}": add it to cluster.brokers`
    if (item.do === 'wipeWritePerm' && !cluster.brokers.includes(item.broker))
      return `workload[${i}].broker: no broker "${item.broker}": add it to cluster.brokers`
    const chooses = item.do === 'send' || item.do === 'batch'
    if (chooses && item.queue !== undefined && queues !== undefined && item.queue >= queues)
      return `workload[${i}].queue: topic "${item.topic}" has ${queues} queues`
  }
  for (const [i, fault] of plan.faults.entries()) {
    if (!known.has(fault.on)) return `faults[${i}].on: no node "${fault.on}"`
    if (!('peer' in fault) && databases(cluster).includes(fault.on))
      return `faults[${i}].on: ${fault.on} is an application's database, which keeps its promises here: strike its links, or a consumer`
    if ('peer' in fault && fault.peer !== '*' && !known.has(fault.peer)) return `faults[${i}].peer: no node "${fault.peer}"`
  }
  return null
}

function start(node: Node, env: Env<Rules>): void {
  switch (node.role) {
    case 'nameserver':
      return nameserver.start(node, env)
    case 'broker':
      return startBroker(node, env)
    case 'producer':
      return producer.start(node, env)
    case 'consumer':
      return consumer.start(node, env)
    case 'auditor':
      return auditor.start(node, env)
    case 'database':
      return
  }
}

function handle(node: Node, entry: Entry, env: Env<Rules>): void {
  switch (node.role) {
    case 'nameserver':
      return nameserver.handle(node, entry, env)
    case 'broker':
      return handleBroker(node, entry, env)
    case 'producer':
      return producer.handle(node, entry, env)
    case 'consumer':
      return consumer.handle(node, entry, env)
    case 'auditor':
      return auditor.handle(node, entry, env)
    case 'database':
      return database.handle(node, entry, env)
  }
}

function stop(node: Node, env: Env<Rules>): void {
  switch (node.role) {
    case 'broker':
      return stopBroker(node, env)
    case 'consumer':
      return consumer.stop(node, env)
    case 'producer':
      return producer.stop(node, env)
    case 'nameserver':
    case 'auditor':
    case 'database':
      return env.exit()
  }
}

function fork(node: Node): Node {
  switch (node.role) {
    case 'nameserver':
      return nameserver.fork(node)
    case 'broker':
      return forkBroker(node)
    case 'producer':
      return producer.fork(node)
    case 'consumer':
      return consumer.fork(node)
    case 'auditor':
      return auditor.fork(node)
    case 'database':
      return database.fork(node)
  }
}

function pendingAt(node: Node): string | null {
  switch (node.role) {
    case 'nameserver':
    case 'auditor':
    case 'database':
      return null
    case 'broker':
      return pendingAtBroker(node)
    case 'producer':
      return producer.pending(node)
    case 'consumer':
      return consumer.pending(node)
  }
}

function pending(all: readonly Node[]): string | null {
  const brokers = all.filter((node) => node.role === 'broker')
  const consumers = all.filter((node) => node.role === 'consumer')
  for (const node of all) {
    const reason = pendingAt(node) ?? (node.role === 'consumer' ? unread(node, brokers) : null)
    if (reason !== null) return reason
  }
  return (
    unowned(
      consumers,
      brokers.filter((broker) => !isSlave(broker)),
    ) ?? unheard(all, brokers)
  )
}

function unheard(all: readonly Node[], brokers: readonly BrokerState[]): string | null {
  for (const node of all) {
    const reason = node.role === 'nameserver' ? nameserver.pending(node, brokers) : null
    if (reason !== null) return reason
  }
  return null
}

const SHIPPED_SEGMENT_BYTES = 1 << 30

/** No run fills a file of 1 GiB, and the last file is never deleted. */
function retention({ parameters: p, deleteWhen }: RocketmqConfig): Retention | null {
  if (p.segmentBytes >= SHIPPED_SEGMENT_BYTES) return null
  return {
    reservedUs: p.fileReservedUs,
    deleteHours: hoursOf(deleteWhen),
    cleanPermille: p.diskCleanPermille,
    forcePermille: p.diskForcePermille,
    fullPermille: p.diskFullPermille,
    filesMax: p.deleteFilesMax,
  }
}

/** RMQ-118: a level beyond the table is its last. */
function longOf(levels: readonly Us[], delay: Delay): Us {
  if ('level' in delay) return delayOfLevel(levels, delay.level)
  return 'atUs' in delay ? delay.atUs : delay.afterUs
}

function delays({ workload }: Plan, { messageDelayLevel }: RocketmqConfig): Delays | null {
  const asked = workload.flatMap((item) => (item.do === 'send' && item.delay !== undefined ? [item.delay] : []))
  if (asked.length === 0) return null
  const levels = delayLevelsOf(messageDelayLevel)
  return { levels, longestUs: asked.reduce((longest, one) => Math.max(longest, longOf(levels, one)), 0) }
}

/** What fails goes round until it succeeds, or its group is given up on it. */
function retries({ cluster, script, config }: Setting<RocketmqConfig>): Retries | null {
  const returning = cluster.groups.filter((group) => isReturning({ script, config }, group))
  if (returning.length === 0) return null
  const { retryMaxTimes: max, messageDelayLevel } = config
  const most = returning.reduce((so, { maxReconsumeTimes = 0 }) => Math.max(so, maxReconsumeTimes), max)
  const delaysUs = retryDelays(delayLevelsOf(messageDelayLevel), most)
  const failsMost = returning.some(canFailByItself) ? most : script.failsMost
  return { max, delaysUs, longestUs: delaysUs.slice(0, failsMost).reduce((sum, one) => sum + one, 0) }
}

function access({ cluster }: Plan, { authorizationEnabled: enabled, accounts }: RocketmqConfig): Access | null {
  return accounts.length === 0 ? null : { enabled, accounts, groups: cluster.groups.map(({ name, topics }) => ({ name, topics })) }
}

/** RMQ-130. */
function checks({ workload }: Plan, { parameters: p }: RocketmqConfig): Header['checks'] | null {
  if (!workload.some((item) => item.do === 'transaction')) return null
  return { immunityUs: p.transactionTimeoutUs, intervalUs: p.transactionCheckIntervalUs, max: p.transactionChecksMax }
}

/** What a log does that is one broker's own, and what one does that is a group's. */
const OWN_LOG: readonly Kind[] = [
  'white:append',
  'white:force',
  'white:dispatch',
  'white:recovered',
  'white:recoveredQueue',
  'white:recoveredIndex',
  'white:storedOffset',
  'white:copied',
  'white:copyRecovered',
  'replicaPull',
  'replicaAudit',
]
const GROUPS_LOG: readonly Kind[] = ['white:elected', 'white:committed', 'white:ledgerCut']
const isLeftOut = (kind: Kind, commitLog: RocketmqConfig['commitLog']): boolean =>
  (commitLog === 'dledger' ? OWN_LOG : GROUPS_LOG).includes(kind)

export const rocketmq: System<RocketmqConfig, Node, Rules> = {
  id: 'rocketmq',
  config: Config,
  rules,
  records: ({ recordPolls, commitLog }) => KINDS.filter((kind) => (kind !== 'poll' || recordPolls) && !isLeftOut(kind, commitLog)),
  delays,
  retries,
  groupTopics,
  retention,
  checks,
  access,
  sending,
  nameOf: nameOfRecord,
  refuses,
  nodes,
  medium: ({ parameters: p, disk }) => ({
    latencyUs: p.latencyUs,
    latencySpreadUs: p.latencySpreadUs,
    forceUs: p.forceUs,
    forceSpreadUs: p.forceSpreadUs,
    disk,
    drainUs: p.drainUs,
  }),
  boot: (id, setting) => {
    switch (setting.nodes[id]?.role) {
      case 'nameserver':
        return nameserver.boot(id, setting)
      case 'broker':
        return newBroker(id, setting)
      case 'producer':
        return producer.boot(id, setting)
      case 'consumer':
        return consumer.boot(id, setting)
      case 'database':
        return database.boot(id, setting)
      default:
        return auditor.boot(id, setting)
    }
  },
  start,
  handle,
  stop,
  fork,
  pending,
}
