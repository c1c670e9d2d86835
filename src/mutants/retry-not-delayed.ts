/** A broker stores what it has taken back where the group reads it at once: whoever is down for a minute is asked seventeen times within that minute. */
import { mutant } from './mutant.ts'

export const retryNotDelayed = mutant({
  id: 'retry-not-delayed',
  title: 'what a group has failed on comes again at once',
  breaks: 'RTY-1',
  bug: 'the delay is what a broken dependency of the listener needs (C-227)',
  rules: { levelOfRetry: () => 0 },
  preset: 'retries',
})
