/** An orderly client sends a message away with one of its attempts to come: it is a dead letter that might have succeeded. */
import { mutant } from './mutant.ts'

export const orderlyGivesUpEarly = mutant({
  id: 'orderly-gives-up-early',
  title: 'an orderly client gives a message up one attempt too early',
  breaks: 'RTY-2',
  bug: 'demanded violation of RTY-2: dead letters without so many failures',
  rules: { isGivenUpInOrder: (reconsumeTimes, max) => reconsumeTimes + 1 >= max },
  preset: 'orderly-retries',
})
