/** What RocketMQ does not promise of delayed messages, row by row. Losses of what was acknowledged are excused like those of other messages. */
import type { Excused, ExcuseRow } from './excuse.ts'
import { STOP } from './lost.ts'

/** A delayed message that never comes. */
const FORGOTTEN: Excused = { 'ALO-1': ['not delivered'], 'DLY-2': ['forgotten'], 'DLY-4': ['lost'], 'RTY-2': ['forgotten'] }
/** A copy that was seen, and is gone: what comes then lies before it. */
const COPY_LOST: Excused = { ...FORGOTTEN, 'DLY-3': ['overtaken'] }
/** A message that comes although it was recalled. */
const RECALLED: Excused = { 'DLY-1': ['recalled'] }
/** A message, or what recalls it, came onto the wheel when the slot of its time was over. */
const MISSED_SLOT = { missedSlot: true }
const DELAYED = { delayed: true }
/** Faults that keep a broker from looking, from storing what is due, or from showing what it has stored. */
const HELD_UP = ['pause', 'diskFull', 'diskSlow', 'diskStall', 'forceFails', 'clockOffset', 'clockJump', 'clockDrift'] as const

/** Faults after which a producer sends again. */
const SENT_AGAIN = [...STOP, 'powerLoss', ...HELD_UP, 'netLoss', 'netDelay', 'netReorder', 'cut'] as const

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
    id: 'recall-lost',
    excuses: RECALLED,
    after: [['powerLoss']],
    flush: 'ASYNC_FLUSH',
    reason: 'a recall is acknowledged once its marker is in page cache: a power loss takes it, and the message comes (RMQ-125, RMQ-038)',
  },
  {
    id: 'recall-lost-unforced',
    excuses: RECALLED,
    after: [[...STOP, 'diskSlow', 'diskStall', 'forceFails', 'forceLies'], ['powerLoss']],
    reason:
      'a recall whose marker was not forced in time is acknowledged all the same, and what recovery has found counts as forced: a power loss takes it, and the ' +
      'message comes (RMQ-125, RMQ-047)',
  },
  {
    id: 'recall-lost-on-its-way',
    excuses: RECALLED,
    after: [['powerLoss']],
    unless: 'waitForInternalWrites',
    reason:
      'a marker whose time is far away is stored anew, without waiting for its force: a power loss takes it, and the message comes (RMQ-058, RMQ-125)',
  },
  {
    id: 'recall-lost-with-its-file',
    excuses: RECALLED,
    after: [['powerLoss']],
    disk: 'posix',
    reason:
      'with disk=posix the force of a file does not force its directory entry: a power loss can take the file that has the marker, and the message comes from another',
  },
  {
    id: 'recall-passes-what-is-rolled',
    excuses: RECALLED,
    after: [[...STOP, 'powerLoss']],
    with: MISSED_SLOT,
    reason:
      'what was to be stored anew while its broker was down, a message or what recalls it, finds the slot of its time over when the broker is up again: the ' +
      'two do not meet, and the message comes; inferred from how both are rolled (RMQ-122, RMQ-125)',
  },
  {
    id: 'recall-destroyed',
    excuses: RECALLED,
    after: [['diskLoss', 'bitCorruption', 'diskFull']],
    reason: 'a marker that is damaged, or for which there is no room when it has to be stored anew, recalls nothing (RMQ-125)',
  },
  {
    id: 'recall-too-late-for-the-wheel',
    excuses: RECALLED,
    after: [HELD_UP],
    with: MISSED_SLOT,
    reason:
      'what recalls a message is found on the wheel only if it has come there before the message is due, by the clock of the broker: one that stands still, ' +
      'or whose clock was set, gives the message out (RMQ-125)',
  },
  {
    id: 'recall-waits-for-force',
    excuses: RECALLED,
    after: [],
    flush: 'ASYNC_FLUSH',
    given: 'dispatchForcedOnly',
    with: { unseen: true },
    reason:
      'with dispatchForcedOnly a marker comes to the wheel once it is forced, which under ASYNC_FLUSH takes ten seconds: the message has left it by then ' +
      '(RMQ-038, RMQ-125)',
  },
  {
    id: 'recall-of-one-copy',
    excuses: RECALLED,
    after: [SENT_AGAIN],
    anywhere: true,
    with: { resent: true },
    reason:
      'a message that was sent again may be stored twice, and wait twice, for times of their own: the recall is of the one that was acknowledged (RMQ-125)',
  },
  {
    id: 'recall-of-one-duplicate',
    excuses: RECALLED,
    after: [['netDuplicate']],
    anywhere: true,
    reason:
      'a send that the network has doubled is stored twice, and waits twice, for times of their own: the recall is of one of the two (RMQ-125)',
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
