/** Whatever the broker answers, the queue is taken for locked. */
import { mutant } from './mutant.ts'

export const refusedLockCounts = mutant({
  id: 'refused-lock-counts',
  title: 'a consumer takes a refused lock for granted',
  breaks: 'RBL-3',
  bug: '#2621/#5465 (no. 58), which set the mark of a locked queue wrongly, turned round',
  rules: { isLockedBy: () => true },
  preset: 'ordered-topic',
})
