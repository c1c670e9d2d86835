/** Which plans do not fit RocketMQ, or what the model has of it: each refusal names the field, and says what to do. */
import { deadLetterTopic } from '../../plan/group-topics.ts'
import { sideOf } from '../../plan/faults.ts'
import { isBroadcasting, isOrderly, isPop, isPulling } from '../../plan/groups.ts'
import { isChurn, isSteering, type Cluster, type Group, type Item, type Plan } from '../../plan/plan.ts'
import { grown } from '../../plan/queues.ts'
import type { RocketmqConfig } from './config.ts'
import { refusesControllers } from './controller/refusals.ts'
import { refusesLedger } from './dledger/refusals.ts'
import { databases, nodes } from './nodes.ts'

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

/** What of queues that are assigned by hand the model does not have. */
function refusesAssigned({ workload }: Plan, group: Group): string | null {
  if (group.assign === undefined) return null
  if (!isPulling(group))
    return 'assign: only an application that asks for its messages is told its queues: add consumption "pull", or leave it out'
  if (group.allocate !== undefined) return 'allocate: queues that are assigned by hand are not dealt out: leave one of the two out'
  const resized = workload.some((item) => item.do === 'resize' && group.topics.includes(item.topic))
  return resized ? 'assign: nobody tells its consumers of queues that are more or fewer: leave the resize out' : null
}

/** What of a listener that is given several messages at once the model does not have. */
function refusesBatch(group: Group): string | null {
  if (group.batch === undefined) return null
  if (isOrderly(group) && group.batch.verdict !== 'whole')
    return 'batch.verdict: a listener that takes turns has one verdict for all that it is given: say "whole"'
  return (group.consumption ?? 'push') === 'push'
    ? null
    : 'batch: only a listener that is pushed to is given several messages: leave it out'
}

/** What of slaves the model does not have. */
function refusesSlaves({ slaves = [], brokers, groups }: Cluster, config: RocketmqConfig): string | null {
  if (config.enableSlaveActingMaster && (config.enableControllerMode || config.commitLog === 'dledger'))
    return 'cluster.config.enableSlaveActingMaster: nobody stands in for a master here where masters are elected: leave it out'
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
export function refuses(plan: Plan, config: RocketmqConfig): string | null {
  const { cluster } = plan
  const homeless = cluster.topics.findIndex(({ brokers }) => brokers === undefined && cluster.brokers.length > 1)
  if (homeless >= 0) return `cluster.topics[${homeless}].brokers: with several brokers, say which of them have the topic`
  for (const [t, { brokers = [] }] of cluster.topics.entries()) {
    const unknown = brokers.find((broker) => !cluster.brokers.includes(broker))
    if (unknown !== undefined) return `cluster.topics[${t}].brokers: no broker "${unknown}": add it to cluster.brokers`
  }
  const unslaved = refusesSlaves(cluster, config) ?? refusesLedger(plan, config) ?? refusesControllers(plan, config)
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
    const impossible = refusesPop(cluster.groups, group) ?? refusesPull(group) ?? refusesAssigned(plan, group) ?? refusesBatch(group)
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
    const stranger = sideOf(fault).find((name) => !known.has(name))
    if (stranger !== undefined) return `faults[${i}].with: no node "${stranger}"`
    if ('peer' in fault && fault.peer !== '*' && !known.has(fault.peer)) return `faults[${i}].peer: no node "${fault.peer}"`
  }
  return null
}
