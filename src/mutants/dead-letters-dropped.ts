/** A broker says that it has taken back what it gives the group up on, and stores it nowhere, as it does for a group without retry queues. */
import { mutant } from './mutant.ts'

export const deadLettersDropped = mutant({
  id: 'dead-letters-dropped',
  title: 'dead letters are not kept',
  breaks: 'RTY-2',
  bug: 'retryQueueNums of 0: success, and nothing stored (RMQ-113)',
  rules: { topicOfDeadLetter: () => null },
  preset: 'dead-letters',
})
