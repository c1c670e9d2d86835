/** What POP writes into the log beside messages: checkpoints and acknowledgements in the revive topic, copies in a group's retry topic (RMQ-110, RMQ-111). */
import type { Us } from '../../../plan/units.ts'
import type { Receipt } from '../pop-messages.ts'

/** CK: these messages were given to somebody, and come again unless they are acknowledged in time. */
export class Checkpoint {
  readonly group: string
  readonly topic: string
  readonly queue: number
  readonly startOffset: number
  readonly offsets: readonly number[]
  /** By the broker's wall clock. */
  readonly popTime: Us
  readonly invisibleUs: Us
  constructor(
    group: string,
    from: Pick<Receipt, 'topic' | 'queue' | 'startOffset' | 'popTime' | 'invisibleUs'>,
    offsets: readonly number[],
  ) {
    this.group = group
    this.topic = from.topic
    this.queue = from.queue
    this.startOffset = from.startOffset
    this.offsets = offsets
    this.popTime = from.popTime
    this.invisibleUs = from.invisibleUs
  }
}

/** ACK: finds its checkpoint by where that begins, and when it was written. */
export class AckMark {
  readonly group: string
  readonly topic: string
  readonly queue: number
  readonly startOffset: number
  readonly offset: number
  readonly popTime: Us
  constructor(group: string, receipt: Receipt) {
    this.group = group
    this.topic = receipt.topic
    this.queue = receipt.queue
    this.startOffset = receipt.startOffset
    this.offset = receipt.offset
    this.popTime = receipt.popTime
  }
}

/** A message that is tried again: how often it was given away before, or its group has failed on it. */
export class RetryMark {
  readonly reconsumeTimes: number
  constructor(reconsumeTimes: number) {
    this.reconsumeTimes = reconsumeTimes
  }
}

export type PopMark = Checkpoint | AckMark | RetryMark

export const reconsumeTimesOf = (mark: PopMark | null): number => (mark instanceof RetryMark ? mark.reconsumeTimes : 0)
