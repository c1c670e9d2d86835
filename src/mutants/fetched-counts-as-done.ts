/** Whatever the client has pulled ahead of its application counts as done: it is lost with the process. */
import { mutant } from './mutant.ts'

export const fetchedCountsAsDone = mutant({
  id: 'fetched-counts-as-done',
  title: 'a pull consumer commits what it has fetched, not what its application has done',
  breaks: 'ALO-2',
  bug: 'a3bab0eb62 (no. 53)',
  rules: { committedByPoll: (_done, fetched) => fetched },
  preset: 'pull',
})
