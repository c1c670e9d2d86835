/** What RocketMQ does not promise of where groups begin, row by row. */
import type { Excused, ExcuseRow } from './excuse.ts'

/** A message that its group was not given. */
const NOT_GIVEN: Excused = {
  'ALO-1': ['not delivered'],
  'TXN-2': ['committed but not delivered'],
  'GRP-1': ['missed'],
  'FLT-1': ['missed'],
  'FLT-2': ['missed'],
}

export const STARTS: readonly ExcuseRow[] = [
  {
    id: 'begins-again',
    excuses: { ...NOT_GIVEN, 'RTY-2': ['forgotten'] },
    after: [],
    oldQueues: true,
    with: { start: 'again' },
    reason:
      'a group whose progress was not stored yet begins anew where its start policy says, behind what came meanwhile: the policy counts as long as ' +
      'the broker knows no offset (RMQ-097), and the first is told after ten seconds (RMQ-095)',
  },
  {
    id: 'start-clocks',
    excuses: NOT_GIVEN,
    after: [['clockOffset', 'clockJump', 'clockDrift']],
    anywhere: true,
    oldQueues: true,
    with: { start: 'late' },
    reason: "a group that begins at a time begins where the store times say, and those are read from the broker's own wall clock (RMQ-097)",
  },
  {
    id: 'begins-again-ahead',
    excuses: { 'ALO-3': ['skipped ahead'] },
    after: [],
    oldQueues: true,
    with: { from: 'none' },
    without: { policy: 'usual' },
    reason: 'a group that begins at the end, or at a time, begins there again while no progress of its is stored (RMQ-097)',
  },
]
