/** Decisions about messages that wait for a time of their own: those on which DLY-1, DLY-2 and DLY-4 depend. */
import type { Us } from '../../../plan/units.ts'

export const timerRules = {
  /** RMQ-122: what has to wait for longer is refused. */
  mayWaitFor: (delay: Us, max: Us): boolean => delay <= max,

  /** RMQ-123: a slot is a second that must have passed, and an exact second is the one before. */
  slotOf: (due: Us, precision: Us): Us => Math.ceil(due / precision) * precision - precision,

  /** RMQ-123: a slot is read when it is over. */
  isSlotPassed: (slot: Us, now: Us, precision: Us): boolean => slot + precision <= now,

  /** RMQ-122: what is further away than the wheel reaches is looked at again after two days; after one, if it were due soon after. */
  rollAt: (due: Us, now: Us, window: Us): Us | null => {
    if (due - now < window) return null
    return due - now - window < window / 3 ? now + window / 2 : now + window
  },

  /** RMQ-122: what is rolled keeps its time. */
  dueAfterRoll: (due: Us, _now: Us): Us => due,

  /** RMQ-124: checkpointed every second. */
  savesTimer: (): boolean => true,

  /** #7480: the wheel goes on where the timer topic ends, if less of it is left. */
  enqueuedAfterRecovery: (saved: number, max: number): number => Math.min(saved, max),

  /** RMQ-125: what is due already can't be recalled. */
  mayRecall: (due: Us, now: Us): boolean => due > now,

  /** RMQ-125: what a marker of the same slot names is left out, whichever of the two came first. */
  isRecalled: (msgId: string, slot: readonly { readonly recalls?: string }[]): boolean => slot.some(({ recalls }) => recalls === msgId),

  /** RMQ-124: a message that is due and could not be stored is tried three times, and is gone then. */
  givesTimerUp: (tries: number, max: number): boolean => tries >= max,
} as const
