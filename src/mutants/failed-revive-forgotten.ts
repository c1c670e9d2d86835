/** A message that could not be stored anew is not tried again: its checkpoint is gone, and so is the message. */
import { mutant } from './mutant.ts'

export const failedReviveForgotten = mutant({
  id: 'failed-revive-forgotten',
  title: 'a checkpoint that could not be dealt with is not written again',
  breaks: 'ALO-1',
  bug: '#7412, 0027a1486d (no. 65)',
  rules: { keepsFailedCheckpoint: () => false },
  preset: 'pop',
})
