/**
 * One queue of a consumer: asks where its group stands, then pulls, and tells the broker what is finished (RMQ-089 to RMQ-099). An error is
 * waited out, and the queue is pulled again where it was.
 */
import { tagsOf } from '../../../plan/subscription.ts'
import type { ConsumerEvents } from '../../target.ts'
import type { Link } from '../link.ts'
import { isOutage, type Connection } from '../remoting/connection.ts'
import { Refused } from '../remoting/fields.ts'
import { boundsOf, pullMessages, storedOffset, updateOffset, type PullAnswer, type QueueOf, type Wanted } from '../remoting/pulls.ts'
import { propertyOf, type StoredMessage } from '../remoting/record.ts'
import type { QueueLock } from './queue-lock.ts'
import type { QueueWork } from './work.ts'

export interface QueueTimes {
  readonly requestMs: number
  /** How long the broker holds a pull (RMQ-089), and how long its answer may take: it looks at what it holds every five seconds. */
  readonly holdMs: number
  readonly pullTimeoutMs: number
  /** RMQ-090: the next pull after an error. */
  readonly errorDelayMs: number
}

export interface QueueParts {
  readonly link: Link
  readonly place: QueueOf
  readonly times: QueueTimes
  readonly events: ConsumerEvents
  /** RMQ-107: a queue of an orderly consumer is used only once it is locked. */
  readonly lock: QueueLock | null
  readonly workFrom: (start: number) => QueueWork
  /** What the group wants; every message when left out. */
  readonly wanted?: Wanted | undefined
}

/** RMQ-090: while too much is held. */
const FULL_DELAY_MS = 50

export class QueueConsumer {
  private readonly parts: QueueParts
  private readonly stopped = new AbortController()
  private work: QueueWork | null = null
  private next = 0
  private reported = -1
  /** The tags that it names; null: what comes is wanted. */
  private readonly named: readonly string[] | null
  /** It does not want everything. */
  private readonly chooses: boolean

  constructor(parts: QueueParts) {
    this.parts = parts
    const { wanted } = parts
    this.named = wanted?.type === 'TAG' ? tagsOf(wanted.expression) : null
    this.chooses = this.named !== null || wanted?.type === 'SQL92'
  }

  /** Works until it is stopped. @throws ProtocolError */
  async run(): Promise<void> {
    const { link, times } = this.parts
    while (!this.isStopped) {
      try {
        await this.turn(link.current ?? (await link.open()))
      } catch (error) {
        if (!isOutage(error) && !(error instanceof Refused)) throw error
        await this.rest(times.errorDelayMs)
      }
    }
  }

  stop(): void {
    this.stopped.abort()
    this.work?.drop()
    this.parts.lock?.stop()
  }

  /** Tells the broker how far the group has come, if that is news (RMQ-095). */
  report(connection: Connection): void {
    const { events, place } = this.parts
    const progress = this.work?.processing.progress ?? this.reported
    if (progress === this.reported) return
    this.reported = progress
    events.committed(place.topic, place.queue, progress)
    updateOffset(connection, place, progress)
  }

  /** In good order: what is finished is told, and the lock given back (RMQ-107). */
  leave(connection: Connection): void {
    this.report(connection)
    this.parts.lock?.giveBack(connection)
  }

  private get isStopped(): boolean {
    return this.stopped.signal.aborted
  }

  private async turn(connection: Connection): Promise<void> {
    const { lock, place, times } = this.parts
    if (lock !== null && !lock.isValid && !(await lock.ask(connection))) return this.rest(times.errorDelayMs)
    const { work } = this
    if (work === null) return this.takeUp(connection)
    if (work.processing.isFull) return this.rest(FULL_DELAY_MS)
    const answer = await pullMessages(
      connection,
      { ...place, offset: this.next, holdMs: times.holdMs, wanted: this.parts.wanted },
      times.pullTimeoutMs,
    )
    if (!this.isStopped) await this.pulled(connection, work, answer)
  }

  /** RMQ-097: at the stored progress, or where a new group on a young topic begins. */
  private async takeUp(connection: Connection): Promise<void> {
    const { place, times } = this.parts
    const stored = await storedOffset(connection, place, times.requestMs)
    const start = stored ?? (await boundsOf(connection, place.topic, place.queue, times.requestMs)).min
    if (this.isStopped) return
    this.reported = stored ?? -1
    this.begin(start, stored === null ? 'none' : 'stored')
  }

  private begin(start: number, from: 'stored' | 'none' | 'corrected'): void {
    const { events, place, workFrom } = this.parts
    this.next = start
    this.work?.drop()
    this.work = workFrom(start)
    events.assigned(place.topic, place.queue, start, from)
  }

  private async pulled(connection: Connection, work: QueueWork, answer: PullAnswer): Promise<void> {
    switch (answer.status) {
      case 'found':
        this.next = Math.max(this.next, answer.next)
        work.take(answer.messages.filter((message) => this.wants(message)))
        return
      case 'empty':
        return this.passedBy(work, answer.next)
      case 'elsewhere':
        if (answer.next <= this.next) return this.rest(FULL_DELAY_MS)
        this.passedBy(work, answer.next)
        return
      case 'moved':
        // RMQ-092: what is held of the queue is dropped, the broker is told the corrected offset, and the queue is taken up there.
        this.begin(answer.next, 'corrected')
        this.report(connection)
    }
  }

  /** RMQ-135: tags whose hashes are alike are told apart here. */
  private wants(message: StoredMessage): boolean {
    return this.named === null || this.named.includes(propertyOf(message, 'TAGS') ?? '')
  }

  /** There is nothing for the group before `next`. */
  private passedBy(work: QueueWork, next: number): void {
    this.next = Math.max(this.next, next)
    if (this.chooses) work.processing.pass(next)
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
