/** Makes the cluster of a plan smaller: fewer groups, consumers, producers, topics and queues, under the usual names. */
import type { Fault } from '../plan/faults.ts'
import type { Cluster, Group, Item, Plan } from '../plan/plan.ts'
import { firstOf, type Shrinking } from './shrinking.ts'

type Rename = (name: string) => string

const concerns = (fault: Fault, name: string): boolean => fault.on === name || ('peer' in fault && fault.peer === name)

const withCluster = (plan: Plan, change: Partial<Cluster>): Plan => ({ ...plan, cluster: { ...plan.cluster, ...change } })

/** Without these nodes, and without the faults that strike them. */
function withoutNodes(plan: Plan, names: readonly string[], change: Partial<Cluster>): Plan {
  return { ...withCluster(plan, change), faults: plan.faults.filter((fault) => !names.some((name) => concerns(fault, name))) }
}

function* fewerGroups(plan: Plan): Iterable<Plan> {
  const { groups } = plan.cluster
  for (const gone of groups) yield withoutNodes(plan, gone.consumers, { groups: groups.filter((group) => group !== gone) })
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

const sentBy = (item: Item, name: string): boolean => item.client === name

function* fewerProducers(plan: Plan): Iterable<Plan> {
  const { producers } = plan.cluster
  const [first] = producers
  if (first === undefined || producers.length === 1) return
  const workload = plan.workload.map((item) => ({ ...item, client: first }))
  yield { ...withoutNodes(plan, producers.slice(1), { producers: [first] }), workload }
  for (const gone of producers) {
    if (plan.workload.some((item) => sentBy(item, gone))) continue
    yield withoutNodes(plan, [gone], { producers: producers.filter((name) => name !== gone) })
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
    const workload = plan.workload.map((item) => (item.topic === gone.name ? { ...item, topic: other.name } : item))
    const rewired = groups.map((group) => ({
      ...group,
      topics: [...new Set(group.topics.map((name) => (name === gone.name ? other.name : name)))],
    }))
    yield { ...withCluster(plan, { topics: left, groups: rewired }), workload: workload.map((item) => clampQueue(item, other.queues)) }
  }
}

function clampQueue(item: Item, queues: number): Item {
  return item.do === 'send' && item.queue !== undefined && item.queue >= queues ? { ...item, queue: queues - 1 } : item
}

function* fewerQueues(plan: Plan): Iterable<Plan> {
  for (const topic of plan.cluster.topics) {
    for (let queues = 1; queues < topic.queues; queues++) {
      const topics = plan.cluster.topics.map((one) => (one === topic ? { ...one, queues } : one))
      yield {
        ...withCluster(plan, { topics }),
        workload: plan.workload.map((item) => (item.topic === topic.name ? clampQueue(item, queues) : item)),
      }
    }
  }
}

function renamed(plan: Plan, name: Rename): Plan {
  const { cluster } = plan
  return {
    ...plan,
    cluster: {
      ...cluster,
      producers: cluster.producers.map(name),
      groups: cluster.groups.map((group) => ({ ...group, consumers: group.consumers.map(name) })),
    },
    workload: plan.workload.map((item) => ({ ...item, client: name(item.client) })),
    faults: plan.faults.map((fault) =>
      'peer' in fault ? { ...fault, on: name(fault.on), peer: name(fault.peer) } : { ...fault, on: name(fault.on) },
    ),
  }
}

/** p1, p2 ..., c1, c2 ...: when the others are gone, p3 is called p1. */
function* usualNames(plan: Plan): Iterable<Plan> {
  const consumers = plan.cluster.groups.flatMap((group) => group.consumers)
  const names = new Map<string, string>()
  plan.cluster.producers.forEach((name, index) => names.set(name, `p${index + 1}`))
  consumers.forEach((name, index) => names.set(name, `c${index + 1}`))
  yield renamed(plan, (name) => names.get(name) ?? name)
}

const STAGES: readonly ((plan: Plan) => Iterable<Plan>)[] = [
  fewerGroups,
  fewerConsumers,
  fewerSubscriptions,
  fewerProducers,
  fewerTopics,
  fewerQueues,
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
