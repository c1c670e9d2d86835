/** What who comes to be master, elected by controllers or by a DLedger group, does not know of who was master before: the same in both, row by row. */
import type { FaultKind } from '../plan/faults.ts'
import type { ExcuseRow } from './excuse.ts'

/** What can stop a master, or make it late. */
export const FALLEN: readonly FaultKind[] = ['processKill', 'gracefulRestart', 'powerLoss', 'diskLoss', 'forceFails', 'pause', 'clockDrift']
export const CUT_OFF_LINKS: readonly FaultKind[] = ['cut', 'netLoss', 'netDelay']
/** Whatever can cost a master its place, or keep it from hearing that it has lost it. */
export const UNSEATED: readonly FaultKind[] = [...FALLEN, ...CUT_OFF_LINKS]

/** How an elected process is called, and the condition under which somebody is elected so. */
interface Office {
  readonly name: 'master' | 'leader'
  readonly rules: 'is master' | 'leads'
  readonly where: Pick<ExcuseRow, 'controlled' | 'ledger'>
}
export const MASTER: Office = { name: 'master', rules: 'is master', where: { controlled: true } }
export const LEADER: Office = { name: 'leader', rules: 'leads', where: { ledger: true } }

export const levelProgressOfAnother = ({ name, where }: Office): ExcuseRow => ({
  id: `level-progress-of-another-${name}`,
  excuses: { 'DLY-4': ['repeated long after'] },
  after: [UNSEATED],
  anywhere: true,
  ...where,
  with: { takenOver: true },
  without: { behind: 'nobody' },
  reason:
    `a new ${name} has the progress of levels that it fetched from the one before: where the two could not talk to each other, that is older than ten ` +
    'seconds (RMQ-067, RMQ-120)',
})

export const endsKnownToAnother = ({ name, where }: Office): ExcuseRow => ({
  id: `ends-known-to-another-${name}`,
  excuses: { 'TXN-3': ['too soon again', 'too often', 'checked when done'] },
  after: [UNSEATED],
  anywhere: true,
  ...where,
  reason:
    `ends wait for their record in the memory of the ${name} that took them, and who succeeds it has its progress of the check from up to ten seconds ago: ` +
    'halves that were renewed or ended are asked about again (RMQ-067, RMQ-128, RMQ-133)',
})

export const clockOfAnother = ({ name, rules, where }: Office): ExcuseRow => ({
  id: `clock-of-another-${name}`,
  excuses: { 'DLY-1': ['early'], 'DLY-2': ['late'], 'RTY-1': ['early'] },
  after: [['clockOffset', 'clockJump', 'clockDrift']],
  anywhere: true,
  ...where,
  reason:
    `a message waits by the clock of who has stored it, and is looked at by that of whoever ${rules} then: what would have to wait for longer than its ` +
    'level says is taken for due (RMQ-119)',
})
