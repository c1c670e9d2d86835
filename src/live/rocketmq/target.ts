/** RocketMQ as a live target: one broker, driven over remoting by clients of our own, or by RocketMQ's library. */
import { deadLetterTopic } from '../../plan/group-topics.ts'
import { messageOf } from '../../plan/message-of.ts'
import { CALL_LIMITS_MS } from '../call-limits.ts'
import {
  BrokerDown,
  TargetBroken,
  type Consumer,
  type ConsumerEvents,
  type ConsumerSpec,
  type FaultActions,
  type GroupSetup,
  type Hello,
  type Producer,
  type ProducerEvents,
  type Reading,
  type SendResult,
  type Stored,
  type Target,
  type TopicSetup,
} from '../target.ts'
import type { RocketmqLiveConfig } from './config.ts'
import { RemotingConsumer } from './consuming/consumer.ts'
import { PopConsumer } from './consuming/pop-consumer.ts'
import { Link, type Address, type Whereabouts } from './link.ts'
import { RemotingProducer } from './producer.ts'
import { createTopic } from './remoting/admin.ts'
import { isOutage, type Connection } from './remoting/connection.ts'
import { Refused } from './remoting/fields.ts'
import { ProtocolError } from './remoting/frame.ts'
import { boundsOf, pullMessages } from './remoting/pulls.ts'
import { makeRound, removeRound } from './round-topics.ts'
import type { SdkClients } from './sdk/clients.ts'

/** What differs between a broker of our own and one that is somebody else's. */
export interface TargetParts {
  readonly hello: Hello
  readonly config: RocketmqLiveConfig
  readonly faults: FaultActions
  /** A part of names that must be of this run alone. */
  readonly token: string
  readonly address: Address | Whereabouts
  /** RocketMQ's library, when it is the client: then our own only sets up and looks. */
  readonly sdk: SdkClients | null
  /** The way of one client to the broker: through its own proxy, where link faults are asked for. */
  addressOf(client: string): Promise<Address | Whereabouts>
  /** @throws BrokerDown */
  ready(): Promise<void>
  /** Its slave has taken its place. */
  isSpent?(): boolean
  /** What was set up must outlive any fault. */
  settle(topics: readonly TopicSetup[]): Promise<void>
  evidence(): readonly string[]
  close(): Promise<void>
}

/** Generous: on a busy machine a young broker takes its time. */
const ADMIN_MS = 20_000
/** For all that a round made; what is begun last may take its time. */
export const TEAR_DOWN_MS = CALL_LIMITS_MS.tearDown - ADMIN_MS - 2000
/** RMQ-089; shorter than the client's, so that a queue which went quiet is asked about again within a round. */
const HOLD_MS = 5000
const PULL_TIMEOUT_MS = 15_000
const ERROR_DELAY_MS = 500
/** Reads as nobody, and moves nobody's progress. */
const AUDIT_GROUP = 'mqproof_audit'

export class RocketmqTarget implements Target {
  readonly hello: Hello
  readonly faults: FaultActions
  private readonly parts: TargetParts
  private readonly admin: Link
  private readonly queues = new Map<string, number>()
  private broken: TargetBroken | null = null

  constructor(parts: TargetParts) {
    this.parts = parts
    this.hello = parts.hello
    this.faults = parts.faults
    this.admin = new Link({ address: parts.address, connectMs: ADMIN_MS })
  }

  async setUp(topics: readonly TopicSetup[], groups: readonly GroupSetup[]): Promise<void> {
    const { messageType } = this
    await this.asked((connection) => makeRound(connection, topics, groups, { config: this.parts.config, messageType }, ADMIN_MS))
    for (const { topic, queues } of topics) this.queues.set(topic, queues)
    await this.parts.settle(topics)
  }

  async createTopic({ topic, queues }: TopicSetup): Promise<SendResult> {
    try {
      await createTopic(await this.admin.open(), { topic, queues, messageType: this.messageType }, ADMIN_MS)
    } catch (error) {
      if (error instanceof Refused) return { type: 'fail', status: error.message }
      if (isOutage(error)) return { type: 'info', status: 'NO_ANSWER' }
      throw error
    }
    this.queues.set(topic, queues)
    return { type: 'ok', status: 'CREATED', shown: { queue: -1, offset: -1, at: -1, broker: this.hello.brokers[0] ?? '' } }
  }

  async openProducer(name: string, events: ProducerEvents): Promise<Producer> {
    const { token, config, sdk } = this.parts
    if (sdk !== null) return sdk.openProducer(name, [...this.queues.keys()], events)
    const producer = new RemotingProducer(
      {
        name,
        // A group of its own: only it can say what became of its transactions, in whichever of its lives (RMQ-132).
        group: `mqproof_${token}_${name}`,
        broker: this.hello.brokers[0] ?? '',
        address: await this.parts.addressOf(name),
        sendTimeoutMs: config.clientTimes.sendTimeoutMs,
        queuesOf: (topic) => this.queues.get(topic) ?? 1,
      },
      events,
    )
    await producer.stayKnown()
    return producer
  }

  /** Our own client keeps to its share; what an SDK asks for is anybody's. */
  get rebalances(): boolean {
    return this.parts.sdk !== null
  }

  async openConsumer(spec: ConsumerSpec, events: ConsumerEvents): Promise<Consumer> {
    const { sdk, config } = this.parts
    if (sdk !== null) return sdk.openConsumer(spec, events)
    const { sendTimeoutMs, retryDelayMs, commitIntervalMs, lockValidMs, lockRenewMs, popInvisibleMs } = config.clientTimes
    const Client = spec.consumption === 'pop' ? PopConsumer : RemotingConsumer
    return new Client(spec, events, {
      address: await this.parts.addressOf(spec.name),
      broker: this.hello.brokers[0] ?? '',
      times: {
        requestMs: sendTimeoutMs,
        holdMs: HOLD_MS,
        pullTimeoutMs: PULL_TIMEOUT_MS,
        errorDelayMs: ERROR_DELAY_MS,
        retryMs: retryDelayMs,
        commitIntervalMs,
        validMs: lockValidMs,
        renewMs: lockRenewMs,
        invisibleMs: popInvisibleMs,
      },
      retriesMax: config.retry === 'send-back' ? config.retryMaxTimes : null,
      onBroken: (error) => {
        this.broken ??= error
      },
    })
  }

  get spent(): boolean {
    return this.parts.isSpent?.() ?? false
  }

  deadLetters(group: string): TopicSetup | null {
    return this.parts.config.retry === 'local' ? null : { topic: deadLetterTopic(group), queues: 1 }
  }

  read(topic: string, queue: number): Promise<Reading> {
    return this.asked(async (connection) => {
      const { min, max } = await boundsOf(connection, topic, queue, ADMIN_MS)
      const messages: Stored[] = []
      for (let offset = min; offset < max;) {
        const pulled = await pullMessages(connection, { group: AUDIT_GROUP, topic, queue, offset, holdMs: 0 }, ADMIN_MS)
        for (const message of pulled.messages) messages.push({ offset: message.offset, payload: message.body })
        // An offset that leads nowhere is passed: what is missing there is for the checkers to see.
        offset = Math.max(offset + 1, pulled.next)
      }
      return { min, max, messages: messages.filter(({ offset }) => offset < max) }
    })
  }

  async ready(): Promise<void> {
    if (this.broken !== null) throw this.broken
    await this.parts.ready()
  }

  async tearDown(topics: readonly TopicSetup[], groups: readonly GroupSetup[]): Promise<void> {
    const limits = { eachMs: ADMIN_MS, allMs: TEAR_DOWN_MS }
    await removeRound(() => this.admin.open(), topics, groups, this.parts.config, limits)
    for (const { topic } of topics) this.queues.delete(topic)
  }

  evidence(): readonly string[] {
    return this.parts.evidence()
  }

  async close(): Promise<void> {
    this.admin.destroy()
    await this.parts.close()
  }

  /** A proxy passes checks on for topics of transactions alone, and takes plain messages for them where types are not checked. */
  private get messageType(): 'TRANSACTION' | undefined {
    return this.parts.sdk === null ? undefined : 'TRANSACTION'
  }

  /** Something that must be answered. @throws BrokerDown, TargetBroken */
  private async asked<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    if (this.broken !== null) throw this.broken
    try {
      return await work(await this.admin.open())
    } catch (error) {
      if (isOutage(error) || error instanceof Refused) throw new BrokerDown(`RocketMQ does not do what is asked of it: ${messageOf(error)}`)
      if (error instanceof ProtocolError) throw new TargetBroken(`the broker's answer is not understood: ${error.message}`)
      throw error
    }
  }
}
