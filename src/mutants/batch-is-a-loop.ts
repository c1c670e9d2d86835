/** What is called a batch is a loop of sends: each message goes its own way, to a queue of its own, and some arrive while others do not. */
import { mutant } from './mutant.ts'

export const batchIsALoop = mutant({
  id: 'batch-is-a-loop',
  title: 'a batch is sent message by message',
  breaks: 'BAT-1',
  bug: 'demanded violation of BAT-1: a loop of single sends presented as a batch',
  rules: { sendsBatchWhole: () => false },
  preset: 'batches',
})
