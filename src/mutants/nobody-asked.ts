/** A broker loses the question when it turns to the list of producers, and asks nobody. */
import { mutant } from './mutant.ts'

export const nobodyAsked = mutant({
  id: 'nobody-asked',
  title: 'nobody is asked about an open half',
  breaks: 'TXN-3',
  bug: '#1627, 958eb74981 (no. 83)',
  rules: { whomToAsk: () => -1 },
  preset: 'transactions',
})
