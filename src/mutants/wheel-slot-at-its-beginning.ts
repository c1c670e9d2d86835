/** A slot of the timer wheel is read when its second begins, not when it is over. */
import { mutant } from './mutant.ts'

export const wheelSlotAtItsBeginning = mutant({
  id: 'wheel-slot-at-its-beginning',
  title: 'a message on the timer wheel comes up to a second before its time',
  breaks: 'DLY-1',
  bug: 'the error of a second of C-252; RMQ-123',
  rules: { isSlotPassed: (slot, now) => slot <= now },
  preset: 'timers',
})
