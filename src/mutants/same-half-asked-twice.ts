/** A broker whose threads are busy queues the question about a half more than once. */
import { mutant } from './mutant.ts'

export const sameHalfAskedTwice = mutant({
  id: 'same-half-asked-twice',
  title: 'a half is asked about several times in a round',
  breaks: 'TXN-3',
  bug: '#1519, 6fb66c1f4c (no. 84)',
  rules: { questionsOf: () => 2 },
  preset: 'transactions',
})
