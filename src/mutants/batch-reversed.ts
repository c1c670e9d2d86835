/** The broker takes the messages of a batch from the end of its list, as one does who reads a buffer backwards. */
import { mutant } from './mutant.ts'

export const batchReversed = mutant({
  id: 'batch-reversed',
  title: 'a batch is appended from its last message to its first',
  breaks: 'BAT-1',
  bug: 'RMQ-059 turned round: contiguous, and in the order of the list',
  rules: { orderOfBatch: (batch) => [...batch].reverse() },
  preset: 'batches',
})
