/** What is not known to be false is delivered. */
import { answer, matches } from '../plan/selector/evaluate.ts'
import { mutant } from './mutant.ts'

export const unknownIsTrue = mutant({
  id: 'unknown-is-true',
  title: "the broker gives what a selector can't be said to be true or false of",
  breaks: 'FLT-2',
  bug: 'the statement of the catalogue: unknown is not true (RMQ-138)',
  rules: { selects: (condition, properties) => matches(condition, properties) || answer(condition, properties) === null },
  preset: 'selectors',
})
