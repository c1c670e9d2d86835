/**
 * The selector of a live application: messages of one key go to one queue (RMQ-088). It goes by the plan, since a live topic keeps the number of
 * queues that it began with.
 */
import { hashName, modulo } from '../../plan/hash.ts'
import type { Plan } from '../../plan/plan.ts'
import type { SendStep } from '../../plan/script.ts'

/** Null where nobody knows how many queues there are: the client chooses. */
export function queueOfKey({ cluster, workload }: Plan, { topic, key }: SendStep): number | null {
  const made = workload.find((item) => item.do === 'createTopic' && item.topic === topic)
  const queues = cluster.topics.find(({ name }) => name === topic)?.queues ?? (made?.do === 'createTopic' ? made.queues : 0)
  return queues === 0 ? null : modulo(hashName(key), queues)
}
