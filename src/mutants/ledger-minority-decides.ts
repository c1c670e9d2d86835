/** Takes half of a group, rounded down, for a majority. */
import { mutant } from './mutant.ts'

export const ledgerMinorityDecides = mutant({
  id: 'ledger-minority-decides',
  title: 'the half of a group decides',
  breaks: 'DUR-7',
  bug: '#5663 (no. 29): acknowledgements counted against a smaller set than there is',
  rules: { isMajority: (count, members) => count >= Math.floor(members / 2) },
  preset: 'dledger',
})
