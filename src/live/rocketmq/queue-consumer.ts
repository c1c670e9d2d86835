/**
 * One queue of a consumer: asks where its group stands, then pulls, delivers and counts what is finished (RMQ-089 to RMQ-099). An error is
 * waited out, and the queue is pulled again where it was.
 */
import type { ConsumerEvents } from '../target.ts'
import type { Link } from './link.ts'
import { ProcessQueue, type Held } from './process-queue.ts'
import { isOutage, type Connection } from './remoting/connection.ts'
import { Refused } from './remoting/fields.ts'
import { boundsOf, pullMessages, storedOffset, updateOffset, type PullAnswer, type QueueOf } from './remoting/pulls.ts'

export interface QueueTimes {
  readonly requestMs: number
  /** How long the broker holds a pull (RMQ-089), and how long its answer may take: it looks at what it holds every five seconds. */
  readonly holdMs: number
  readonly pullTimeoutMs: number
  /** RMQ-090: the next pull after an error. */
  readonly errorDelayMs: number
  /** RMQ-099: a message whose listener failed is delivered again. Sending it back to the broker is left out so far, as in the model. */
  readonly retryMs: number
}

/** RMQ-090: while too much is held. */
const FULL_DELAY_MS = 50

export class QueueConsumer {
  private readonly link: Link
  private readonly place: QueueOf
  private readonly times: QueueTimes
  private readonly events: ConsumerEvents
  private readonly retries = new Set<NodeJS.Timeout>()
  private readonly stopped = new AbortController()
  /** What is held; a new one with each start, so that results for an earlier one are void (RMQ-094). */
  private processing: ProcessQueue | null = null
  private next = 0
  private reported = -1

  constructor(link: Link, place: QueueOf, times: QueueTimes, events: ConsumerEvents) {
    this.link = link
    this.place = place
    this.times = times
    this.events = events
  }

  /** Works until it is stopped. @throws ProtocolError */
  async run(): Promise<void> {
    while (!this.isStopped) {
      try {
        await this.turn(this.link.current ?? (await this.link.open()))
      } catch (error) {
        if (!isOutage(error) && !(error instanceof Refused)) throw error
        await this.rest(this.times.errorDelayMs)
      }
    }
  }

  stop(): void {
    this.stopped.abort()
    for (const retry of this.retries) clearTimeout(retry)
    this.retries.clear()
  }

  /** Tells the broker how far the group has come, if that is news (RMQ-095). */
  report(connection: Connection): void {
    const progress = this.processing?.progress ?? this.reported
    if (progress === this.reported) return
    this.reported = progress
    this.events.committed(this.place.topic, this.place.queue, progress)
    updateOffset(connection, this.place, progress)
  }

  private get isStopped(): boolean {
    return this.stopped.signal.aborted
  }

  private async turn(connection: Connection): Promise<void> {
    const processing = this.processing
    if (processing === null) return this.takeUp(connection)
    if (processing.isFull) return this.rest(FULL_DELAY_MS)
    const { holdMs, pullTimeoutMs } = this.times
    const answer = await pullMessages(connection, { ...this.place, offset: this.next, holdMs }, pullTimeoutMs)
    if (!this.isStopped) await this.pulled(connection, processing, answer)
  }

  /** RMQ-097: at the stored progress, or where a new group on a young topic begins. */
  private async takeUp(connection: Connection): Promise<void> {
    const { topic, queue } = this.place
    const { requestMs } = this.times
    const stored = await storedOffset(connection, this.place, requestMs)
    const start = stored ?? (await boundsOf(connection, topic, queue, requestMs)).min
    if (this.isStopped) return
    this.reported = stored ?? -1
    this.begin(start, stored === null ? 'none' : 'stored')
  }

  private begin(start: number, from: 'stored' | 'none' | 'corrected'): void {
    this.next = start
    this.processing = new ProcessQueue(start)
    this.events.assigned(this.place.topic, this.place.queue, start, from)
  }

  private async pulled(connection: Connection, processing: ProcessQueue, answer: PullAnswer): Promise<void> {
    switch (answer.status) {
      case 'found':
        this.next = Math.max(this.next, answer.next)
        for (const message of answer.messages) {
          const held = processing.take(message)
          if (held !== null) this.deliver(processing, held)
        }
        return
      case 'empty':
        return
      case 'elsewhere':
        if (answer.next <= this.next) return this.rest(FULL_DELAY_MS)
        this.next = answer.next
        return
      case 'moved':
        // RMQ-092: what is held of the queue is dropped, the broker is told the corrected offset, and the queue is taken up there.
        this.begin(answer.next, 'corrected')
        this.report(connection)
    }
  }

  private deliver(processing: ProcessQueue, held: Held): void {
    const { message, attempts } = held
    this.events.delivered({
      topic: this.place.topic,
      queue: this.place.queue,
      offset: message.offset,
      payload: message.body,
      attempt: attempts,
      settle: (done) => {
        if (this.processing !== processing || this.isStopped) return Promise.resolve()
        if (done) processing.finish(message.offset)
        else this.deliverAgain(processing, held)
        return Promise.resolve()
      },
    })
  }

  private deliverAgain(processing: ProcessQueue, held: Held): void {
    held.attempts++
    const timer = setTimeout(() => {
      this.retries.delete(timer)
      // Its offset may hold another message by now, which has a delivery of its own.
      if (this.processing === processing) this.deliver(processing, held)
    }, this.times.retryMs)
    this.retries.add(timer)
  }

  /** Waits, but not longer than until it is stopped. */
  private rest(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const { signal } = this.stopped
      const wake = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      const timer = setTimeout(wake, delayMs)
      signal.addEventListener('abort', wake)
      if (signal.aborted) wake()
    })
  }
}
