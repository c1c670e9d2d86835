/** Progress is recorded when messages are fetched, not when they are finished: after a crash of the consumer they are skipped. */
import { mutant } from './mutant.ts'

export const progressAtFetch = mutant({
  id: 'progress-at-fetch',
  title: 'the broker takes what a consumer asks for as what its group has finished',
  breaks: 'ALO-1',
  bug: 'a3bab0eb62 (no. 53)',
  rules: { progressOfPull: (pull) => pull.offset },
  preset: 'ordered-topic',
})
