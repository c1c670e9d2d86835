/** A consumer takes up what its new share gives it, and keeps what it takes away: two members read one queue for ever. */
import { mutant } from './mutant.ts'

export const lostQueueKept = mutant({
  id: 'lost-queue-kept',
  title: 'a consumer does not give up the queues that are no longer in its share',
  breaks: 'RBL-2',
  bug: 'the demanded violation of the catalogue (compare no. 60)',
  rules: { dropsLostQueue: () => false },
  preset: 'default',
})
