/** What fails in a broadcasting group is tried again after five seconds, as in clustering. */
import { mutant } from './mutant.ts'

export const broadcastRetries = mutant({
  id: 'broadcast-retries',
  title: 'a failed message of a broadcasting group is tried again',
  breaks: 'BRC-1',
  bug: 'BRC-1, expected to be violated: retry asserted for broadcasting',
  rules: { dropsFailedBroadcast: () => false },
  preset: 'broadcast',
})
