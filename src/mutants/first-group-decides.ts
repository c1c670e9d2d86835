/** Waits for one group, and opens the new queues to all of them: the others may be far behind. */
import { mutant } from './mutant.ts'

export const firstGroupDecides = mutant({
  id: 'first-group-decides',
  title: 'the new queues are opened as soon as one group has read the old ones',
  breaks: 'ORD-5',
  bug: 'demanded violation of ORD-5: the barrier is released for the topic, not for each group',
  rules: { groupsToWaitFor: (groups) => groups.slice(0, 1) },
  preset: 'ordered-scale-out',
})
