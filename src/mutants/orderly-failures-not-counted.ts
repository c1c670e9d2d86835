/** An orderly client puts a message back with the count that it had: there is an end to how often it comes again, and it is never reached. */
import { mutant } from './mutant.ts'

export const orderlyFailuresNotCounted = mutant({
  id: 'orderly-failures-not-counted',
  title: 'an orderly client does not count what it puts back',
  breaks: 'RTY-2',
  bug: '#6163, 7cfffe7f48 (no. 57)',
  rules: { countedInOrder: (reconsumeTimes) => reconsumeTimes },
  preset: 'orderly-retries',
})
