/** What RocketMQ does not promise of the questions that it asks about transactions, row by row. */
import { FAULT_KINDS } from '../plan/faults.ts'
import type { ExcuseRow } from './excuse.ts'
import { STOP } from './lost.ts'

const CLOCKS = ['clockOffset', 'clockJump', 'clockDrift'] as const

export const CHECKS: readonly ExcuseRow[] = [
  {
    id: 'checked-again-after-crash',
    excuses: { 'TXN-3': ['too soon again', 'too often', 'checked when done'] },
    after: [[...STOP, 'powerLoss', 'diskLoss']],
    reason:
      'the progress of the check is saved every five seconds, and ends wait three for their record: a broker that starts again reads halves that it ' +
      'has renewed or ended already (RMQ-128, RMQ-130, RMQ-133)',
  },
  {
    id: 'check-held-up',
    excuses: { 'TXN-3': ['too soon again', 'too often'] },
    after: [['netDuplicate', 'netDelay', 'netReorder', 'pause', 'clockDrift']],
    anywhere: true,
    reason: 'a check is a message without an answer: one that comes late, or twice, is near the next (RMQ-132)',
  },
  {
    id: 'half-sent-again',
    excuses: { 'TXN-3': ['too soon again', 'too often', 'checked when done'] },
    after: [[...FAULT_KINDS]],
    anywhere: true,
    // Who sends right after a crash hears late that its connection is gone.
    before: true,
    with: { repeated: true },
    reason: 'a half whose answer was lost is sent again, and each copy that was stored is asked about (RMQ-081, RMQ-132)',
  },
  {
    id: 'half-duplicated',
    excuses: { 'TXN-3': ['too soon again', 'too often', 'checked when done'] },
    after: [['netDuplicate']],
    anywhere: true,
    reason: 'the network delivers a half twice, and each copy is asked about (RMQ-132)',
  },
  {
    id: 'ends-seen-when-forced',
    excuses: { 'TXN-3': ['checked when done'] },
    after: [],
    flush: 'ASYNC_FLUSH',
    given: 'dispatchForcedOnly',
    reason: 'with dispatchForcedOnly the record of an end is seen once it is forced, which under ASYNC_FLUSH takes ten seconds (RMQ-038)',
  },
  {
    id: 'end-not-on-record',
    excuses: { 'TXN-3': ['checked when done'] },
    after: [['diskFull', 'diskStall', 'diskSlow', 'forceFails', 'forceLies', 'bitCorruption', 'pause', ...CLOCKS]],
    reason: "a broker that can't write the record of an end, or has not got round to it, asks again (RMQ-128)",
  },
  {
    id: 'end-finds-no-space',
    excuses: { 'TXN-3': ['checked when done'] },
    after: [],
    with: { deletions: true },
    deed: true,
    reason:
      'on a disk that messages alone have filled up the record of an end waits for the next files that go, and its half is asked about (RMQ-052, RMQ-128)',
  },
  {
    id: 'renewed-by-another-clock',
    excuses: { 'TXN-3': ['checked when done'] },
    after: [CLOCKS],
    anywhere: true,
    reason:
      'a half that its producer calls older than it is may be renewed in the three seconds before the record of its end, which then ends what lies no ' +
      'longer open, and the renewed one is asked about (RMQ-128, RMQ-130)',
  },
  {
    id: 'age-by-another-clock',
    excuses: { 'TXN-3': ['early', 'unchecked'] },
    after: [CLOCKS],
    anywhere: true,
    reason:
      'how old a half is says the clock of its broker against that of its producer, and a round ends at the first half that is too young (RMQ-130)',
  },
]
