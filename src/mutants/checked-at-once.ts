/** A broker asks about halves that have just been sent: the producer is still at its local transaction, and does not know. */
import { mutant } from './mutant.ts'

export const checkedAtOnce = mutant({
  id: 'checked-at-once',
  title: 'a half is asked about before it is old enough',
  breaks: 'TXN-3',
  bug: 'compare nos. 77 and 78: the boundary of the immunity time',
  rules: { isDueForCheck: () => true },
  preset: 'transactions',
})
