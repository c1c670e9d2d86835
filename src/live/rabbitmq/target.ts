/** RabbitMQ as a live target, driven by amqplib: one node of our own, or a broker that is there already. */
import type { Channel } from 'amqplib'
import {
  BrokerDown,
  type Consumer,
  type ConsumerEvents,
  type ConsumerSpec,
  type FaultActions,
  type GroupSetup,
  type Hello,
  type Producer,
  type SendResult,
  type Target,
  type TopicSetup,
} from '../target.ts'
import { within } from '../waits.ts'
import { BROKER, type RabbitmqLiveConfig } from './config.ts'
import { RabbitmqConsumer } from './consumer.ts'
import { Link, reasonOf } from './link.ts'
import { RabbitmqProducer } from './producer.ts'
import type { Topology } from './topology.ts'

/** What differs between a node of our own and a broker that is somebody else's. */
export interface TargetParts {
  readonly hello: Hello
  readonly config: RabbitmqLiveConfig
  readonly faults: FaultActions
  readonly topology: Topology
  /** Of streams: see `ConsumerOptions`. */
  readonly progress: Map<string, number>
  readonly url: string
  /** The way of one client to the broker: through its own proxy, where link faults are asked for. */
  urlOf(client: string): Promise<string>
  /** @throws BrokerDown */
  ready(): Promise<void>
  /** What was set up must outlive any fault. */
  settle(): Promise<void>
  evidence(): readonly string[]
  close(): Promise<void>
}

/** Who asks gives up a little later, and would blame the target. */
export const ADMIN_MS = 12_000
const CREATE_MS = 3000

/** Does something on a channel that is there for it alone. Nobody's send waits for its connection: a broker on a busy machine has time to greet. */
export async function onChannel<T>(url: string, limitMs: number, work: (channel: Channel) => Promise<T>): Promise<T> {
  const link = await Link.open(url, 'mqproof administration', limitMs)
  try {
    const channel = await link.model.createChannel()
    link.note(channel)
    return await within(limitMs, 'the administration', work(channel), Error)
  } catch (error) {
    throw link.reason === '' ? error : new Error(link.reason)
  } finally {
    await link.close()
  }
}

export class RabbitmqTarget implements Target {
  readonly hello: Hello
  readonly faults: FaultActions
  private readonly parts: TargetParts

  constructor(parts: TargetParts) {
    this.parts = parts
    this.hello = parts.hello
    this.faults = parts.faults
  }

  async setUp(topics: readonly TopicSetup[], groups: readonly GroupSetup[]): Promise<void> {
    const { url, topology, settle } = this.parts
    try {
      await onChannel(url, ADMIN_MS, (channel) => topology.add(channel, topics, groups))
    } catch (error) {
      throw new BrokerDown(`${BROKER} does not declare what a round needs: ${reasonOf(error)}`)
    }
    await settle()
  }

  async createTopic(topic: TopicSetup): Promise<SendResult> {
    const { url, topology } = this.parts
    try {
      await onChannel(url, CREATE_MS, (channel) => topology.add(channel, [topic], []))
      return { type: 'ok', status: 'DECLARED', shown: { queue: -1, offset: -1, at: -1, broker: BROKER } }
    } catch (error) {
      return { type: 'info', status: reasonOf(error) }
    }
  }

  async openProducer(name: string): Promise<Producer> {
    const { config, urlOf, topology } = this.parts
    const producer = new RabbitmqProducer({
      name,
      persistent: config.persistent,
      url: () => urlOf(name),
      queuesOf: (topic) => topology.queuesOf(topic),
    })
    await producer.open()
    return producer
  }

  async openConsumer(spec: ConsumerSpec, events: ConsumerEvents): Promise<Consumer> {
    const { config, progress, urlOf } = this.parts
    const consumer = new RabbitmqConsumer(spec, events, { config, progress, url: () => urlOf(spec.name) })
    await consumer.open()
    return consumer
  }

  /** Readers of a stream are dealt its queues for good. */
  get rebalances(): boolean {
    return this.parts.config.queueType !== 'stream'
  }

  ready(): Promise<void> {
    return this.parts.ready()
  }

  async tearDown(topics: readonly TopicSetup[], groups: readonly GroupSetup[]): Promise<void> {
    const { url, topology, progress } = this.parts
    try {
      const gone = await onChannel(url, ADMIN_MS, (channel) => topology.remove(channel, topics, groups))
      for (const { place } of gone) progress.delete(place)
    } catch (error) {
      throw new BrokerDown(`${BROKER} does not remove what a round had made: ${reasonOf(error)}`)
    }
  }

  evidence(): readonly string[] {
    return this.parts.evidence()
  }

  close(): Promise<void> {
    return this.parts.close()
  }
}
