/** A queue that its application has let rest is not pulled again when the time is over, as one that was dropped for being paused. */
import { hours } from '../plan/units.ts'
import { mutant } from './mutant.ts'

export const neverResumed = mutant({
  id: 'never-resumed',
  title: 'a client does not go on with a queue that its application has resumed',
  breaks: 'ALO-1',
  bug: 'compare alibaba #459 (no. 60)',
  rules: { restsUntil: (now, forUs) => now + forUs + hours(1) },
  preset: 'seek',
})
