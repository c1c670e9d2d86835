/** Tables keyed by queue and by group. Nested maps: no key is ever built from parts, since an event may cost a few of these look-ups. */
import type { GroupPlace, Place } from '../history/event.ts'
import type { QueueName } from '../plan/queues.ts'

/** One value for each queue, made when it is first asked for. */
export class PerQueue<T> {
  private readonly make: (topic: string, queue: QueueName) => T
  private readonly topics = new Map<string, Map<QueueName, T>>()
  /** The topic that was last asked for: most runs have one or two. */
  private lastTopic = ''
  private lastQueues: Map<QueueName, T> | null = null

  constructor(make: (topic: string, queue: QueueName) => T) {
    this.make = make
  }

  of(topic: string, queue: QueueName): T {
    const queues = this.lastQueues !== null && topic === this.lastTopic ? this.lastQueues : this.queuesOf(topic)
    let value = queues.get(queue)
    if (value === undefined) {
      value = this.make(topic, queue)
      queues.set(queue, value)
    }
    return value
  }

  private queuesOf(topic: string): Map<QueueName, T> {
    let queues = this.topics.get(topic)
    if (queues === undefined) {
      queues = new Map()
      this.topics.set(topic, queues)
    }
    this.lastTopic = topic
    this.lastQueues = queues
    return queues
  }

  /** Every value, in the order in which queues were first seen, topic by topic. */
  entries(): { readonly topic: string; readonly queue: QueueName; readonly value: T }[] {
    const found: { readonly topic: string; readonly queue: QueueName; readonly value: T }[] = []
    this.topics.forEach((queues, topic) => queues.forEach((value, queue) => found.push({ topic, queue, value })))
    return found
  }

  addValues(to: T[]): void {
    this.topics.forEach((queues) => queues.forEach((value) => to.push(value)))
  }
}

/** One value for each queue of each group. */
export class PerGroupQueue<T> {
  private readonly make: (topic: string, queue: QueueName) => T
  private readonly groups = new Map<string, PerQueue<T>>()

  constructor(make: (topic: string, queue: QueueName) => T) {
    this.make = make
  }

  of(group: string, topic: string, queue: QueueName): T {
    let queues = this.groups.get(group)
    if (queues === undefined) {
      queues = new PerQueue(this.make)
      this.groups.set(group, queues)
    }
    return queues.of(topic, queue)
  }

  /** Every value, in the order in which groups, and then queues, were first seen. */
  values(): T[] {
    const found: T[] = []
    this.groups.forEach((queues) => queues.addValues(found))
    return found
  }
}

/** Some brokers do not show where a message lies. */
export const isShown = (place: Place): boolean => place.offset >= 0
export const showPlace = (place: Place): string =>
  isShown(place) ? `${place.topic}:${place.queue}@${place.offset}` : showQueue(place.topic, place.queue)
export const showQueue = (topic: string, queue: QueueName): string => (queue === '' ? topic : `${topic}:${queue}`)
export const samePlace = (x: Place, y: Place): boolean => x.offset === y.offset && x.queue === y.queue && x.topic === y.topic
export const placeFacts = (place: Place | GroupPlace): { topic: string; queue: QueueName; offset: number } => ({
  topic: place.topic,
  queue: place.queue,
  offset: place.offset,
})
