/** What RocketMQ does not promise of delayed messages, row by row. Losses of what was acknowledged are excused like those of other messages. */
import type { Excused, ExcuseRow } from './excuse.ts'
import { STOP } from './lost.ts'

/** A delayed message that never comes. */
const FORGOTTEN: Excused = { 'ALO-1': ['not delivered'], 'DLY-2': ['forgotten'], 'DLY-4': ['lost'], 'RTY-2': ['forgotten'] }
/** A copy that was seen, and is gone: what comes then lies before it. */
const COPY_LOST: Excused = { ...FORGOTTEN, 'DLY-3': ['overtaken'] }
const DELAYED = { delayed: true }
/** Faults that keep a broker from looking, from storing what is due, or from showing what it has stored. */
const HELD_UP = ['pause', 'diskFull', 'diskSlow', 'diskStall', 'forceFails', 'clockOffset', 'clockJump', 'clockDrift'] as const

export const DELAYS: readonly ExcuseRow[] = [
  {
    id: 'delayed-copies',
    excuses: COPY_LOST,
    after: [['powerLoss']],
    unless: 'waitForInternalWrites',
    with: DELAYED,
    reason:
      'the copy of a message that is due does not wait for its force, while the progress over it is saved: a power loss between the two takes ' +
      'both (RMQ-058, RMQ-156)',
  },
  {
    id: 'delayed-copies-recovered',
    excuses: COPY_LOST,
    after: [[...STOP], ['powerLoss']],
    unless: 'forceRecovered',
    with: DELAYED,
    reason:
      'recovery calls the copy of a message that was due flushed without forcing it, the progress over it is saved, and a power loss takes it ' +
      'after all (RMQ-047, RMQ-120)',
  },
  {
    id: 'delay-progress-outlives-loss',
    excuses: FORGOTTEN,
    after: [
      ['powerLoss', 'diskLoss', 'bitCorruption'],
      [...STOP, 'powerLoss'],
    ],
    before: true,
    unless: 'clampStoredOffsets',
    with: DELAYED,
    reason:
      'after a loss the progress of a level is brought back to the end of its queue in memory alone: whoever crashes again before it is saved ' +
      'passes over what has taken the freed places (RMQ-120)',
  },
  {
    id: 'timer-given-up',
    excuses: FORGOTTEN,
    after: [['diskFull']],
    with: { delayed: true, timer: true },
    reason:
      'a message on the wheel that is due and can not be stored is tried three times in a second and a half, and is gone then (RMQ-124)',
  },
  {
    id: 'timer-references-outlive-loss',
    excuses: { 'DLY-1': ['early'], 'DLY-4': ['delivered again', 'repeated after a stop', 'repeated long after'] },
    after: [['powerLoss', 'diskLoss', 'bitCorruption']],
    before: true,
    unless: 'clampStoredOffsets',
    with: { timer: true },
    reason:
      'after a loss the wheel still points to places of the log that are gone: another message that waits there is taken for the one that was, and comes ' +
      'at its time (RMQ-124)',
  },
  {
    id: 'clock-set',
    excuses: { 'DLY-1': ['early'], 'RTY-1': ['early'] },
    after: [['clockOffset', 'clockJump', 'clockDrift']],
    reason:
      'a message waits by the clock of its broker: where that was set ahead it is due so much earlier, and where it was set back, too: what would ' +
      'have to wait for longer than its level says is taken for due (RMQ-119)',
  },
  {
    id: 'held-up-delivery',
    excuses: { 'DLY-2': ['late'] },
    after: [HELD_UP],
    reason: 'a broker that stands still, whose disk does not take or force what is due, or whose clock was set, delivers later (RMQ-119)',
  },
  {
    id: 'forced-only-is-late',
    excuses: { 'DLY-2': ['late'] },
    after: [],
    flush: 'ASYNC_FLUSH',
    given: 'dispatchForcedOnly',
    reason:
      'with dispatchForcedOnly nothing is seen before it is forced, which under ASYNC_FLUSH takes ten seconds: of the delayed message, and of ' +
      'its copy (RMQ-038)',
  },
  {
    id: 'delay-progress-not-saved',
    excuses: { 'DLY-4': ['repeated long after', 'repeated after a stop'] },
    after: [
      ['diskSlow', 'diskStall', 'forceFails', 'forceLies', 'pause', 'clockDrift'],
      [...STOP, 'powerLoss'],
    ],
    reason: 'progress that could not be saved in time falls back by more than ten seconds (RMQ-120)',
  },
  {
    id: 'delay-progress-waits-for-copies',
    excuses: { 'DLY-4': ['repeated long after'] },
    after: [[...STOP, 'powerLoss']],
    given: 'waitForInternalWrites',
    flush: 'ASYNC_FLUSH',
    reason: 'with waitForInternalWrites progress is saved only as far as copies are forced, which under ASYNC_FLUSH takes ten seconds more',
  },
  {
    id: 'delay-progress-lost',
    excuses: { 'DLY-4': ['repeated long after'] },
    after: [['diskLoss']],
    reason: 'a broker that loses its disk does not know how far its levels were',
  },
]
