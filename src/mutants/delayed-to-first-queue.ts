/** A message that was delayed forgets its queue. */
import { mutant } from './mutant.ts'

export const delayedToFirstQueue = mutant({
  id: 'delayed-to-first-queue',
  title: 'delayed messages come back in the first queue of their topic',
  breaks: 'DLY-3',
  bug: 'what REAL_QID is for; RMQ-118',
  rules: { targetOf: ({ topic }) => ({ topic, queue: 0 }) },
  preset: 'delays',
})
