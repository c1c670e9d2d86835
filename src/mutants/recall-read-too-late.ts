/** A slot is read from its beginning: what recalls a message comes behind it, and finds nothing left to recall. */
import { mutant } from './mutant.ts'

export const recallReadTooLate = mutant({
  id: 'recall-read-too-late',
  title: 'a message that was recalled in time comes all the same',
  breaks: 'DLY-1',
  bug: 'RMQ-125; compare #7991 (no. 97)',
  rules: { isRecalled: () => false },
  preset: 'timers',
})
