/** What a broker's cleaner does: white-box events of retention. */
import type { Us } from '../plan/units.ts'
import type { White } from './event.ts'

/** A file of the log: its records lie in [from, to), and nothing was written to it since. */
export interface OldFile {
  readonly from: number
  readonly to: number
  readonly writtenUs: Us
}

/**
 * The cleaner has looked at a log that began at `start`, and has deleted these of its files. The oldest file that could have gone was last written
 * to at `oldestUs`, if there was one; the disk was so full, in thousandths. All times are by the broker's own wall clock.
 */
export type Cleaned = White<'cleaned', { nowUs: Us; usedPermille: number; start: number; oldestUs: Us | null; files: readonly OldFile[] }>

/** By which rules a broker deletes, where its files are small enough for a run to fill one. */
export interface Retention {
  /** How long a file is kept after it was last written to. */
  readonly reservedUs: Us
  /** The hours of the day at which files go that have had their time. */
  readonly deleteHours: readonly number[]
  /** How full the disk is, in thousandths, when such files go at any hour; when files go whatever their age; and when nothing is stored any more. */
  readonly cleanPermille: number
  readonly forcePermille: number
  readonly fullPermille: number
  /** How many files may go in one round. */
  readonly filesMax: number
}
