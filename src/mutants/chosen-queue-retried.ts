/** A caller who chooses the queue wants one attempt, since he may send the next message after a failure; here the client goes on by itself. */
import { mutant } from './mutant.ts'

export const chosenQueueRetried = mutant({
  id: 'chosen-queue-retried',
  title: 'a sync send to a queue that its caller chose is tried again',
  breaks: 'RTE-4',
  bug: 'a selector or an explicit queue is retried, as RMQ-083 says that it is not',
  rules: { attemptsOf: (mode, _queueGiven, most) => (mode === 'oneway' ? 1 : most[mode]) },
  preset: 'default',
})
