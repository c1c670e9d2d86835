/**
 * How a plan's topics lie in AMQP: a topic is a direct exchange, the number of a queue its routing key, and each group has a real queue of
 * its own for each number, since a real queue gives each message to one consumer only.
 */
import type { GroupSetup, TopicSetup } from '../target.ts'

/** One real queue. */
export interface RealQueue {
  readonly name: string
  readonly topic: string
  readonly queue: number
}

/** No topic and no group has a slash in its name. */
export const queueName = (group: string, topic: string, queue: number): string => `${group}/${topic}/${queue}`

export const queuesOf = (group: string, topics: readonly TopicSetup[]): RealQueue[] =>
  topics.flatMap(({ topic, queues }) =>
    Array.from({ length: queues }, (_, queue) => ({ name: queueName(group, topic, queue), topic, queue })),
  )

/** The real queues of all groups that subscribe to one of these topics. */
export const allQueues = (topics: readonly TopicSetup[], groups: readonly GroupSetup[]): RealQueue[] =>
  groups.flatMap(({ group, topics: wanted }) =>
    queuesOf(
      group,
      topics.filter(({ topic }) => wanted.includes(topic)),
    ),
  )
