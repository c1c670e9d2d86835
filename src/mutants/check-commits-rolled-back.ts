/** The application that is asked has forgotten what it decided, and guesses. */
import { mutant } from './mutant.ts'

export const checkCommitsRolledBack = mutant({
  id: 'check-commits-rolled-back',
  title: 'a check is answered "commit", whatever the local transaction decided',
  breaks: 'TXN-2',
  bug: 'demanded violation of TXN-2: a checker that answers from memory',
  rules: { answerToCheck: () => 'commit' },
  preset: 'transactions',
})
