/** The queue of a level is taken to have its number, as if both began at 1. */
import { mutant } from './mutant.ts'

export const levelIsQueue = mutant({
  id: 'level-is-queue',
  title: 'a level waits in the queue of the one after it',
  breaks: 'DLY-3',
  bug: 'the reading of C-249 (X-13); RMQ-118',
  rules: { queueOfLevel: (level) => level },
  preset: 'delays',
})
