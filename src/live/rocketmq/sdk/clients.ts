/** Opens clients of the SDK, and finds the producer that a check is about. */
import type { TxnOutcome } from '../../../plan/plan.ts'
import type { Consumer, ConsumerEvents, ConsumerSpec, Producer, ProducerEvents } from '../../target.ts'
import { AWAIT_MS } from '../properties.ts'
import { ProxyConsumer } from './consumer.ts'
import { clientOptions, startAll } from './lifecycle.ts'
import type { Sdk, SdkListener, SdkMessage, SdkProducer, SdkPushConsumer, SdkSimpleConsumer } from './module.ts'
import { ProxyProducer, SENDER } from './producer.ts'
import { PushedConsumer } from './push-consumer.ts'

/** RML-026; 0 makes the library say nothing, so that the broker asks again. */
const RESOLUTION: Readonly<Record<TxnOutcome, number>> = { unknown: 0, commit: 1, rollback: 2 }

const INVISIBLE_MS = 10_000
const ERROR_DELAY_MS = 500

export interface SdkTimes {
  readonly requestMs: number
  readonly retryMs: number
}

export class SdkClients {
  private readonly sdk: Sdk
  private readonly endpoints: string
  private readonly times: SdkTimes
  /** The proxy asks any producer of the topic: what became of a message is known to the one that sent it, in whichever of its lives. */
  private readonly senders = new Map<string, ProducerEvents>()

  /** All groups are given to push consumers, not only those that keep order. */
  private readonly pushes: boolean

  constructor(sdk: Sdk, endpoints: string, times: SdkTimes, pushes = false) {
    this.pushes = pushes
    this.sdk = sdk
    this.endpoints = endpoints
    this.times = times
  }

  /** Checks come to clients that named their topic when they started. @throws BrokerDown */
  async openProducer(name: string, topics: readonly string[], events: ProducerEvents): Promise<Producer> {
    this.senders.set(name, events)
    const clients = new Map(topics.map((topic) => [topic, this.producerOf([topic])]))
    const other = this.producerOf([])
    await startAll([...clients.values(), other], `the SDK's producer ${name}`)
    return new ProxyProducer(name, clients, other)
  }

  /** @throws BrokerDown */
  async openConsumer(spec: ConsumerSpec, events: ConsumerEvents): Promise<Consumer> {
    return this.pushes || spec.listener === 'orderly' ? this.openPush(spec, events) : this.openSimple(spec, events)
  }

  private async openPush({ name, group, topics }: ConsumerSpec, events: ConsumerEvents): Promise<Consumer> {
    const subscribed = topics.map(({ topic }) => topic)
    const make = (messageListener: SdkListener): SdkPushConsumer =>
      new this.sdk.PushConsumer({ ...this.subscribing(group, subscribed), messageListener })
    const { SUCCESS: success, FAILURE: failure } = this.sdk.ConsumeResult
    const results = { success, failure, again: this.sdk.ConsumeResultSuspend.of(this.times.retryMs) }
    const consumer = new PushedConsumer(make, results, events)
    await startAll(consumer.clients, `the SDK's push consumer ${name}`)
    return consumer
  }

  private async openSimple({ name, group, topics }: ConsumerSpec, events: ConsumerEvents): Promise<Consumer> {
    const clients = topics.map(({ topic }) => this.consumerOf(group, topic))
    await startAll(clients, `the SDK's consumer ${name}`)
    const times = { invisibleMs: INVISIBLE_MS, retryMs: this.times.retryMs, errorDelayMs: ERROR_DELAY_MS }
    const consumers = clients.map((client) => new ProxyConsumer(client, events, times))
    return {
      close: async () => {
        await Promise.all(consumers.map((consumer) => consumer.close()))
      },
      abort: () => {
        for (const consumer of consumers) consumer.abort()
      },
    }
  }

  private producerOf(topics: readonly string[]): SdkProducer {
    return new this.sdk.Producer({
      ...clientOptions(this.endpoints, this.times.requestMs),
      topics,
      maxAttempts: 1,
      checker: { check: (message) => Promise.resolve(this.checked(message)) },
    })
  }

  private consumerOf(group: string, topic: string): SdkSimpleConsumer {
    return new this.sdk.SimpleConsumer({
      ...this.subscribing(group, [topic]),
      awaitDuration: AWAIT_MS,
      maxRetryAttempts: 1,
    })
  }

  private subscribing(group: string, topics: readonly string[]) {
    const subscriptions = new Map(topics.map((topic) => [topic, '*']))
    return { ...clientOptions(this.endpoints, this.times.requestMs), consumerGroup: group, subscriptions }
  }

  private checked({ body, properties }: SdkMessage): number {
    const sender = this.senders.get(properties.get(SENDER) ?? '')
    return RESOLUTION[sender?.check(body) ?? 'unknown']
  }
}
