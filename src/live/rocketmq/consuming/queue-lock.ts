/**
 * The lock of one queue, as an orderly consumer holds it (RMQ-106): the broker grants it for longer than its holder takes it for valid, and
 * it is renewed long before either ends. An answer that does not come changes nothing: the lock goes by its own time.
 */
import type { ConsumerEvents } from '../../target.ts'
import type { Link } from '../link.ts'
import { isOutage, type Connection } from '../remoting/connection.ts'
import { Refused } from '../remoting/fields.ts'
import { lockQueue, unlockQueue, type LockRequest } from '../remoting/locks.ts'

export interface LockTimes {
  readonly requestMs: number
  /** How long its holder takes it for valid, which is what others are told. */
  readonly validMs: number
  readonly renewMs: number
}

/** Between the look at the lock and what is then recorded, time passes. */
const SLACK_MS = 10

export class QueueLock {
  private grantedMs = -Infinity
  private asking: Promise<boolean> | null = null
  private readonly renewing: NodeJS.Timeout
  private readonly link: Link
  private readonly request: LockRequest
  private readonly times: LockTimes
  private readonly events: ConsumerEvents
  private readonly onBroken: (error: unknown) => void
  private stopped = false

  constructor(link: Link, request: LockRequest, times: LockTimes, events: ConsumerEvents, onBroken: (error: unknown) => void) {
    this.link = link
    this.request = request
    this.times = times
    this.events = events
    this.onBroken = onBroken
    this.renewing = setInterval(() => {
      void this.renew()
    }, times.renewMs)
  }

  get isValid(): boolean {
    return performance.now() - this.grantedMs < this.times.validMs - SLACK_MS
  }

  /** @throws ConnectionLost, TimedOut, Refused, ProtocolError */
  ask(connection: Connection): Promise<boolean> {
    this.asking ??= this.asked(connection).finally(() => {
      this.asking = null
    })
    return this.asking
  }

  private async asked(connection: Connection): Promise<boolean> {
    const { topic, queue } = this.request
    const granted = await lockQueue(connection, this.request, this.times.requestMs)
    if (this.stopped) return false
    this.grantedMs = granted ? performance.now() : -Infinity
    if (granted) this.events.locked?.(topic, queue, this.times.validMs)
    else this.events.lockRefused?.(topic, queue)
    return granted
  }

  /** Only while it is held: who has lost it asks for it when it pulls. */
  private async renew(): Promise<void> {
    const connection = this.link.current
    if (connection === null || this.grantedMs === -Infinity) return
    try {
      await this.ask(connection)
    } catch (error) {
      if (!isOutage(error) && !(error instanceof Refused)) this.onBroken(error)
    }
  }

  /** In good order: the next holder need not wait. */
  giveBack(connection: Connection): void {
    if (this.grantedMs === -Infinity) return
    this.grantedMs = -Infinity
    this.events.unlocked?.(this.request.topic, this.request.queue)
    unlockQueue(connection, this.request)
  }

  stop(): void {
    this.stopped = true
    clearInterval(this.renewing)
  }
}
