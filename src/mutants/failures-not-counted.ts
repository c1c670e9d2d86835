/** A broker stores what it has taken back with the count that it had: it comes again without end, and never lies with the dead letters. */
import { mutant } from './mutant.ts'

export const failuresNotCounted = mutant({
  id: 'failures-not-counted',
  title: 'a failure is not counted',
  breaks: 'RTY-2',
  bug: '#6163, 7cfffe7f48 (no. 57)',
  rules: { reconsumeTimesOfCopy: (reconsumeTimes) => reconsumeTimes },
  preset: 'retries',
})
