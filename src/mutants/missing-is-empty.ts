/** Nothing is ever missing. */
import { matches } from '../plan/selector/evaluate.ts'
import { mutant } from './mutant.ts'

export const missingIsEmpty = mutant({
  id: 'missing-is-empty',
  title: 'the broker takes a property that a message lacks for an empty text',
  breaks: 'FLT-2',
  bug: 'the difference between null and a value, which X IS NULL asks for (RMQ-138)',
  rules: { selects: (condition, properties) => matches(condition, { amount: '', type: '', ...properties }) },
  preset: 'selectors',
})
