/** The anomalies of the guarantees that are checked today, by the names that their pages and their checkers use. */
import type { GuaranteeId } from '../check/checker.ts'

export const ANOMALIES: ReadonlyMap<GuaranteeId, readonly string[]> = new Map<GuaranteeId, readonly string[]>([
  ['ORD-1', ['reordered']],
  ['ORD-2', ['offset reused', 'gap', 'changed']],
  ['ALO-1', ['not delivered', 'needs restart']],
  ['ALO-2', ['passed unfinished']],
  ['ALO-3', ['skipped ahead', 'regressed', 'redelivered below the start']],
  ['ALO-4', ['invented', 'corrupted', 'wrong topic']],
  ['ALO-5', ['delivered twice', 'stored twice']],
  ['IDM-1', ['repeated effect', 'lost effect']],
  ['IDM-2', ['id changed', 'id reused', 'offset id reused']],
  ['DUR-1', ['lost']],
  ['DUR-2', ['hole', 'lost without power loss', 'forced and lost']],
  [
    'DUR-3',
    [
      'cut inside a record',
      'missing index entry',
      'dangling index entry',
      'misplaced index entry',
      'key index incomplete',
      'does not resume',
    ],
  ],
  ['DUR-4', ['acknowledged before force', 'status contradicts', 'refused and stored', 'acknowledged and never stored']],
  ['RTE-1', ['not registered', 'expired early', 'kept too long', 'removed while connected']],
  ['RTE-3', ['route lost', 'no cold start', 'not converged']],
  ['RTE-4', ['too many attempts', 'same broker again', 'retried needlessly', 'late', 'gave up early', 'no outcome', 'two outcomes']],
  ['BAT-1', ['torn', 'not consecutive', 'refused and stored']],
  ['RBL-2', ['unowned', 'owned twice', 'late']],
  ['BRC-1', ['missed', 'retried']],
  ['TXN-1', ['half visible']],
  ['TXN-2', ['committed but not delivered', 'rolled back but visible', 'delivered twice']],
  ['PUL-1', ['lost wake-up', 'late', 'unanswered']],
  ['PUL-2', ['passed over', 'out of order', 'backwards', 'astray', 'not followed']],
])
