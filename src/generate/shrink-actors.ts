/** Makes the cluster of a plan smaller: fewer groups, consumers, producers, topics, queues, brokers and NameServers, under the usual names. */
import { sideOf, type Fault } from '../plan/faults.ts'
import { isChurn, isOfConsumer, isSteering, type Cluster, type Group, type Item, type Plan, type Topic } from '../plan/plan.ts'
import { grown } from '../plan/queues.ts'
import { databaseOf } from '../plan/script.ts'
import { firstOf, type Shrinking } from './shrinking.ts'

type Rename = (name: string) => string

const concerns = (fault: Fault, name: string): boolean => sideOf(fault).includes(name) || ('peer' in fault && fault.peer === name)

const withCluster = (plan: Plan, change: Partial<Cluster>): Plan => ({ ...plan, cluster: { ...plan.cluster, ...change } })

/** Without these nodes, and without the faults that strike them and the items by which they come and go. */
function withoutNodes(plan: Plan, names: readonly string[], change: Partial<Cluster>): Plan {
  return {
    ...withCluster(plan, change),
    workload: plan.workload.filter((item) => !isOfConsumer(item) || !names.includes(item.client)),
    faults: plan.faults.filter((fault) => !names.some((name) => concerns(fault, name))),
  }
}

function* fewerGroups(plan: Plan): Iterable<Plan> {
  const { groups } = plan.cluster
  for (const gone of groups) {
    const less = withoutNodes(plan, [...gone.consumers, databaseOf(gone.name)], { groups: groups.filter((group) => group !== gone) })
    yield {
      ...less,
      workload: less.workload.filter((item) => (item.do !== 'resetOffset' && item.do !== 'consumeStats') || item.group !== gone.name),
    }
  }
}

const withGroup = (groups: readonly Group[], old: Group, made: Group): Group[] => groups.map((group) => (group === old ? made : group))

function* fewerConsumers(plan: Plan): Iterable<Plan> {
  const { groups } = plan.cluster
  for (const group of groups) {
    if (group.consumers.length === 1) continue
    for (const gone of group.consumers) {
      yield withoutNodes(plan, [gone], {
        groups: withGroup(groups, group, { ...group, consumers: group.consumers.filter((name) => name !== gone) }),
      })
    }
  }
}

function* fewerSubscriptions(plan: Plan): Iterable<Plan> {
  const { groups } = plan.cluster
  for (const group of groups) {
    if (group.topics.length === 1) continue
    for (const gone of group.topics)
      yield withCluster(plan, { groups: withGroup(groups, group, { ...group, topics: group.topics.filter((name) => name !== gone) }) })
  }
}

/** Applications that do nothing that could be seen, or that go by their own key. */
function* fewerReceivers(plan: Plan): Iterable<Plan> {
  const { groups } = plan.cluster
  for (const group of groups) {
    const { receiver, ...rest } = group
    if (receiver === undefined) continue
    yield withoutNodes(plan, [databaseOf(group.name)], { groups: withGroup(groups, group, rest) })
    if (receiver.by !== 'key')
      yield withCluster(plan, { groups: withGroup(groups, group, { ...rest, receiver: { ...receiver, by: 'key' } }) })
  }
}

/** Who is pushed to leaves its queues as they are. */
const withoutSteering = (plan: Plan, { consumers }: Group): Plan => ({
  ...plan,
  workload: plan.workload.filter((item) => !isSteering(item) || !consumers.includes(item.client)),
})

const dealt = ({ assign: _assign, ...rest }: Group): Group => rest
/** A group that deals its queues out as usual: nobody of it is told any. */
const dealing = (groups: readonly Group[], name: string): Group[] => groups.map((group) => (group.name === name ? dealt(group) : group))

/** Listeners that run, and come by their messages, as they usually do. */
function* usualListeners(plan: Plan): Iterable<Plan> {
  const { groups } = plan.cluster
  for (const group of groups) {
    const { listener, ...rest } = group
    if (listener !== undefined) yield withCluster(plan, { groups: withGroup(groups, group, rest) })
    if (group.assign !== undefined) yield withCluster(plan, { groups: dealing(groups, group.name) })
    const { commitEvery, ...automatic } = group
    // Who is pushed to commits nothing by itself, and is not told its queues.
    const { consumption, ...others } = dealt(automatic)
    if (consumption !== undefined) yield withoutSteering(withCluster(plan, { groups: withGroup(groups, group, others) }), group)
    if (commitEvery !== undefined) yield withCluster(plan, { groups: withGroup(groups, group, automatic) })
    const { batch, ...single } = group
    if (batch !== undefined) yield withCluster(plan, { groups: withGroup(groups, group, single) })
    const { maxReconsumeTimes, ...unbounded } = group
    if (maxReconsumeTimes !== undefined) yield withCluster(plan, { groups: withGroup(groups, group, unbounded) })
    const { tags, ...all } = group
    if (tags !== undefined) yield withCluster(plan, { groups: withGroup(groups, group, all) })
    const { selector, ...unselected } = group
    if (selector !== undefined) yield withCluster(plan, { groups: withGroup(groups, group, unselected) })
    const { startAt, ...usual } = group
    if (startAt !== undefined) yield withCluster(plan, { groups: withGroup(groups, group, usual) })
  }
}

/** Members that deal out their queues as they usually do. */
function* usualStrategies(plan: Plan): Iterable<Plan> {
  const { groups } = plan.cluster
  for (const group of groups) {
    const { allocate, ...rest } = group
    if (allocate === undefined) continue
    yield withCluster(plan, { groups: withGroup(groups, group, rest) })
    if (allocate !== 'AVG') yield withCluster(plan, { groups: withGroup(groups, group, { ...rest, allocate: 'AVG' }) })
  }
}

const sentBy = (item: Item, name: string): boolean => item.client === name

function* fewerProducers(plan: Plan): Iterable<Plan> {
  const { producers } = plan.cluster
  const [first] = producers
  if (first === undefined || producers.length === 1) return
  const workload = plan.workload.map((item) => (isOfConsumer(item) ? item : { ...item, client: first }))
  yield { ...withoutNodes(plan, producers.slice(1), { producers: [first] }), workload }
  for (const gone of producers) {
    if (plan.workload.some((item) => sentBy(item, gone))) continue
    yield withoutNodes(plan, [gone], { producers: producers.filter((name) => name !== gone) })
  }
}

/** A group under other topics; what it would send to itself it does not send on. */
function rewiredGroup({ forward, ...group }: Group, rename: Rename): Group {
  const topics = [...new Set(group.topics.map(rename))]
  const to = forward === undefined ? '' : rename(forward.to)
  return forward === undefined || topics.includes(to) ? { ...group, topics } : { ...group, topics, forward: { ...forward, to } }
}

/** Applications that send nothing on. */
function* fewerForwarders(plan: Plan): Iterable<Plan> {
  const { groups } = plan.cluster
  for (const group of groups) {
    const { forward, ...rest } = group
    if (forward !== undefined) yield withCluster(plan, { groups: withGroup(groups, group, rest) })
  }
}

/** Everything about one topic, or less of the topics that nobody sends to. */
function* fewerTopics(plan: Plan): Iterable<Plan> {
  const { topics, groups } = plan.cluster
  if (topics.length < 2) return
  for (const gone of topics) {
    const left = topics.filter((topic) => topic !== gone)
    const [other] = left
    if (other === undefined) continue
    const workload = plan.workload.map((item) => (!isChurn(item) && item.topic === gone.name ? { ...item, topic: other.name } : item))
    const rewired = groups.map((group) => rewiredGroup(group, (name) => (name === gone.name ? other.name : name)))
    yield { ...withCluster(plan, { topics: left, groups: rewired }), workload: workload.map((item) => within(item, other)) }
  }
}

/** The item asks for a queue that the topic has. */
function within(item: Item, { name, queues, brokers }: Topic): Item {
  if ((item.do !== 'send' && item.do !== 'batch') || item.queue === undefined || item.topic !== name) return item
  const { broker, ...rest } = item
  const home = broker === undefined || brokers === undefined || brokers.includes(broker) ? broker : brokers[0]
  return { ...rest, queue: Math.min(item.queue, queues - 1), ...(brokers === undefined || home === undefined ? {} : { broker: home }) }
}

/** After something was deleted: sends go to queues that there are. */
export function fitted(plan: Plan): Plan {
  const topics = plan.cluster.topics.map((topic) => grown(topic, plan))
  return { ...plan, workload: plan.workload.map((item) => topics.reduce(within, item)) }
}

/** An operator tells those brokers that are left. */
function toldLess(item: Item, gone: string): Item {
  if (item.do !== 'resize' || item.brokers === undefined) return item
  const { brokers, ...rest } = item
  const left = brokers.filter((broker) => broker !== gone)
  return left.length === 0 ? rest : { ...rest, brokers: left }
}

function* fewerQueues(plan: Plan): Iterable<Plan> {
  for (const topic of plan.cluster.topics) {
    for (let queues = 1; queues < topic.queues; queues++) {
      const less = { ...topic, queues }
      const topics = plan.cluster.topics.map((one) => (one === topic ? less : one))
      yield { ...withCluster(plan, { topics }), workload: plan.workload.map((item) => within(item, less)) }
    }
  }
}

/** Fewer homes for a topic. */
function* fewerHomes(plan: Plan): Iterable<Plan> {
  for (const topic of plan.cluster.topics) {
    if (topic.brokers === undefined || topic.brokers.length === 1) continue
    for (const gone of topic.brokers) {
      const less = { ...topic, brokers: topic.brokers.filter((name) => name !== gone) }
      const topics = plan.cluster.topics.map((one) => (one === topic ? less : one))
      yield { ...withCluster(plan, { topics }), workload: plan.workload.map((item) => within(item, less)) }
    }
  }
}

/** What the broker had goes to another one; the last broker needs no mention. */
function* fewerBrokers(plan: Plan): Iterable<Plan> {
  const { brokers } = plan.cluster
  if (brokers.length === 1) return
  for (const gone of brokers) {
    const left = brokers.filter((name) => name !== gone)
    const topics = plan.cluster.topics.map((topic): Topic => {
      const { brokers: homes = brokers, ...rest } = topic
      const stay = homes.filter((name) => name !== gone)
      return left.length === 1 ? rest : { ...rest, brokers: stay.length > 0 ? stay : left.slice(0, 1) }
    })
    const workload = plan.workload.map((item) => topics.reduce(within, toldLess(item, gone)))
    const ownSlaves = (plan.cluster.slaves ?? []).filter(({ of }) => of === gone).map(({ name }) => name)
    const slaves = plan.cluster.slaves?.filter(({ of }) => of !== gone)
    const kept = slaves === undefined ? {} : { slaves }
    yield { ...withoutNodes(plan, [gone, ...ownSlaves], { brokers: left, topics, ...kept }), workload }
  }
}

/** Fewer copies. */
function* fewerSlaves(plan: Plan): Iterable<Plan> {
  const { slaves, ...rest } = plan.cluster
  for (const gone of slaves ?? []) {
    const left = (slaves ?? []).filter((slave) => slave !== gone)
    const less = withoutNodes(plan, [gone.name], {})
    yield { ...less, cluster: left.length === 0 ? rest : { ...rest, slaves: left } }
  }
}

function* fewerNameservers(plan: Plan): Iterable<Plan> {
  const { nameservers } = plan.cluster
  if (nameservers.length === 1) return
  for (const gone of nameservers) yield withoutNodes(plan, [gone], { nameservers: nameservers.filter((name) => name !== gone) })
}

function renamedItem(item: Item, name: Rename): Item {
  if (item.do === 'resize' && item.brokers !== undefined) return { ...item, client: name(item.client), brokers: item.brokers.map(name) }
  return 'broker' in item && item.broker !== undefined
    ? { ...item, client: name(item.client), broker: name(item.broker) }
    : { ...item, client: name(item.client) }
}

function renamedFault(fault: Fault, name: Rename): Fault {
  if (!('peer' in fault)) return { ...fault, on: name(fault.on) }
  const both = { on: name(fault.on), peer: name(fault.peer) }
  return fault.kind === 'cut' && fault.with !== undefined ? { ...fault, ...both, with: fault.with.map(name) } : { ...fault, ...both }
}

function renamed(plan: Plan, name: Rename): Plan {
  const { cluster } = plan
  return {
    ...plan,
    cluster: {
      ...cluster,
      nameservers: cluster.nameservers.map(name),
      brokers: cluster.brokers.map(name),
      ...(cluster.slaves === undefined ? {} : { slaves: cluster.slaves.map((slave) => ({ name: name(slave.name), of: name(slave.of) })) }),
      topics: cluster.topics.map((topic) => (topic.brokers === undefined ? topic : { ...topic, brokers: topic.brokers.map(name) })),
      producers: cluster.producers.map(name),
      groups: cluster.groups.map((group) => ({ ...group, consumers: group.consumers.map(name) })),
    },
    workload: plan.workload.map((item) => renamedItem(item, name)),
    faults: plan.faults.map((fault) => renamedFault(fault, name)),
  }
}

/** p1, p2 ..., c1, c2 ..., b1, b2 ..., n1, n2 ...: when the others are gone, p3 is called p1. */
function* usualNames(plan: Plan): Iterable<Plan> {
  const consumers = plan.cluster.groups.flatMap((group) => group.consumers)
  const names = new Map<string, string>()
  plan.cluster.producers.forEach((name, index) => names.set(name, `p${index + 1}`))
  consumers.forEach((name, index) => names.set(name, `c${index + 1}`))
  plan.cluster.brokers.forEach((name, index) => names.set(name, `b${index + 1}`))
  plan.cluster.nameservers.forEach((name, index) => names.set(name, `n${index + 1}`))
  yield renamed(plan, (name) => names.get(name) ?? name)
}

const STAGES: readonly ((plan: Plan) => Iterable<Plan>)[] = [
  fewerGroups,
  fewerConsumers,
  fewerSubscriptions,
  fewerReceivers,
  fewerForwarders,
  usualListeners,
  usualStrategies,
  fewerProducers,
  fewerTopics,
  fewerQueues,
  fewerSlaves,
  fewerBrokers,
  fewerHomes,
  fewerNameservers,
  usualNames,
]

export function* shrinkActors(plan: Plan): Shrinking<Plan> {
  let best = plan
  for (const stage of STAGES) {
    for (;;) {
      const next: Plan = yield* firstOf(best, stage(best))
      if (next === best) break
      best = next
      if (stage === usualNames) break
    }
  }
  return best
}
