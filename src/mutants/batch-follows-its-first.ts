/** The verdict on the first message of a batch is taken for that on all: what a listener had not come to is never given again. */
import { mutant } from './mutant.ts'

export const batchFollowsItsFirst = mutant({
  id: 'batch-follows-its-first',
  title: 'a client is done with a whole batch once its first message is',
  breaks: 'ALO-1',
  bug: 'compare client-go #976 (no. 56)',
  rules: { isAcknowledgedInBatch: (_nth, acknowledged) => acknowledged > 0 },
  preset: 'busy-consumers',
})
