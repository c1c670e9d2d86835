/** Gives its vote in one term to whoever asks. */
import { mutant } from './mutant.ts'

export const ledgerVotesForEverybody = mutant({
  id: 'ledger-votes-for-everybody',
  title: 'a member votes more than once a term',
  breaks: 'DUR-7',
  bug: 'the violation that DUR-7 demands: a vote is not kept (Raft §5.2)',
  rules: { mayVoteFor: () => true },
  preset: 'dledger',
})
