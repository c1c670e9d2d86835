/** When a cluster has come to rest as to who reads what: every queue of a group has one owner, who stands at its end; or whoever was told to read it. */
import { popRetryTopic } from '../../plan/group-topics.ts'
import { storedOffset } from './broker/offsets.ts'
import { homeOf, queueOf, topicOf, type BrokerState } from './broker/state.ts'
import { isHeld, type ConsumerState } from './client/consumer-state.ts'

/** A queue that a consumer does not stand at the end of: behind it, or beyond it after a loss. */
export function unread({ shape, tasks, topics, pop }: ConsumerState, brokers: readonly BrokerState[]): string | null {
  if (pop !== null) return unpopped(shape.group, topics, brokers)
  for (const task of tasks) {
    if (!isHeld(task)) continue
    const broker = brokers.find((one) => homeOf(one) === task.broker)
    const end = broker === undefined ? undefined : queueOf(broker, task.topic, task.queue)?.max
    if (end !== task.next) return `${shape.name} does not stand at the end of ${task.topic}:${task.name}`
  }
  return null
}

/** A group that pops has no owners: its progress is the brokers' to know. */
function unpopped(group: string, topics: readonly string[], brokers: readonly BrokerState[]): string | null {
  const wanted = topics.flatMap((topic) => [topic, popRetryTopic(group, topic)])
  for (const broker of brokers)
    for (const { topic, queue, name, max } of broker.queues)
      if (wanted.includes(topic) && max > (storedOffset(broker, group, topic, queue) ?? 0))
        return `${group} has not taken all of ${topic}:${name}`
  return null
}

/** A queue that a consumer was told to read and has not taken up. What beside it others deal out among themselves, leaving its share to it, is nobody's to own. */
function notTaken(members: readonly ConsumerState[], brokers: readonly BrokerState[]): string | null {
  for (const { shape, topics, tasks } of members) {
    for (const broker of brokers) {
      for (const { topic, name, queue } of broker.queues) {
        if (!topics.includes(topic) || shape.assigned?.includes(queue) !== true) continue
        if (!tasks.some((task) => task.name === name && task.topic === topic && isHeld(task)))
          return `${shape.name} has not taken up ${topic}:${name}`
      }
    }
  }
  return null
}

/** A queue that a group subscribes and that no consumer, or more than one, has taken up. */
export function unowned(consumers: readonly ConsumerState[], brokers: readonly BrokerState[]): string | null {
  for (const group of new Set(consumers.map(({ shape }) => shape.group))) {
    const members = consumers.filter(({ shape }) => shape.group === group)
    if (members.some(({ shape, pop }) => shape.broadcasting || pop !== null)) continue
    if (members.some(({ shape }) => shape.assigned !== null)) {
      const missing = notTaken(members, brokers)
      if (missing !== null) return missing
      continue
    }
    const topics = new Set(members.flatMap((member) => member.topics))
    for (const broker of brokers) {
      for (const { topic, name, queue } of broker.queues) {
        if (!topics.has(topic) || queue >= (topicOf(broker, topic)?.readQueues ?? 0)) continue
        const owners = members.filter(({ tasks }) => tasks.some((task) => task.name === name && task.topic === topic && isHeld(task)))
        if (owners.length !== 1) return `${topic}:${name} has ${owners.length === 0 ? 'no' : 'more than one'} owner in ${group}`
      }
    }
  }
  return null
}
