/**
 * What RocketMQ does not promise, row by row, each with the fact that says so. Faults that have no row excuse nothing: a process kill
 * loses nothing in either flush mode, and what happens to a consumer, a producer or a link never makes a loss legal.
 */
import { FAULT_KINDS } from '../plan/faults.ts'
import type { ExcuseRow } from './excuse.ts'
import { FILE_GONE, GHOST, GHOST_SKIPS, HOLE, INDEX_LOST, STOP, TAIL_LOST } from './lost.ts'
import { ROUTES } from './route-rows.ts'
import { ROWS_OF_THEIR_OWN } from './themed-rows.ts'

const LOSS_OF_A_MODE: readonly ExcuseRow[] = [
  {
    id: 'async-tail',
    excuses: TAIL_LOST,
    after: [['powerLoss']],
    flush: 'ASYNC_FLUSH',
    unflushed: true,
    without: { inAudit: true, forced: true },
    reason: 'ASYNC_FLUSH acknowledges what is in page cache, and a power loss takes what was not forced yet (RMQ-038, RMQ-154)',
  },
  {
    id: 'ghost-offsets',
    excuses: GHOST_SKIPS,
    after: [['powerLoss']],
    flush: 'ASYNC_FLUSH',
    unless: 'dispatchForcedOnly',
    with: { inAudit: true },
    reason:
      'under ASYNC_FLUSH consumers see unforced records; after a power loss they stand beyond the end of the log, and new ' +
      'messages that take the freed offsets are skipped (RMQ-030, RMQ-155)',
  },
]

const LOSS_OF_A_DISK: readonly ExcuseRow[] = [
  {
    id: 'disk-loss',
    excuses: TAIL_LOST,
    after: [['diskLoss']],
    standsAlone: true,
    reason: 'a broker that loses its disk loses everything on it, and takes nothing back from a slave (RMQ-063, RMQ-070, RMQ-154)',
  },
  {
    id: 'lying-force',
    excuses: { ...HOLE, 'DUR-3': [...(HOLE['DUR-3'] ?? []), 'key index incomplete'], 'ALO-3': ['regressed'] },
    after: [['forceLies'], ['powerLoss']],
    reason: 'the disk said that it had forced what it had not; no flush mode helps against that (catalogue, "honest disk")',
  },
  {
    id: 'lying-force-ack',
    excuses: { 'DUR-4': ['acknowledged before force'] },
    after: [['forceLies']],
    reason: 'the disk said that it had forced what it had not; the broker has no other source',
  },
  {
    id: 'bit-corruption',
    excuses: {
      ...HOLE,
      'DUR-2': ['hole', 'lost without power loss', 'forced and lost'],
      'DUR-3': ['missing index entry', 'misplaced index entry', 'dangling index entry'],
    },
    after: [['bitCorruption']],
    reason:
      'stored bytes changed; checksums are compared at recovery only, and everything behind a bad record is discarded ' +
      '(RMQ-046, RMQ-047)',
  },
  {
    id: 'directory-entry',
    excuses: { ...HOLE, 'DUR-3': FILE_GONE },
    after: [['powerLoss']],
    disk: 'posix',
    reason:
      'with disk=posix the force of a file does not force its directory entry, so that a power loss can take a new file as a ' +
      'whole; the model forces files only, as RocketMQ does',
  },
]

const FORCE_ERRORS: readonly ExcuseRow[] = [
  {
    id: 'failed-force',
    excuses: HOLE,
    after: [['forceFails'], ['powerLoss']],
    unless: 'stopOnForceError',
    reason:
      'after a failed force the store goes on, and a later force that succeeds counts pages as safe which the kernel had ' +
      'given up (RMQ-040)',
  },
  {
    id: 'failed-force-ack',
    excuses: { 'DUR-4': ['acknowledged before force'] },
    after: [['forceFails']],
    unless: 'stopOnForceError',
    reason:
      'after a failed force the store goes on, and a later force that succeeds acknowledges pages which the kernel had given ' +
      'up (RMQ-040)',
  },
  {
    id: 'failed-force-restart',
    excuses: { ...HOLE, 'DUR-4': ['acknowledged before force'] },
    after: [['forceFails'], [...STOP], ['powerLoss']],
    reason:
      'pages which the kernel gave up after a failed force are still in page cache: a restarted broker reads them, and no ' +
      'force writes them any more (RMQ-040)',
  },
  {
    id: 'failed-force-restart-ack',
    excuses: { 'DUR-4': ['acknowledged before force'] },
    after: [['forceFails'], [...STOP]],
    reason:
      'pages which the kernel gave up after a failed force are still in page cache: a restarted broker reads them, and no ' +
      'force writes them any more (RMQ-040)',
  },
  {
    id: 'stopped-writes',
    excuses: { 'DUR-3': ['does not resume'] },
    after: [['forceFails']],
    given: 'stopOnForceError',
    reason: 'with stopOnForceError a broker ends after a failed force, and is down until it is started again',
  },
]

const RECOVERY: readonly ExcuseRow[] = [
  {
    id: 'recovered-not-forced',
    excuses: GHOST,
    after: [[...STOP], ['powerLoss']],
    unless: 'forceRecovered',
    without: { inAudit: false },
    reason:
      'recovery calls what it found flushed without forcing it: consumers see it, and a power loss takes it after all ' +
      '(RMQ-047, RMQ-155)',
  },
  {
    id: 'recovered-not-forced-hole',
    excuses: HOLE,
    after: [[...STOP], ['powerLoss']],
    smallFiles: true,
    unless: 'forceRecovered',
    reason:
      'recovery calls what it found flushed without forcing it; when the next record opens a new file, a power loss leaves a ' +
      'hole before it, and everything behind a hole is discarded (RMQ-047)',
  },
  {
    id: 'recovered-not-forced-ack',
    excuses: { 'DUR-4': ['acknowledged before force'] },
    after: [[...STOP]],
    smallFiles: true,
    unless: 'forceRecovered',
    reason:
      'recovery calls what it found flushed without forcing it, so that a record in the next file is acknowledged with a ' +
      'hole before it (RMQ-047)',
  },
  {
    id: 'checkpoint-ahead',
    excuses: INDEX_LOST,
    after: [['powerLoss']],
    smallFiles: true,
    unless: 'checkpointAfterForce',
    without: { forced: false },
    reason:
      'the checkpoint takes the time of consume-queue entries that are appended, not forced: after a power loss recovery ' +
      'starts too late to build the lost ones again (RMQ-042, #678)',
  },
  {
    id: 'clock-misleads-recovery',
    excuses: HOLE,
    after: [['clockJump', 'clockOffset', 'clockDrift'], ['powerLoss']],
    smallFiles: true,
    reason:
      'recovery starts in the newest file whose first record is older than the checkpoint by the wall clock: a clock that went ' +
      'back makes it start too late, and what the power loss took before that is not built again (RMQ-042, RMQ-046)',
  },
  {
    id: 'body-checksum',
    excuses: { 'ALO-4': ['corrupted'], 'ORD-2': ['changed'], 'RTY-1': ['changed'], 'TXN-4': ['differs'] },
    after: [['powerLoss']],
    unless: 'checksumWholeRecord',
    reason: 'the checksum covers the body alone: a record torn elsewhere passes recovery (RMQ-025, RMQ-048)',
  },
  {
    id: 'key-index',
    excuses: { 'DUR-3': ['key index incomplete'] },
    after: [[...STOP, 'powerLoss', 'forceFails']],
    unless: 'keepKeyIndex',
    reason: 'after an abnormal start the key index begins where the scan of the log begins (RMQ-050)',
  },
]

const BATCHES: readonly ExcuseRow[] = [
  {
    id: 'torn-batch',
    excuses: { 'BAT-1': ['torn'] },
    after: [['powerLoss']],
    unless: 'wholeBatches',
    reason:
      'recovery judges each record alone: of a batch that was being forced when power went it keeps the first records, and of one that ' +
      'was acknowledged under ASYNC_FLUSH too (RMQ-046, RMQ-047, RMQ-059)',
  },
]

const COMMITTED_AGAIN =
  'a commit that arrives while its half is being checked, or arrives twice, writes the message again (RMQ-128, ' + 'RMQ-129, RML-046)'

const TRANSACTIONS: readonly ExcuseRow[] = [
  {
    id: 'internal-copies',
    excuses: { 'TXN-2': ['committed but not delivered', 'delivered twice'], 'TXN-3': ['unchecked'], 'TXN-4': ['lost'] },
    after: [['powerLoss']],
    unless: 'waitForInternalWrites',
    reason:
      'op records and the copies of halves under check do not wait for their force, while the progress of the check is saved ' +
      '(RMQ-058, RMQ-156)',
  },
  {
    id: 'half-at-two-brokers',
    excuses: { 'TXN-2': ['delivered twice'] },
    after: [[...FAULT_KINDS]],
    anywhere: true,
    before: true,
    with: { twoBrokers: true },
    reason: 'a half whose answer was lost is sent again to another broker, and each of the two asks about its own (RMQ-081, RMQ-132)',
  },
  {
    id: 'end-repeated',
    excuses: { 'TXN-2': ['delivered twice'] },
    after: [],
    unless: 'endTxnOnce',
    reason: COMMITTED_AGAIN,
  },
  {
    id: 'end-repeated-copies',
    excuses: { 'ALO-5': ['stored twice', 'delivered twice'] },
    after: [],
    unless: 'endTxnOnce',
    with: { half: true },
    reason: COMMITTED_AGAIN,
  },
  {
    id: 'given-up',
    excuses: { 'TXN-2': ['committed but not delivered'], 'TXN-4': ['lost'] },
    after: [[...FAULT_KINDS]],
    anywhere: true,
    afterAllChecks: true,
    with: { discarded: true },
    reason: 'a half that nobody resolves in transactionCheckMax checks is parked, and not delivered (RMQ-131, RMQ-163)',
  },
  {
    id: 'aged-by-clock',
    excuses: { 'TXN-2': ['committed but not delivered'], 'TXN-4': ['lost'] },
    after: [['clockOffset', 'clockJump', 'clockDrift']],
    anywhere: true,
    with: { discarded: true },
    reason: 'a half older than fileReservedTime by the wall clock is parked without further checks (RMQ-130)',
  },
]

const PROGRESS: readonly ExcuseRow[] = [
  {
    id: 'progress-outlives-loss',
    excuses: { 'ALO-2': ['passed unfinished'] },
    after: [['powerLoss', 'diskLoss', 'bitCorruption']],
    with: { reused: true },
    reason:
      'after a loss an offset is given away again; a consumer that had finished what lay there reports its progress all the same ' +
      '(RMQ-047, RMQ-095)',
  },
]

const CORRECTIONS: readonly ExcuseRow[] = [
  {
    id: 'corrected-past-reused',
    excuses: { 'ALO-3': ['skipped ahead'] },
    after: [['powerLoss', 'diskLoss', 'bitCorruption', 'forceFails', 'forceLies']],
    with: { from: 'corrected' },
    reason:
      'a consumer that was shown what is then gone is sent back to the end of its queue, which may lie behind what has taken the freed ' +
      'places (RMQ-034, RMQ-155)',
  },
]

const POLLS: readonly ExcuseRow[] = [
  {
    id: 'poll-lost',
    excuses: { 'PUL-1': ['unanswered'] },
    after: [['netLoss', 'cut', 'powerLoss', 'diskLoss', 'pause', 'netDelay', 'clockDrift']],
    anywhere: true,
    reason: 'a poll or its answer is lost on the way, or its broker without a word: the client gives it up after 30 s (RMQ-089)',
  },
  {
    id: 'poll-delayed',
    excuses: { 'PUL-1': ['late', 'lost wake-up'] },
    after: [['pause', 'netDelay', 'clockDrift']],
    anywhere: true,
    reason: 'a broker that stands still, a slow network or a clock that runs slow holds an answer back for longer than it should (RMQ-089)',
  },
  {
    id: 'poll-unforced',
    excuses: { 'PUL-1': ['lost wake-up'] },
    after: [],
    flush: 'ASYNC_FLUSH',
    given: 'dispatchForcedOnly',
    unflushed: true,
    reason:
      'ASYNC_FLUSH acknowledges what is in page cache; where consumers see only what is forced, a few records wait for that as long as the ' +
      'periodic flush does, ten seconds as shipped (RMQ-038)',
  },
]

const CLIENTS: readonly ExcuseRow[] = [
  {
    id: 'slowed-client',
    excuses: { 'RTE-4': ['late'] },
    after: [['pause', 'clockDrift']],
    anywhere: true,
    with: { slowed: true },
    reason: 'a client measures its timeout itself: one that is held up, or whose clock is slow, ends its sends later (RMQ-080)',
  },
]

const BROADCAST: readonly ExcuseRow[] = [
  {
    id: 'forgotten-place',
    excuses: { 'BRC-1': ['missed'] },
    after: [[...STOP, 'powerLoss', 'diskLoss']],
    anywhere: true,
    with: { forgot: true },
    reason:
      'an instance whose own file of offsets is gone, or was never written, goes on at the end of its queues: what came meanwhile is ' +
      'not for it (RMQ-096, RMQ-097)',
  },
]

export const ROCKETMQ_ROWS: readonly ExcuseRow[] = [
  ...LOSS_OF_A_MODE,
  ...LOSS_OF_A_DISK,
  ...FORCE_ERRORS,
  ...RECOVERY,
  ...ROUTES,
  ...BATCHES,
  ...TRANSACTIONS,
  ...PROGRESS,
  ...CORRECTIONS,
  ...POLLS,
  ...CLIENTS,
  ...BROADCAST,
  ...ROWS_OF_THEIR_OWN,
]
