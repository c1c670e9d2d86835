/**
 * Which topics are a group's own, as the header of a history says; one that says nothing of it is taken to go by RocketMQ's names. A message that lies
 * there and elsewhere, too, is on its way, and no duplicate.
 */
import type { Header } from '../history/event.ts'
import { deadLetterTopic, popRetryTopic, retryTopic, type GroupTopic } from '../plan/group-topics.ts'

/** Whichever way the group consumes: a client may do so in another way than its application is told. */
function byRocketmq({ name, topics }: Header['groups'][number]): GroupTopic[] {
  const popped = topics.flatMap((topic) => [popRetryTopic(name, topic), popRetryTopic(name, topic, '+')])
  return [
    ...[retryTopic(name), ...popped].map((topic): GroupTopic => ({ group: name, topic, holds: 'retries' })),
    { group: name, topic: deadLetterTopic(name), holds: 'dead letters' },
  ]
}

export class OwnTopics {
  private readonly byName: ReadonlyMap<string, GroupTopic>

  constructor({ groups, groupTopics }: Pick<Header, 'groups' | 'groupTopics'>) {
    const all = groupTopics ?? groups.flatMap(byRocketmq)
    this.byName = new Map(all.map((one) => [one.topic, one]))
  }

  has(topic: string): boolean {
    return this.byName.has(topic)
  }

  /** The group that is given again there what it has failed on, or null. */
  retriesOf(topic: string): string | null {
    return this.groupOf(topic, 'retries')
  }

  /** The group whose dead letters lie there, or null. */
  deadLettersOf(topic: string): string | null {
    return this.groupOf(topic, 'dead letters')
  }

  private groupOf(topic: string, holds: GroupTopic['holds']): string | null {
    const found = this.byName.get(topic)
    return found?.holds === holds ? found.group : null
  }
}
