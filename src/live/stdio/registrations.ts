/**
 * Who is there: the topics and groups in use, the clients by name. Pushes find their way by it, and after a restart of a broker that is
 * the adapter itself everything is declared again, as clients that connect again would.
 */
import { BrokerDown, type GroupSetup, type TopicSetup } from '../target.ts'
import type { Adapter } from './adapter.ts'
import type { StdioConsumer, StdioProducer } from './clients.ts'
import { toBytes, type Answer, type Push, type PushType, type RequestType } from './protocol.ts'
import { BadLine } from './reading.ts'

export const statusOf = (answer: Answer<RequestType>): string =>
  'status' in answer && answer.status !== undefined ? answer.status : answer.type

const isRefusal = ({ type }: Answer<RequestType>): boolean => type === 'fail' || type === 'info'

type Of<T extends PushType> = Extract<Push, { type: T }>

export class Registrations {
  readonly topics = new Map<string, number>()
  readonly groups = new Map<string, readonly string[]>()
  readonly producers = new Map<string, StdioProducer>()
  readonly consumers = new Map<string, StdioConsumer>()
  /** Consumers of all times: what comes for one that has left is late, what comes for one that never was is wrong. */
  readonly names = new Set<string>()
  /** Consumers that are taking their leave. */
  readonly leaving = new Map<string, Promise<unknown>>()
  private readonly queues = new Map<string, number>()
  private readonly adapter: Adapter

  constructor(adapter: Adapter) {
    this.adapter = adapter
  }

  know(topic: string, queues: number): void {
    this.queues.set(topic, queues)
  }

  queuesOf(topic: string): number {
    const queues = this.queues.get(topic)
    if (queues === undefined) throw new BadLine(`no topic is called ${JSON.stringify(topic)}`)
    return queues
  }

  /** @throws BrokerDown when the broker refuses: nothing can be run on it then */
  async declare(topics: readonly TopicSetup[], groups: readonly GroupSetup[]): Promise<void> {
    for (const { topic, queues } of topics) {
      this.know(topic, queues)
      const answer = await this.adapter.request('createTopic', { topic, queues })
      if (isRefusal(answer)) throw new BrokerDown(`the adapter refuses to create the topic ${topic}: ${statusOf(answer)}`)
    }
    for (const { group, topics: names } of groups) {
      const answer = await this.adapter.request('createGroup', { group, topics: [...names] })
      if (isRefusal(answer)) throw new BrokerDown(`the adapter refuses to create the group ${group}: ${statusOf(answer)}`)
    }
  }

  /** @throws BrokerDown, TargetBroken */
  async restart(): Promise<void> {
    const topics = [...this.topics].map(([topic, queues]) => ({ topic, queues }))
    const groups = [...this.groups].map(([group, names]) => ({ group, topics: names }))
    // What is sent before the groups are there would pass them by.
    this.adapter.restoring = true
    try {
      await this.adapter.start(true)
      await this.declare(topics, groups)
    } finally {
      this.adapter.restoring = false
    }
    await Promise.all([...this.consumers.values()].map((consumer) => consumer.subscribe()))
  }

  /** @throws BadLine */
  push(push: Push): void {
    switch (push.type) {
      case 'deliver':
        this.consumerOf(push)?.deliver(push)
        return
      case 'assigned':
        this.consumerOf(push)?.events.assigned(push.topic, push.queue, push.offset, push.from)
        return
      case 'committed':
        this.consumerOf(push)?.events.committed(push.topic, push.queue, push.offset)
        return
      case 'check':
        this.check(push)
        return
    }
  }

  private consumerOf({ consumer: name }: Exclude<Push, Of<'check'>>): StdioConsumer | null {
    const consumer = this.consumers.get(name)
    if (consumer !== undefined) return consumer
    if (this.names.has(name)) return null
    throw new BadLine(`no consumer is called ${JSON.stringify(name)}`)
  }

  /** Any producer can answer for its group; with none there, nobody knows. */
  private check({ check, client, payload }: Of<'check'>): void {
    const [anybody] = this.producers.values()
    const producer = (client === undefined ? undefined : this.producers.get(client)) ?? anybody
    const outcome = producer?.events.check(toBytes(payload)) ?? 'unknown'
    // Whoever asks the adapter next is told what broke it.
    this.adapter.request('checked', { check, outcome }).catch(() => undefined)
  }
}
