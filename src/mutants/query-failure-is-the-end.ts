/** The query fails, the client takes that for "no offset", and starts behind everything that waits for its group. */
import { mutant } from './mutant.ts'

export const queryFailureIsTheEnd = mutant({
  id: 'query-failure-is-the-end',
  title: 'a failed offset query is read as "start at the end"',
  breaks: 'ALO-1',
  bug: '#2705/#2708, d7c2d25c2a (no. 49)',
  rules: { startAfterFailedQuery: () => 2_000_000_000 },
  preset: 'default',
})
