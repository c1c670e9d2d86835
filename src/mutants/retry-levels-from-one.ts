/** A broker counts the levels of retries from the first of its table: each retry comes two levels too soon. */
import { mutant } from './mutant.ts'

export const retryLevelsFromOne = mutant({
  id: 'retry-levels-from-one',
  title: 'the k-th retry waits by level k',
  breaks: 'RTY-1',
  bug: 'compare X-01: the k-th retry uses level k + 2',
  rules: { levelOfRetry: (reconsumeTimes) => 1 + reconsumeTimes },
  preset: 'retries',
})
