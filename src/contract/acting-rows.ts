/** What RocketMQ does not promise where slaves stand in for their masters, row by row. */
import type { FaultKind } from '../plan/faults.ts'
import type { ExcuseRow } from './excuse.ts'

/** A master that goes and comes back. */
const GONE: readonly FaultKind[] = ['processKill', 'gracefulRestart', 'powerLoss', 'diskLoss', 'forceFails']
/** A master that is there, and that NameServers or its slave do not hear of; or one that takes its time for longer than it has. */
const UNHEARD: readonly FaultKind[] = ['pause', 'cut', 'netLoss', 'netDelay', 'clockJump', 'clockOffset', 'clockDrift']

const BEYOND =
  'a slave that stands in shows what its master does not show yet (RMQ-066): who comes back to the master stands beyond the end there, is sent back to that end, ' +
  'and what a group that listens in order had fetched and not begun is dropped, and counts as done (RMQ-092, RMQ-094)'

export const STAND_INS: readonly ExcuseRow[] = [
  {
    id: 'fetched-at-a-slave',
    excuses: { 'ALO-1': ['not delivered'] },
    after: [[...GONE, ...UNHEARD]],
    acting: true,
    slaveReads: true,
    with: { delivered: false, inAudit: true, correctedBeyond: true },
    reason: BEYOND,
  },
  {
    id: 'fetched-at-a-slave-skipped',
    excuses: { 'ALO-3': ['skipped ahead'] },
    after: [[...GONE, ...UNHEARD]],
    acting: true,
    slaveReads: true,
    with: { from: 'corrected' },
    reason: BEYOND,
  },
  {
    id: 'two-lock-tables',
    excuses: { 'ORD-3': ['overlap'], 'RBL-3': ['granted twice'] },
    after: [[...GONE, ...UNHEARD]],
    anywhere: true,
    acting: true,
    unless: 'waitOutLocks',
    reason:
      'a slave that stands in for its master, and a master that comes back, know nothing of the locks that the other has granted (RMQ-071, RMQ-106, RMQ-109)',
  },
  {
    id: 'two-masters-to-lock',
    excuses: { 'ORD-3': ['overlap'], 'RBL-3': ['granted twice'] },
    after: [UNHEARD],
    anywhere: true,
    acting: true,
    given: 'waitOutLocks',
    reason:
      'a slave stands in for a master that its NameServers do not hear of, and that is there all the same: clients who have an old route get their locks from ' +
      'it (RMQ-071, RMQ-106)',
  },
  {
    id: 'progress-of-a-slave-taken-back',
    excuses: { 'DLY-4': ['repeated long after', 'repeated after a stop'] },
    after: [GONE],
    acting: true,
    reason:
      'a master that comes back takes what its slave knows of the progress of delay levels in place of its own, and that is up to a minute old ' +
      '(RMQ-067, RMQ-071; inferred: versions count 200 deliveries, and equal ones are taken)',
  },
  {
    id: 'isolated-master-delivers-nothing',
    excuses: { 'DLY-2': ['late'] },
    after: [GONE],
    acting: true,
    reason: 'a master that comes back delivers nothing before every slave that is registered has connected to it (RMQ-071)',
  },
]
