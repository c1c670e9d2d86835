/** What follows from a loss, guarantee by guarantee: rows of the contract excuse it after the faults and for the reasons that they name. */
import type { FaultKind } from '../plan/faults.ts'
import type { Excused } from './excuse.ts'

/** Faults that take bytes of a log. */
export const CUTS: readonly FaultKind[] = ['powerLoss', 'diskLoss', 'bitCorruption']

/** What follows when the end of the log is gone: messages, and offsets that are given out again. */
export const TAIL_LOST: Excused = {
  'ORD-1': ['reordered'],
  'ORD-3': ['overtaken'],
  'ORD-4': ['inverted'],
  'ORD-5': ['inverted'],
  'ORD-2': ['offset reused'],
  'ALO-1': ['not delivered'],
  'IDM-2': ['offset id reused'],
  'QRY-1': ['another message'],
  'DUR-1': ['lost'],
  'DLY-2': ['forgotten'],
  'DLY-3': ['overtaken'],
  'DLY-4': ['lost'],
  'BRC-1': ['missed'],
  'GRP-1': ['missed'],
  'RTY-2': ['forgotten'],
  'FLT-1': ['missed'],
  'FLT-2': ['missed'],
  'TXN-2': ['committed but not delivered', 'delivered twice'],
  'TXN-3': ['unchecked'],
  'TXN-4': ['lost'],
  'PUL-2': ['passed over'],
}

/** What follows when a log goes on as another process's copy has it: freed offsets are given away again (RMQ-155), and progress is that copy's. */
export const ANOTHER_LOG: Excused = {
  ...TAIL_LOST,
  'ORD-2': ['offset reused', 'gap'],
  'ALO-2': ['passed unfinished'],
  'RET-1': ['consumed and gone', 'not replayed'],
  'BAT-1': ['torn'],
  'ALO-3': ['skipped ahead', 'regressed', 'redelivered below the start'],
}

/** What follows when bytes are gone where recovery does not look, or index entries whose records it does not dispatch again. */
export const INDEX_LOST: Excused = {
  ...TAIL_LOST,
  'ORD-2': ['offset reused', 'gap', 'changed'],
  'DUR-2': ['hole', 'forced and lost'],
  'DUR-3': ['missing index entry', 'misplaced index entry'],
  'BAT-1': ['torn'],
}
export const HOLE: Excused = { ...INDEX_LOST, 'ALO-4': ['corrupted'], 'RTY-1': ['changed'], 'TXN-4': ['lost', 'differs'] }

/** What recovery may lack when a file as a whole is not what it was said to be: the key index's own file too. */
export const FILE_GONE = ['missing index entry', 'misplaced index entry', 'key index incomplete']

/** What follows when consumers were shown what is then gone: they stand beyond the end of their queue. */
export const GHOST: Excused = {
  'ORD-2': ['offset reused'],
  'ALO-1': ['not delivered'],
  'IDM-2': ['offset id reused'],
  'QRY-1': ['another message'],
  'TXN-2': ['committed but not delivered', 'delivered twice'],
  'TXN-3': ['unchecked'],
  'TXN-4': ['lost'],
  'BRC-1': ['missed'],
  'GRP-1': ['missed'],
  'RTY-2': ['forgotten'],
  'FLT-1': ['missed'],
  'FLT-2': ['missed'],
}

export const GHOST_SKIPS: Excused = {
  'ALO-1': ['not delivered'],
  'TXN-2': ['committed but not delivered', 'delivered twice'],
  'TXN-3': ['unchecked'],
  'TXN-4': ['lost'],
  'BRC-1': ['missed'],
  'GRP-1': ['missed'],
  'RTY-2': ['forgotten'],
  'FLT-1': ['missed'],
  'FLT-2': ['missed'],
}

/** A stop in good order forces everything, but the plan may cut it short: then it was a kill. */
export const STOP = ['processKill', 'gracefulRestart'] as const
