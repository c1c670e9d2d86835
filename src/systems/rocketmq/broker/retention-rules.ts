/** The decisions of the cleaner; see rules.ts for why they are here and not in the code that asks. */
import type { Us } from '../../../plan/units.ts'
import type { Segment } from './state.ts'

export const retentionRules = {
  /** RMQ-051: how long a file is kept after it was last written to. */
  reservedInForce: (configuredUs: Us): Us => configuredUs,
  hasHadItsTime: (ageUs: Us, reservedUs: Us): boolean => ageUs >= reservedUs,

  /** RMQ-051: what has had its time goes at the hour of `deleteWhen`, and at any hour where space is short. */
  mayClean: (deleteTime: boolean, spaceShort: boolean): boolean => deleteTime || spaceShort,

  /** RMQ-052: on a disk as full as that files go whatever their age. */
  cleansForcibly: (usedPermille: number, forcePermille: number): boolean => usedPermille > forcePermille,

  /** RMQ-051: the oldest go first, and only so many in a round. */
  filesToDelete: (due: readonly Segment[], most: number): readonly Segment[] => due.slice(0, most),

  /** RMQ-051: what groups have read, or not, does not matter. */
  mayGo: (_isUnread: () => boolean): boolean => true,

  /** RMQ-052: whether the disk counts as full, after a look at it: once it does, it does so until files are forced off it no more. */
  isMarkedFull: (marked: boolean, usedPermille: number, fullPermille: number, forcePermille: number): boolean =>
    usedPermille > fullPermille || (marked && usedPermille > forcePermille),

  /** RMQ-053: a queue begins at the first entry whose record the log still has. */
  minAfterDeletion: (_min: number, first: number, _max: number): number => first,

  /** RMQ-051: progress deletes nothing. */
  minAfterProgress: (min: number, _progress: () => number): number => min,
} as const
