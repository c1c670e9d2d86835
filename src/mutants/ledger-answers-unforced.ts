/** Says that it has entries which are in its page cache, strictRaft or not. */
import { mutant } from './mutant.ts'

export const ledgerAnswersUnforced = mutant({
  id: 'ledger-answers-unforced',
  title: 'a member answers for entries that it has not forced',
  breaks: 'DUR-7',
  bug: '#9713 (no. 8): a position counts as flushed that is not',
  rules: { answersFor: (end) => end },
  preset: 'dledger',
})
