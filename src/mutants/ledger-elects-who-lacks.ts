/** Votes for candidates whose logs lack what it has. */
import { mutant } from './mutant.ts'

export const ledgerElectsWhoLacks = mutant({
  id: 'ledger-elects-who-lacks',
  title: 'a vote does not look at the logs',
  breaks: 'DUR-7',
  bug: '#8539 (no. 42): who is promoted lacks what others have, and nobody looks (Raft §5.4.1)',
  rules: { isLogUpToDate: () => true },
  preset: 'dledger',
})
