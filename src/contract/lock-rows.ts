/** What RocketMQ does not promise of who has a queue, and of the locks that orderly groups have on them, row by row. */
import { FAULT_KINDS } from '../plan/faults.ts'
import type { Excused, ExcuseRow } from './excuse.ts'

/** What follows when the broker no longer knows whose a queue was. */
const TABLE_LOST: Excused = { 'ORD-3': ['overlap'], 'RBL-3': ['granted twice'] }

export const LOCKS: readonly ExcuseRow[] = [
  {
    id: 'ghosts-stay',
    excuses: { 'RBL-2': ['late'] },
    after: [[...FAULT_KINDS]],
    anywhere: true,
    otherIntervals: true,
    reason: 'a silent member holds its queues until the broker forgets it, which is set to take another time than 120 s (RMQ-101)',
  },
  {
    id: 'lock-table',
    excuses: TABLE_LOST,
    after: [['processKill', 'gracefulRestart', 'powerLoss']],
    unless: 'waitOutLocks',
    without: { crashed: false },
    reason:
      'the lock table lies in memory alone: a broker that starts again grants a queue whose old holder still works on it (RMQ-106, RMQ-109)',
  },
  {
    id: 'lock-table-inverted',
    excuses: { 'ORD-4': ['inverted'] },
    after: [['processKill', 'gracefulRestart', 'powerLoss']],
    unless: 'waitOutLocks',
    with: { moved: false },
    reason: 'two holders of a queue, one of whom its broker has forgotten, work on two messages of one key at a time (RMQ-106, RMQ-109)',
  },
  {
    id: 'lock-table-disk',
    excuses: TABLE_LOST,
    after: [['diskLoss']],
    without: { crashed: false },
    reason: 'a broker that comes back without its disk can not know that there were locks (RMQ-109)',
  },
  {
    id: 'paused-holder',
    excuses: { 'ORD-3': ['overlap'], 'RBL-3': ['outlived its lock'] },
    after: [['pause']],
    anywhere: true,
    with: { paused: true },
    reason:
      "a consumer that stands still in the middle of its work ends it when the lock has run out and may be another consumer's: nothing " +
      'fences it off (RMQ-109)',
  },
  {
    id: 'lock-clocks',
    excuses: { 'ORD-3': ['overlap'], 'RBL-3': ['granted twice', 'processed without lock', 'outlived its lock'] },
    after: [['clockOffset', 'clockJump', 'clockDrift']],
    anywhere: true,
    reason: 'broker and consumer each measure the life of a lock by their own wall clock (RMQ-106)',
  },
]
