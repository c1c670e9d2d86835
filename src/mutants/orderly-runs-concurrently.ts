/** The listeners of an orderly group are run like any others: many messages of a queue at a time. */
import { mutant } from './mutant.ts'

export const orderlyRunsConcurrently = mutant({
  id: 'orderly-runs-concurrently',
  title: 'an orderly group runs many listeners on a queue at a time',
  breaks: 'ORD-3',
  bug: 'demanded violation of ORD-3: a concurrent listener',
  rules: { takesTurns: () => false },
  preset: 'ordered-topic',
})
