/** Forgets in which term it is, and for whom it voted, with its process. */
import { mutant } from './mutant.ts'

export const ledgerVoteNotWritten = mutant({
  id: 'ledger-vote-not-written',
  title: 'a member keeps its vote in memory alone',
  breaks: 'DUR-7',
  bug: 'the violation that DUR-7 demands: votes and terms not persisted (Raft §5.1)',
  rules: { writesVote: () => false },
  preset: 'dledger',
})
