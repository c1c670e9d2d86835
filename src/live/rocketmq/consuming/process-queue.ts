/** What a consumer holds of one queue: the messages that are not finished, and so how far its group has come (RMQ-093). */
import type { StoredMessage } from '../remoting/record.ts'

export interface Held {
  readonly message: StoredMessage
  /** Deliveries so far that failed. */
  attempts: number
}

/** RMQ-090: pullThresholdForQueue, consumeConcurrentlyMaxSpan. */
const HELD_MAX = 1000
const SPAN_MAX = 2000

export class ProcessQueue {
  /** In the order of their offsets. */
  private readonly held = new Map<number, Held>()
  private largestSeen: number

  constructor(start: number) {
    this.largestSeen = start - 1
  }

  /** Takes up a message; one that was taken up already comes a second time and is left. */
  take(message: StoredMessage): Held | null {
    if (message.offset <= this.largestSeen) return null
    this.largestSeen = message.offset
    const held: Held = { message, attempts: 0 }
    this.held.set(message.offset, held)
    return held
  }

  finish(offset: number): void {
    this.held.delete(offset)
  }

  /** Up to there the broker has nothing that the group wants; with nothing in hand it has come so far (RMQ-135). */
  pass(next: number): void {
    if (this.held.size === 0) this.largestSeen = Math.max(this.largestSeen, next - 1)
  }

  /** The next offset that the group wants: one unfinished message pins it. */
  get progress(): number {
    return this.smallest ?? this.largestSeen + 1
  }

  get isFull(): boolean {
    return this.held.size > HELD_MAX || this.largestSeen - (this.smallest ?? this.largestSeen) > SPAN_MAX
  }

  /** The one that is next in order. */
  get first(): Held | undefined {
    for (const held of this.held.values()) return held
    return undefined
  }

  private get smallest(): number | undefined {
    return this.first?.message.offset
  }
}
