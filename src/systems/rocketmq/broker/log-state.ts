/** What a broker remembers of its log: where its files are, and how much of it is safe. */
import type { Us } from '../../../plan/units.ts'

export interface Segment {
  readonly start: number
  readonly name: string
}

export interface LogState {
  segments: Segment[]
  /** Where the next record goes; segments are contiguous and the last one ends here. */
  end: number
  /** What the broker believes to be on stable storage. Invariant: flushedTo ≤ end. */
  flushedTo: number
  /** A force is under way. */
  forcing: boolean
  /** Forces that have come back, well or badly. */
  forces: number
  /** So many of the first files are on stable storage as a whole, which a file that another follows stays. */
  safeSegments: number
  /** Wall time of the last flush that asked for no minimum of pages (RMQ-038). */
  thoroughAt: Us
  /** Store time of the newest record below flushedTo, for the checkpoint. */
  flushedTime: Us
  /** Store time of the newest record. */
  appendedTime: Us
}
/** Where the log begins: files before that were deleted (RMQ-053). */
export const logStart = (log: LogState): number => log.segments[0]?.start ?? log.end
