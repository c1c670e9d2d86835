/** Counts entries for a member as they are sent to it. */
import { mutant } from './mutant.ts'

export const ledgerCountsWhatItSends = mutant({
  id: 'ledger-counts-what-it-sends',
  title: 'a leader commits what members were sent, not what they have',
  breaks: 'DUR-7',
  bug: '#3015 (no. 28): acknowledgements beyond what a slave holds count',
  rules: { countedOf: (_match, sent) => sent },
  preset: 'dledger',
})
