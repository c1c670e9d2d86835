/** Queues that no strategy gave a consumer are dropped when its group changes: those that were assigned by hand among them. */
import { mutant } from './mutant.ts'

export const assignedQueueDropped = mutant({
  id: 'assigned-queue-dropped',
  title: 'a client whose group changes drops the queues that were assigned to it by hand, as not in its share',
  breaks: 'ALO-1',
  bug: 'compare #2732 (no. 52)',
  rules: { keepsAssigned: () => false },
  preset: 'seek',
})
