/**
 * Orderly listeners (RMQ-108): one message at a time, in the order of the queue, and only under a valid lock. What a listener failed on holds
 * its queue up until it succeeds: without end, as RocketMQ's default is.
 */
import type { QueueOf } from '../remoting/pulls.ts'
import type { StoredMessage } from '../remoting/record.ts'
import { ProcessQueue, type Held } from './process-queue.ts'
import type { QueueLock } from './queue-lock.ts'
import { deliveryOf, type HandOver, type QueueWork } from './work.ts'

/** RMQ-106: how soon a queue whose lock is missing is looked at again. */
const RELOCK_MS = 100

export class OrderlyWork implements QueueWork {
  readonly processing: ProcessQueue
  private dropped = false
  private busy = false
  private later: NodeJS.Timeout | null = null
  private readonly place: QueueOf
  private readonly lock: QueueLock
  private readonly suspendMs: number
  private readonly handOver: HandOver

  constructor(place: QueueOf, start: number, lock: QueueLock, suspendMs: number, handOver: HandOver) {
    this.processing = new ProcessQueue(start)
    this.place = place
    this.lock = lock
    this.suspendMs = suspendMs
    this.handOver = handOver
  }

  take(messages: readonly StoredMessage[]): void {
    for (const message of messages) this.processing.take(message)
    this.next()
  }

  drop(): void {
    this.dropped = true
    if (this.later !== null) clearTimeout(this.later)
    this.later = null
  }

  private next(): void {
    const held = this.processing.first
    if (this.busy || this.dropped || this.later !== null || held === undefined) return
    if (!this.lock.isValid) return this.rest(RELOCK_MS)
    this.busy = true
    this.handOver(deliveryOf(this.place, held, { begin: () => this.begin(), settle: (done) => this.settle(held, done) }))
  }

  /** It may have waited for a listener: the lock counts at the moment of the work. */
  private begin(): boolean {
    if (!this.dropped && this.lock.isValid) return true
    this.busy = false
    this.rest(RELOCK_MS)
    return false
  }

  private settle(held: Held, done: boolean): Promise<void> {
    this.busy = false
    if (this.dropped) return Promise.resolve()
    if (done) {
      this.processing.finish(held.message.offset)
      this.next()
    } else {
      held.attempts++
      this.rest(this.suspendMs)
    }
    return Promise.resolve()
  }

  private rest(forMs: number): void {
    if (this.dropped) return
    this.later = setTimeout(() => {
      this.later = null
      this.next()
    }, forMs)
  }
}
