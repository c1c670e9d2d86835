/** A reset changes the stored progress of a group that is at work, and the next commit changes it back. */
import { mutant } from './mutant.ts'

export const resetOnlyStored = mutant({
  id: 'reset-only-stored',
  title: 'a reset is stored, but consumers are not told, and overwrite it',
  breaks: 'ALO-1',
  bug: 'RMQ-098 without its server side',
  rules: { handsOutReset: () => false },
  preset: 'start-positions',
})
