/** A failed message no longer holds back the progress, although nothing has taken it over. */
import { mutant } from './mutant.ts'

export const failureCountsAsDone = mutant({
  id: 'failure-counts-as-done',
  title: 'progress passes a message whose listener failed',
  breaks: 'ALO-2',
  bug: 'client-go #976 (no. 56)',
  rules: { mayForget: (state) => state !== 'delivered' },
  preset: 'default',
})
