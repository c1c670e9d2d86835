/** Concurrent listeners (RMQ-091, RMQ-099): whatever comes is handed over at once, and what a listener failed on is run again. */
import type { QueueOf } from '../remoting/pulls.ts'
import type { StoredMessage } from '../remoting/record.ts'
import { ProcessQueue, type Held } from './process-queue.ts'
import { deliveryOf, type HandOver, type QueueWork } from './work.ts'

export class ConcurrentWork implements QueueWork {
  readonly processing: ProcessQueue
  private dropped = false
  private readonly retries = new Set<NodeJS.Timeout>()
  private readonly place: QueueOf
  private readonly retryMs: number
  private readonly handOver: HandOver

  constructor(place: QueueOf, start: number, retryMs: number, handOver: HandOver) {
    this.processing = new ProcessQueue(start)
    this.place = place
    this.retryMs = retryMs
    this.handOver = handOver
  }

  take(messages: readonly StoredMessage[]): void {
    for (const message of messages) {
      const held = this.processing.take(message)
      if (held !== null) this.deliver(held)
    }
  }

  drop(): void {
    this.dropped = true
    for (const retry of this.retries) clearTimeout(retry)
    this.retries.clear()
  }

  private deliver(held: Held): void {
    const settle = (done: boolean): Promise<void> => {
      if (this.dropped) return Promise.resolve()
      if (done) this.processing.finish(held.message.offset)
      else this.again(held)
      return Promise.resolve()
    }
    this.handOver(deliveryOf(this.place, held, { settle }))
  }

  private again(held: Held): void {
    held.attempts++
    const timer = setTimeout(() => {
      this.retries.delete(timer)
      this.deliver(held)
    }, this.retryMs)
    this.retries.add(timer)
  }
}
