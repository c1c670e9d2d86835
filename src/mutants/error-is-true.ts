/** "many" counts as more than 100. */
import { ERROR } from '../plan/selector/compare.ts'
import { answer, matches } from '../plan/selector/evaluate.ts'
import { mutant } from './mutant.ts'

export const errorIsTrue = mutant({
  id: 'error-is-true',
  title: 'the broker gives what could not be compared',
  breaks: 'FLT-2',
  bug: 'the statement of the catalogue: an error is not true (RMQ-138)',
  rules: { selects: (condition, properties) => matches(condition, properties) || answer(condition, properties) === ERROR },
  preset: 'selectors',
})
