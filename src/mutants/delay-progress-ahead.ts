/** The progress that is saved is one further than what was delivered. */
import { mutant } from './mutant.ts'

export const delayProgressAhead = mutant({
  id: 'delay-progress-ahead',
  title: 'a delay level saves the place of a message that it has not delivered',
  breaks: 'DLY-4',
  bug: '#3966, 8cd998829a (no. 89)',
  rules: { progressToSave: (progress) => progress + 1 },
  preset: 'delays',
})
