/** A message that was worked on for too long is let go of, whether its broker has taken it back or not: where it has not, progress passes it. */
import { mutant } from './mutant.ts'

export const expiredIsDropped = mutant({
  id: 'expired-is-dropped',
  title: 'a client lets go of what it gives up, although its broker has not taken it back',
  breaks: 'ALO-2',
  bug: 'compare client-go #976 (no. 56), #5481 (no. 55)',
  rules: { dropsExpired: () => true },
  preset: 'slow-listeners',
})
