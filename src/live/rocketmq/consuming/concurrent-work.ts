/**
 * Concurrent listeners (RMQ-091, RMQ-099): whatever comes is handed over at once. What a listener failed on is sent back to the broker; where
 * that is not wanted, or does not succeed, it is run again here.
 */
import type { SendBack } from '../../../history/send-back.ts'
import type { Delivery } from '../../target.ts'
import type { QueueOf } from '../remoting/pulls.ts'
import type { StoredMessage } from '../remoting/record.ts'
import { ProcessQueue, type Held } from './process-queue.ts'
import { deliveryOf, type HandOver, type QueueWork } from './work.ts'

export interface Failing {
  readonly retryMs: number
  /** What the broker says to taking it back; `info`: nothing. */
  readonly sendBack: ((message: StoredMessage) => Promise<'ok' | 'fail' | 'info'>) | null
  readonly told: (delivery: Delivery, what: SendBack['type']) => void
}

export class ConcurrentWork implements QueueWork {
  readonly processing: ProcessQueue
  private dropped = false
  private readonly retries = new Set<NodeJS.Timeout>()
  private readonly place: QueueOf
  private readonly failing: Failing
  private readonly handOver: HandOver

  constructor(place: QueueOf, start: number, failing: Failing, handOver: HandOver) {
    this.processing = new ProcessQueue(start)
    this.place = place
    this.failing = failing
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
    const delivery: Delivery = deliveryOf(this.place, held, {
      settle: async (done) => {
        if (this.dropped) return
        if (done) this.processing.finish(held.message.offset)
        else await this.failed(held, delivery)
      },
    })
    this.handOver(delivery)
  }

  /** It pins the progress of the queue until the broker has said that it has it back. */
  private async failed(held: Held, delivery: Delivery): Promise<void> {
    const { sendBack, told } = this.failing
    if (sendBack === null) return this.again(held)
    told(delivery, 'invoke')
    const end = await sendBack(held.message)
    told(delivery, end)
    if (end !== 'ok') return this.again(held)
    if (!this.dropped) this.processing.finish(held.message.offset)
  }

  private again(held: Held): void {
    if (this.dropped) return
    held.attempts++
    const timer = setTimeout(() => {
      this.retries.delete(timer)
      this.deliver(held)
    }, this.failing.retryMs)
    this.retries.add(timer)
  }
}
