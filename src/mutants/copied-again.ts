/** A slave that comes back is sent the log from its beginning, as a new one is, and appends it to what it has. */
import { mutant } from './mutant.ts'

export const copiedAgain = mutant({
  id: 'copied-again',
  title: 'a slave that comes back is sent the whole log again, and takes it',
  breaks: 'DUR-6',
  bug: 'RMQ-061 and RMQ-062 turned round: where the transfer begins, and the one thing that a slave compares',
  rules: { transferFrom: () => 0, takesFrame: () => true },
  preset: 'replicated',
})
