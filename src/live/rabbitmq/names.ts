/**
 * How a plan's topics lie in AMQP: a topic is a direct exchange, and the number of a queue its routing key. A real queue gives each message
 * to one consumer only, so each group has a real queue of its own for each number. A stream is read, not emptied: all groups share it.
 */
import type { GroupSetup, TopicSetup } from '../target.ts'
import type { QueueType } from './config.ts'

/** A real queue as one group sees it. */
export interface RealQueue {
  /** What the broker calls it. */
  readonly name: string
  /** Names the group's place in it. */
  readonly place: string
  readonly topic: string
  readonly queue: number
}

/** No topic and no group has a slash in its name. */
export const queuesOf = (type: QueueType, group: string, topics: readonly TopicSetup[]): RealQueue[] =>
  topics.flatMap(({ topic, queues }) =>
    Array.from({ length: queues }, (_, queue) => {
      const place = `${group}/${topic}/${queue}`
      return { name: type === 'stream' ? `${topic}/${queue}` : place, place, topic, queue }
    }),
  )

/** The queues of these topics as all groups see them that subscribe to one. */
export const allQueues = (type: QueueType, topics: readonly TopicSetup[], groups: readonly GroupSetup[]): RealQueue[] =>
  groups.flatMap(({ group, topics: wanted }) =>
    queuesOf(
      type,
      group,
      topics.filter(({ topic }) => wanted.includes(topic)),
    ),
  )
