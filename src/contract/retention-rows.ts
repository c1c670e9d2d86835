/** What RocketMQ does not promise once files of a log are deleted, row by row: everything else is promised of what is kept. */
import type { ExcuseRow } from './excuse.ts'

export const DELETIONS: readonly ExcuseRow[] = [
  {
    id: 'deleted',
    excuses: {
      'ALO-1': ['not delivered', 'not repeated'],
      'DUR-1': ['lost'],
      'DUR-2': ['hole', 'lost without power loss', 'forced and lost'],
      'DLY-2': ['forgotten'],
      'DLY-4': ['lost'],
      'TXN-2': ['committed but not delivered'],
      'TXN-3': ['unchecked'],
      'TXN-4': ['lost'],
      'RTY-2': ['forgotten'],
      'BRC-1': ['missed'],
      'IDM-1': ['lost effect'],
      'SCL-1': ['unread', 'unreachable'],
      'SCL-2': ['lost in transfer'],
    },
    after: [],
    smallFiles: true,
    with: { deleted: true },
    deed: true,
    reason:
      'its file has had its time, or the disk was over 85 % full: the oldest files go, whether or not anybody has read them (RMQ-051, RMQ-052)',
  },
  {
    id: 'corrected-past-deleted',
    excuses: { 'ALO-3': ['skipped ahead'] },
    after: [],
    smallFiles: true,
    with: { from: 'corrected', onward: true },
    deed: true,
    reason: 'a group that stood before the beginning of its queue is moved to it, past messages that were deleted (RMQ-053, RMQ-092)',
  },
  {
    id: 'given-up-with-its-file',
    excuses: { 'TXN-2': ['committed but not delivered'], 'TXN-4': ['lost'] },
    after: [],
    briefRetention: true,
    with: { discarded: true },
    deed: true,
    reason: 'a half older than fileReservedTime is parked without further checks (RMQ-130), which is soon where that is short',
  },
  {
    id: 'queues-not-forced-first',
    excuses: {
      'ORD-1': ['reordered'],
      'ORD-2': ['offset reused', 'gap'],
      'ORD-3': ['overtaken'],
      'ORD-4': ['inverted'],
      'ALO-1': ['not delivered'],
      'DUR-3': ['missing index entry', 'misplaced index entry'],
      'BRC-1': ['missed'],
      'GRP-1': ['missed'],
      'TXN-2': ['committed but not delivered', 'delivered twice'],
      'TXN-4': ['lost'],
    },
    after: [['powerLoss']],
    smallFiles: true,
    unless: 'forceQueuesFirst',
    with: { deletions: true },
    without: { inAudit: false },
    deed: true,
    reason:
      'the cleaner deletes records whose queue entries were not forced yet: after a power loss nothing is left to build them from, and their offsets ' +
      'are given out again (RMQ-028, RMQ-038, RMQ-053)',
  },
  {
    id: 'deleted-by-clock',
    excuses: { 'RET-2': ['expired early'] },
    after: [['clockOffset', 'clockJump', 'clockDrift']],
    reason: "age and hour are read from the broker's own wall clock: where it was set forward, files go before their time (RMQ-051)",
  },
]
