/** What RocketMQ does not promise where controllers elect masters, row by row. */
import type { FaultKind } from '../plan/faults.ts'
import type { Excused, ExcuseRow } from './excuse.ts'
import { GHOST, TAIL_LOST } from './lost.ts'

/** Whatever can cost a master its place, or keep it from hearing that it has lost it. */
const UNSEATED: readonly FaultKind[] = [
  'processKill',
  'gracefulRestart',
  'powerLoss',
  'diskLoss',
  'forceFails',
  'pause',
  'cut',
  'netLoss',
  'netDelay',
  'clockDrift',
]
/** A master that is there, and that its controllers do not hear in time. */
const UNHEARD: readonly FaultKind[] = ['pause', 'cut', 'netLoss', 'netDelay', 'clockDrift']
/** Faults that take bytes of a log. */
const CUTS: readonly FaultKind[] = ['powerLoss', 'diskLoss', 'bitCorruption']

/** What is cut off when its master follows another one, and what follows from that: freed offsets are given away again (RMQ-155). */
const CUT_OFF: Excused = {
  ...TAIL_LOST,
  ...GHOST,
  'ORD-2': ['offset reused', 'gap'],
  'ALO-2': ['passed unfinished'],
  'RET-1': ['consumed and gone', 'not replayed'],
  'ALO-3': ['skipped ahead', 'regressed', 'redelivered below the start'],
  'HA-2': ['lost in a failover'],
}

const LOSSES: readonly ExcuseRow[] = [
  {
    id: 'acknowledged-alone',
    excuses: CUT_OFF,
    after: [UNSEATED],
    anywhere: true,
    before: true,
    controlled: true,
    masterAlone: true,
    reason:
      'as shipped a master acknowledges what it alone has; what its successor lacks it cuts off when it comes back ' +
      '(RMQ-075, RMQ-077, RML-043; allAckInSyncStateSet waits for the others)',
  },
  {
    id: 'deposed-master',
    excuses: { ...CUT_OFF, 'HA-2': ['lost in a failover', 'acknowledged by a deposed master'] },
    after: [UNHEARD],
    anywhere: true,
    before: true,
    controlled: true,
    unless: 'masterLease',
    reason:
      'nobody tells a master that stands still or is cut off that another one was elected: it goes on, and what it acknowledges is cut off later ' +
      '(RMQ-078, #7017, RML-044, RML-045)',
  },
  {
    id: 'lease-by-clocks',
    excuses: { ...CUT_OFF, 'HA-2': ['lost in a failover', 'acknowledged by a deposed master'] },
    after: [['clockDrift']],
    anywhere: true,
    before: true,
    controlled: true,
    given: 'masterLease',
    reason: 'a master measures by its own clock for how long it may go on, and controllers for how long it was silent by theirs',
  },
  {
    id: 'unforced-member',
    excuses: CUT_OFF,
    after: [CUTS],
    anywhere: true,
    before: true,
    controlled: true,
    reason:
      'a member of the SyncStateSet counts with what is in its page cache (RMQ-064); when it has lost some of that it is a member still, ' +
      'and can be elected, or is master again before anybody misses it (RMQ-073)',
  },
  {
    id: 'unclean-election',
    excuses: CUT_OFF,
    after: [UNSEATED],
    anywhere: true,
    before: true,
    controlled: true,
    uncleanElection: true,
    reason: 'enableElectUncleanMaster elects somebody who lacks what was acknowledged, where nobody else is there (RMQ-073)',
  },
]

const MEMORIES: readonly ExcuseRow[] = [
  {
    id: 'locks-of-another-master',
    excuses: { 'ORD-3': ['overlap', 'overtaken'], 'RBL-3': ['granted twice', 'processed without lock', 'outlived its lock'] },
    after: [UNSEATED],
    anywhere: true,
    controlled: true,
    reason: "locks lie in a master's memory alone: a new master knows of none (RMQ-106, RMQ-109)",
  },
  {
    id: 'progress-of-another-master',
    excuses: { 'ALO-3': ['regressed', 'redelivered below the start'] },
    after: [UNSEATED],
    anywhere: true,
    controlled: true,
    reason: 'a new master has the progress that it fetched from the one before, up to ten seconds ago (RMQ-067)',
  },
]

export const CONTROLLER_ROWS: readonly ExcuseRow[] = [...LOSSES, ...MEMORIES]
