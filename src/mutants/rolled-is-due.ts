/** What is too far away for the timer wheel is looked at again in time, and taken for due then. */
import { mutant } from './mutant.ts'

export const rolledIsDue = mutant({
  id: 'rolled-is-due',
  title: 'a message whose time is days away comes when the timer wheel looks at it first',
  breaks: 'DLY-1',
  bug: 'RMQ-122; compare #7991 (no. 97)',
  rules: { dueAfterRoll: (_due, now) => now },
  preset: 'timers',
})
