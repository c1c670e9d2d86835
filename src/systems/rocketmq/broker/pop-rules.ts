/** What a broker decides of POP: see rules.ts for why it is here. */
import type { AckMark, Checkpoint } from './pop-record.ts'

export interface PopLogView {
  readonly flushedTo: number
  readonly sync: boolean
}

export const popRules = {
  /** RMQ-111: out of a hundred, so many pops look into the retry queue first. */
  popsRetryFirst: (draw: number): boolean => draw === 4,

  /** RMQ-097, RMQ-110: where a group begins that has no progress: a retry queue at its beginning, whatever it holds. */
  popStart: (queue: { readonly retry: boolean; readonly min: number; readonly max: number }): number =>
    queue.retry || queue.min <= 0 ? queue.min : queue.max,

  /**
   * A pop and an acknowledgement are answered, and a group's progress may be saved, once what they wrote is stored as the flush mode says.
   * `waits`: under ASYNC_FLUSH too (repair waitForInternalWrites).
   */
  isPopWriteStored: (end: number, log: PopLogView, waits: boolean): boolean => (!log.sync && !waits) || log.flushedTo >= end,
  mayStorePopProgress: (stored: boolean): boolean => stored,

  /** RMQ-111: an acknowledgement belongs to the checkpoint of its taking. */
  matchesCheckpoint: (ack: AckMark, mark: Checkpoint): boolean =>
    ack.startOffset === mark.startOffset &&
    ack.queue === mark.queue &&
    ack.popTime === mark.popTime &&
    ack.topic === mark.topic &&
    ack.group === mark.group,

  /** RMQ-111: which message is stored anew for an offset that was not acknowledged in time. */
  offsetToRevive: (_mark: Checkpoint, offset: number): number => offset,

  /** RMQ-111: the copy is the message as it was. */
  digestOfCopy: (digest: number): number => digest,

  /** RMQ-111: a message that could not be stored anew is tried again. */
  keepsFailedCheckpoint: (): boolean => true,

  /** RMQ-112: what was popped in order and is neither acknowledged nor visible again blocks its queue. */
  isBlocked: (waiting: number): boolean => waiting > 0,

  /** RMQ-112: a group that pops in order stays where it is until it has acknowledged. */
  progressOfOrderlyPop: (first: number, _next: number): number => first,
} as const
