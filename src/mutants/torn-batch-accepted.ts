/** Recovery was made to keep batches whole, and forgets to look: the first records of a torn batch stay, the others are gone. */
import { mutant } from './mutant.ts'

export const tornBatchAccepted = mutant({
  id: 'torn-batch-accepted',
  title: 'recovery keeps the part of a batch that is left, although it is to keep batches whole',
  breaks: 'BAT-1',
  bug: 'the partial record that is dispatched, d9273e70f6 (no. 5), one level up',
  rules: { keepsPartOfBatch: () => true },
  preset: 'batches',
})
