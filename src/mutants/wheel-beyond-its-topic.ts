/** After a loss the timer wheel goes on where it had been in its topic, beyond what is left of that. */
import { mutant } from './mutant.ts'

export const wheelBeyondItsTopic = mutant({
  id: 'wheel-beyond-its-topic',
  title: 'a timer wheel that lost a part of its topic never takes up what comes next',
  breaks: 'DLY-2',
  bug: '#7480, f4c498433d (no. 95)',
  rules: { enqueuedAfterRecovery: (saved) => saved },
  preset: 'timers',
})
