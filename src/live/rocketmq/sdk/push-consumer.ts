/**
 * A push consumer of the SDK: the library takes messages, runs a listener for each, and tells the proxy what became of it; for a group that
 * keeps order, one after the other (RMQ-152).
 */
import type { Consumer, ConsumerEvents } from '../../target.ts'
import { leave, vanish } from './lifecycle.ts'
import type { SdkConsumeResult, SdkListener, SdkMessage, SdkPushConsumer } from './module.ts'

export interface Results {
  readonly success: SdkConsumeResult
  readonly failure: SdkConsumeResult
  /** It goes back at once: what has failed stays the client's, which waits with its shutdown until it succeeds. */
  readonly again: SdkConsumeResult
}

export class PushedConsumer implements Consumer {
  private stopped = false
  private readonly pending = new Set<(result: SdkConsumeResult) => void>()
  private readonly client: SdkPushConsumer
  private readonly events: ConsumerEvents
  private readonly results: Results

  /** `make` gives the client whose listener is this one's. */
  constructor(make: (listener: SdkListener) => SdkPushConsumer, results: Results, events: ConsumerEvents) {
    this.results = results
    this.events = events
    this.client = make({ consume: (message) => this.consume(message) })
  }

  get clients(): readonly SdkPushConsumer[] {
    return [this.client]
  }

  async close(): Promise<void> {
    this.giveUp()
    await leave(this.client)
  }

  /** The library knows no sudden end: it finishes what it holds first, so all of that is given back, and comes again. */
  abort(): void {
    this.giveUp()
    vanish(this.client)
  }

  private giveUp(): void {
    this.stopped = true
    for (const end of this.pending) end(this.results.again)
    this.pending.clear()
  }

  private consume(message: SdkMessage): Promise<SdkConsumeResult> {
    if (this.stopped) return Promise.resolve(this.results.again)
    return new Promise((resolve) => {
      this.pending.add(resolve)
      this.events.delivered({
        topic: message.topic,
        queue: 0,
        offset: -1,
        payload: message.body,
        attempt: Math.max(0, (message.deliveryAttempt ?? 1) - 1),
        settle: (done) => {
          if (this.pending.delete(resolve)) resolve(done ? this.results.success : this.results.failure)
          return Promise.resolve()
        },
      })
    })
  }
}
