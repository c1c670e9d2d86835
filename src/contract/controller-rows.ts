/** What RocketMQ does not promise where controllers elect masters, row by row. */
import type { FaultKind } from '../plan/faults.ts'
import type { Excused, ExcuseRow } from './excuse.ts'
import { ANOTHER_LOG, CUTS } from './lost.ts'
import { clockOfAnother, CUT_OFF_LINKS, endsKnownToAnother, FALLEN, levelProgressOfAnother, MASTER, UNSEATED } from './successor-rows.ts'

/** A master that is there, and that its controllers do not hear in time. */
export const UNHEARD: readonly FaultKind[] = ['pause', 'cut', 'netLoss', 'netDelay', 'clockDrift']
/** What is cut off when its master follows another one. */
const CUT_OFF: Excused = { ...ANOTHER_LOG, 'HA-2': ['lost in a failover'] }

/** Where the history tells who was master: who is it still, without having fallen, has lost nothing to a successor. */
const SAME_REIGN = { reign: 'same' } as const

/** Nobody else need have what is acknowledged. */
const ALONE = {
  excuses: CUT_OFF,
  anywhere: true,
  before: true,
  controlled: true,
  masterAlone: true,
  oneCopy: true,
  without: SAME_REIGN,
} as const satisfies Partial<ExcuseRow>

/** A master that goes on after another one was elected. */
const DEPOSED = {
  excuses: { ...CUT_OFF, 'HA-2': ['lost in a failover', 'acknowledged by a deposed master'] },
  anywhere: true,
  before: true,
  controlled: true,
} as const satisfies Partial<ExcuseRow>

const LOSSES: readonly ExcuseRow[] = [
  {
    id: 'acknowledged-alone',
    ...ALONE,
    after: [FALLEN],
    reason:
      'as shipped a master acknowledges what it alone has; what its successor lacks it cuts off when it comes back ' +
      '(RMQ-075, RMQ-077, RML-043; allAckInSyncStateSet waits for the others)',
  },
  {
    id: 'acknowledged-by-some',
    excuses: CUT_OFF,
    after: [UNSEATED],
    anywhere: true,
    before: true,
    controlled: true,
    masterAlone: true,
    severalCopies: true,
    without: { ...SAME_REIGN, behind: 'nobody' },
    reason:
      'a master that waits for inSyncReplicas, and not for its whole set, acknowledges what a member lacks that may be elected (RMQ-073, RMQ-077; ' +
      'allAckInSyncStateSet waits for the others)',
  },
  {
    id: 'deposed-master',
    ...DEPOSED,
    after: [UNHEARD],
    oneCopy: true,
    unless: 'masterLease',
    without: { ...SAME_REIGN, acknowledged: 'in office' },
    reason:
      'nobody tells a master that stands still or is cut off that another one was elected: it goes on, and what it acknowledges is cut off later ' +
      '(RMQ-078, #7017, RML-044, RML-045)',
  },
  {
    id: 'deposed-master-with-a-slave',
    ...DEPOSED,
    after: [UNHEARD],
    severalCopies: true,
    unless: 'masterLease',
    without: { ...SAME_REIGN, acknowledged: 'in office', behind: 'nobody' },
    reason:
      'a master that is cut off with one of its slaves goes on with it, and what the two have is cut off later (RMQ-078, #7017; inferred, not measured)',
  },
  {
    id: 'cut-off-alone',
    ...ALONE,
    after: [CUT_OFF_LINKS],
    unless: 'masterLease',
    without: { ...SAME_REIGN, acknowledged: 'deposed' },
    reason:
      'a master that is cut off acknowledges what it alone has up to the moment when another one is elected; a lease ends long enough before that for ' +
      'its slaves to have everything (RMQ-077, RMQ-078)',
  },
  {
    id: 'cut-off-and-behind',
    ...ALONE,
    after: [CUT_OFF_LINKS],
    given: 'masterLease',
    without: { ...SAME_REIGN, behind: 'nobody' },
    reason:
      'a master acknowledges what it alone has, and its slaves, which were struck or cut off themselves, may lack that when one of them is elected ' +
      '(RMQ-075, RMQ-077; allAckInSyncStateSet waits for them)',
  },
  {
    id: 'lease-by-clocks',
    ...DEPOSED,
    after: [['clockDrift']],
    given: 'masterLease',
    without: { ...SAME_REIGN, acknowledged: 'in office' },
    reason: 'a master measures by its own clock for how long it may go on, and controllers for how long it was silent by theirs',
  },
  {
    id: 'unforced-member',
    excuses: CUT_OFF,
    after: [CUTS],
    anywhere: true,
    before: true,
    controlled: true,
    without: { ...SAME_REIGN, others: 'intact' },
    reason:
      'a member of the SyncStateSet counts with what is in its page cache (RMQ-064); when it has lost some of that it is a member still, ' +
      'and can be elected (RMQ-073)',
  },
  {
    id: 'unforced-master',
    excuses: CUT_OFF,
    after: [['powerLoss']],
    before: true,
    controlled: true,
    flush: 'ASYNC_FLUSH',
    without: { forced: true },
    reason:
      'a master that has lost the end of its log, and is back before anybody misses it, is master still, and its slaves cut theirs to fit ' +
      '(inferred from RMQ-073 and RMQ-075, not measured)',
  },
  {
    id: 'only-member-lost',
    excuses: CUT_OFF,
    after: [['diskLoss']],
    before: true,
    controlled: true,
    aloneInSet: true,
    reason: 'a master that is alone in its set when it loses its disk is all that there is: nobody else can be elected (RMQ-073, RMQ-077)',
  },
  {
    id: 'left-alone-and-lost',
    excuses: CUT_OFF,
    after: [['diskLoss']],
    before: true,
    controlled: true,
    without: { behind: 'nobody' },
    reason:
      'a replica that was away has left the set, and nobody but the master can be elected, though it loses its disk (RMQ-073, RMQ-074)',
  },
  {
    id: 'changed-master',
    excuses: CUT_OFF,
    after: [['bitCorruption']],
    before: true,
    controlled: true,
    reason:
      'a master that has to cut its log at a changed byte, and is back before anybody misses it, is master still, and its slaves cut theirs to fit',
  },
  {
    id: 'unclean-election',
    excuses: CUT_OFF,
    after: [UNSEATED],
    anywhere: true,
    before: true,
    controlled: true,
    uncleanElection: true,
    without: { ...SAME_REIGN, election: 'clean' },
    reason: 'enableElectUncleanMaster elects somebody who lacks what was acknowledged, where nobody else is there (RMQ-073)',
  },
]

/** Those who decide have forgotten what they had decided. */
const FORGOTTEN = {
  excuses: { ...CUT_OFF, 'HA-2': ['two masters', 'acknowledged by a deposed master', 'lost in a failover'] },
  atControllers: true,
  before: true,
  controlled: true,
  without: SAME_REIGN,
} as const satisfies Partial<ExcuseRow>

const DECISIONS: readonly ExcuseRow[] = [
  {
    id: 'decisions-not-forced',
    ...FORGOTTEN,
    after: [['powerLoss']],
    unless: 'strictRaft',
    reason:
      'a controller says that it has a decision once that is in its page cache: a power loss takes it back, and with another one away a majority knows ' +
      'nothing of it (RMQ-072; DLedger 0.3.1.2: flushFileInterval 10 ms; read in its source, not measured)',
  },
  {
    id: 'decisions-wiped',
    ...FORGOTTEN,
    after: [['diskLoss']],
    reason:
      'a controller whose disk is lost comes back under its old name and votes as if nothing had ever been decided: alone, or with another one away, it ' +
      'gives epochs out again (Raft §5.1: what a server has said is on stable storage)',
  },
]

/** What masters do of their own accord. */
const OWN_WORK: readonly ExcuseRow[] = [
  {
    id: 'own-copies-of-a-master',
    excuses: { 'ALO-1': ['not delivered'], 'RTY-2': ['forgotten'], 'DLY-2': ['forgotten'], 'DLY-3': ['overtaken'], 'DLY-4': ['lost'] },
    after: [UNSEATED],
    anywhere: true,
    controlled: true,
    unless: 'waitForInternalWrites',
    with: { delayed: true },
    reason:
      'what a master stores of its own accord, a message that is due or one that was sent back, waits for no replica, and whoever is elected may lack it, ' +
      'while the progress over it is known to him (RMQ-058, RMQ-067, RMQ-156)',
  },
  {
    id: 'shown-by-a-whole-set',
    excuses: { 'DLY-2': ['late'] },
    after: [[...UNSEATED, 'diskFull', 'diskSlow', 'diskStall']],
    anywhere: true,
    controlled: true,
    wholeSet: true,
    reason:
      'what is due is shown once the whole set has it: a member that is away, or does not get on, keeps everybody from it until it is out of the set ' +
      '(RMQ-074, RMQ-076)',
  },
  {
    id: 'deposed-master-delivers',
    excuses: { 'DLY-4': ['delivered again'] },
    after: [UNHEARD],
    anywhere: true,
    controlled: true,
    unless: 'masterLease',
    with: { deposed: true },
    reason:
      'nobody tells a master that stands still or is cut off that another one was elected: both deliver what is due, until the one that was follows the other ' +
      '(RMQ-078, #7017)',
  },
  levelProgressOfAnother(MASTER),
  {
    id: 'level-progress-waits-for-copies',
    excuses: { 'DLY-4': ['repeated long after'] },
    after: [UNSEATED],
    anywhere: true,
    controlled: true,
    given: 'waitForInternalWrites',
    flush: 'ASYNC_FLUSH',
    with: { takenOver: true },
    reason:
      'with waitForInternalWrites who may be elected is told of progress only as far as copies are forced, which under ASYNC_FLUSH takes ten seconds more',
  },
  endsKnownToAnother(MASTER),
  clockOfAnother(MASTER),
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

/** Bytes that a replica took for sound, and shows once it is master. */
const SHOWN_AS_FOUND: readonly ExcuseRow[] = [
  {
    id: 'torn-at-a-successor',
    excuses: { 'ALO-4': ['corrupted'], 'ORD-2': ['changed'] },
    after: [['powerLoss']],
    anywhere: true,
    before: true,
    controlled: true,
    unless: 'checksumWholeRecord',
    reason:
      'the checksum covers the body alone: a record that was torn elsewhere passes the recovery of a replica, which may be elected (RMQ-048, RMQ-073)',
  },
  {
    id: 'changed-at-a-successor',
    excuses: { 'ALO-4': ['corrupted'], 'ORD-2': ['changed'] },
    after: [['bitCorruption']],
    anywhere: true,
    before: true,
    controlled: true,
    reason: 'stored bytes changed at a replica that is elected later, and nobody compares checksums when reading',
  },
]

export const CONTROLLER_ROWS: readonly ExcuseRow[] = [...LOSSES, ...DECISIONS, ...OWN_WORK, ...MEMORIES, ...SHOWN_AS_FOUND]
