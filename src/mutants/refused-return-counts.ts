/** A client takes any end of its request for a message that the broker has taken back: what was refused or timed out is done with. */
import { mutant } from './mutant.ts'

export const refusedReturnCounts = mutant({
  id: 'refused-return-counts',
  title: 'progress passes messages whose send-back failed',
  breaks: 'ALO-2',
  bug: 'client-go #976 (no. 56)',
  rules: { isReturned: () => true },
  preset: 'retries',
})
