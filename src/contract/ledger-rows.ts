/** What a DLedger group does not promise, row by row. */
import { FAULT_KINDS } from '../plan/faults.ts'
import type { ExcuseRow } from './excuse.ts'
import { GHOST, TAIL_LOST } from './lost.ts'
import { clockOfAnother, endsKnownToAnother, LEADER, levelProgressOfAnother } from './successor-rows.ts'

const WIPED = ['diskLoss', 'bitCorruption'] as const

export const LEDGER: readonly ExcuseRow[] = [
  {
    id: 'ledger-not-forced',
    excuses: { 'DUR-7': ['lost', 'replaced', 'two leaders'] },
    after: [['powerLoss']],
    before: true,
    anywhere: true,
    ledger: true,
    unless: 'strictRaft',
    with: { majorityStruck: true },
    reason:
      'a member says that it has an entry once that is in its page cache, and writes its vote without forcing it: a power loss takes both back, and with ' +
      'another member away at that time a majority knows nothing of them (RMQ-154; DLedger 0.3.1.2: flushFileInterval 10 ms, MemberState)',
  },
  {
    id: 'same-term-again',
    excuses: { 'DUR-7': ['replaced'] },
    after: [['powerLoss']],
    before: true,
    anywhere: true,
    ledger: true,
    unless: 'strictRaft',
    reason:
      'a leader that lost the end of its log may lead again in the same term, and puts other entries where members have its old ones: they take them for ' +
      'the same (Raft §5.3; DLedger 0.3.1.2: DLedgerLeaderElector asks in the term that it finds)',
  },
  {
    id: 'ledger-wiped',
    excuses: { 'DUR-7': ['lost', 'replaced', 'two leaders'] },
    after: [WIPED],
    before: true,
    anywhere: true,
    ledger: true,
    with: { majorityStruck: true },
    reason:
      'a member whose disk is lost, or whose log is cut at a changed byte, comes back under its old name and votes as if it had never had anything: with ' +
      'another member away a majority knows nothing of what both had (Raft §5.1: what a server has said is on stable storage)',
  },
  {
    id: 'ledger-lying-force',
    excuses: { 'DUR-7': ['lost', 'replaced', 'two leaders'] },
    after: [['forceLies', 'forceFails'], ['powerLoss']],
    before: true,
    anywhere: true,
    ledger: true,
    with: { majorityStruck: true },
    reason: 'the disk said that it had forced what it had not, or gave up on pages that it then called clean (RMQ-040)',
  },
  {
    id: 'older-term-counted',
    excuses: { 'DUR-7': ['replaced'] },
    after: [FAULT_KINDS],
    before: true,
    anywhere: true,
    ledger: true,
    unless: 'strictRaft',
    with: { olderTerm: true },
    reason:
      'a leader commits entries of older terms once a majority has them, which a later leader who lacks them may overwrite (Raft §5.4.2; DLedger 0.3.1.2: ' +
      'DLedgerEntryPusher counts positions, of whatever term)',
  },
  {
    id: 'ledger-loss',
    excuses: { ...TAIL_LOST, 'RET-1': ['consumed and gone', 'not replayed'], 'ALO-3': ['regressed', 'redelivered below the start'] },
    after: [['powerLoss', ...WIPED]],
    before: true,
    anywhere: true,
    ledger: true,
    reason:
      'what a group has lost with its members is neither found nor given any more, and its offsets are given out again (DUR-7 says what it may lose)',
  },
  {
    id: 'torn-at-a-member',
    excuses: { 'ALO-4': ['corrupted'], 'ORD-2': ['changed'] },
    after: [['powerLoss']],
    before: true,
    anywhere: true,
    ledger: true,
    unless: 'checksumWholeRecord',
    reason:
      'the checksum covers the body alone: an entry that was torn elsewhere passes the recovery of a member, which may lead (RMQ-025, RMQ-048)',
  },
  {
    id: 'changed-at-a-member',
    excuses: { 'ALO-4': ['corrupted'], 'ORD-2': ['changed'] },
    after: [['bitCorruption']],
    before: true,
    anywhere: true,
    ledger: true,
    reason: 'stored bytes changed at a member that leads later, and nobody compares checksums when reading',
  },
  {
    id: 'older-term-shown',
    excuses: GHOST,
    after: [FAULT_KINDS],
    before: true,
    anywhere: true,
    ledger: true,
    unless: 'strictRaft',
    reason:
      'consumers are shown what was committed by counting an older term, and stand beyond it once a later leader has overwritten it (Raft §5.4.2)',
  },
  levelProgressOfAnother(LEADER),
  endsKnownToAnother(LEADER),
  clockOfAnother(LEADER),
]
