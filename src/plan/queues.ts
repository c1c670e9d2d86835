/** Which queues a plan's topics have, and how histories call them. */
import type { Cluster, Plan, Topic } from './plan.ts'

/**
 * Names a queue within its topic: "0", or "broker-b:0" where brokers each have a queue 0 of their own. Other systems may use words of their
 * own. Empty where a broker does not show the queue.
 */
export type QueueName = string

/** The number of a queue among those of its broker. */
export const numberOfQueue = (queue: QueueName): number => Number(queue.slice(queue.lastIndexOf(':') + 1))

/** The broker that a queue's name tells; nothing, where the name is its number alone. */
export const brokerOfQueue = (queue: QueueName): string => queue.slice(0, Math.max(0, queue.lastIndexOf(':')))

/** A queue of a plan: `broker` is null where the plan leaves it to the system which broker has it. */
export interface PlanQueue {
  readonly topic: string
  readonly broker: string | null
  readonly queue: number
  readonly name: QueueName
}

/** Topics that no plan lists (a system's own, or created while it runs) belong to single brokers, as soon as there are several. */
export function queueName(cluster: Cluster, topic: string, broker: string, queue: number): QueueName {
  const listed = cluster.topics.find(({ name }) => name === topic)
  const owned = listed === undefined ? cluster.brokers.length > 1 : listed.brokers !== undefined
  return owned ? `${broker}:${queue}` : `${queue}`
}

/** The brokers that have a topic from the start; all, where the plan does not say. */
export const homesOf = (cluster: Cluster, topic: string): readonly string[] =>
  cluster.topics.find(({ name }) => name === topic)?.brokers ?? cluster.brokers

/** Every queue that the plan's topics can ever have. */
export const queuesOf = (plan: Plan): PlanQueue[] => plan.cluster.topics.flatMap((topic) => topicQueues(grown(topic, plan)))

/** A topic as large as the plan ever makes it. */
export function grown(topic: Topic, { workload }: Pick<Plan, 'workload'>): Topic {
  let { queues, brokers } = topic
  for (const item of workload) {
    if (item.do !== 'resize' || item.topic !== topic.name) continue
    queues = Math.max(queues, item.readQueues, item.writeQueues)
    if (brokers !== undefined && item.brokers !== undefined) brokers = [...new Set([...brokers, ...item.brokers])]
  }
  return brokers === undefined ? { name: topic.name, queues } : { name: topic.name, queues, brokers }
}

/** The queue that an item asks for by its number; of the topic's first broker where it names none. */
export function askedQueue(cluster: Cluster, topic: string, queue: number, broker?: string): PlanQueue {
  const owner = broker ?? cluster.topics.find(({ name }) => name === topic)?.brokers?.[0] ?? null
  return { topic, broker: owner, queue, name: queueName(cluster, topic, owner ?? cluster.brokers[0] ?? '', queue) }
}

function topicQueues({ name: topic, queues, brokers }: Topic): PlanQueue[] {
  const numbers = Array.from({ length: queues }, (_, queue) => queue)
  if (brokers === undefined) return numbers.map((queue) => ({ topic, broker: null, queue, name: `${queue}` }))
  return brokers.flatMap((broker) => numbers.map((queue) => ({ topic, broker, queue, name: `${broker}:${queue}` })))
}
