/** Builds queues up to the end of the log, committed or not. */
import { mutant } from './mutant.ts'

export const ledgerShowsUncommitted = mutant({
  id: 'ledger-shows-uncommitted',
  title: 'members show entries that may be taken back',
  breaks: 'DUR-7',
  bug: '#6609 (no. 3): queue entries beyond the confirm offset',
  rules: { showsUpTo: (_committed, end) => end },
  preset: 'dledger',
})
