/**
 * A simple consumer of the SDK: it receives, and acknowledges message by message. What is not acknowledged in time comes again, to
 * whichever member of the group asks.
 */
import type { Consumer, ConsumerEvents } from '../../target.ts'
import { pause } from '../../waits.ts'
import { leave, vanish } from './lifecycle.ts'
import type { SdkMessage, SdkSimpleConsumer } from './module.ts'

export interface SdkConsumerTimes {
  /** The proxy allows no less than ten seconds. */
  readonly invisibleMs: number
  /** When what a listener failed on comes again. */
  readonly retryMs: number
  /** After an error. */
  readonly errorDelayMs: number
}

const BATCH = 32
/** What is delivered and not settled; with more, messages would come again while they wait for a listener. */
const HELD_MAX = 64
const FULL_DELAY_MS = 10

export class ProxyConsumer implements Consumer {
  private stopped = false
  private held = 0
  private readonly client: SdkSimpleConsumer
  private readonly events: ConsumerEvents
  private readonly times: SdkConsumerTimes
  private readonly receiving: Promise<void>

  constructor(client: SdkSimpleConsumer, events: ConsumerEvents, times: SdkConsumerTimes) {
    this.client = client
    this.events = events
    this.times = times
    this.receiving = this.run()
  }

  async close(): Promise<void> {
    this.stopped = true
    await this.receiving
    await leave(this.client)
  }

  abort(): void {
    this.stopped = true
    vanish(this.client)
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      if (this.held >= HELD_MAX) {
        await pause(FULL_DELAY_MS)
        continue
      }
      try {
        for (const message of await this.client.receive(BATCH, this.times.invisibleMs)) this.deliver(message)
      } catch {
        // Whatever it was, the group is entitled to its messages: the consumer goes on.
        await pause(this.times.errorDelayMs)
      }
    }
  }

  private deliver(message: SdkMessage): void {
    if (this.stopped) return
    this.held++
    this.events.delivered({
      topic: message.topic,
      queue: 0,
      offset: -1,
      payload: message.body,
      attempt: Math.max(0, (message.deliveryAttempt ?? 1) - 1),
      settle: (done) => this.settle(message, done),
    })
  }

  private async settle(message: SdkMessage, done: boolean): Promise<void> {
    this.held--
    if (this.stopped) return
    const telling = done ? this.client.ack(message) : this.client.changeInvisibleDuration(message, this.times.retryMs)
    // What could not be told is forgotten: the message comes again.
    await telling.catch(() => undefined)
  }
}
