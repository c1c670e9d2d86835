/** A search by time ends at the end of the queue: a group that begins at a time misses what was stored since. */
import { mutant } from './mutant.ts'

export const searchFindsNothing = mutant({
  id: 'search-finds-nothing',
  title: 'a search by time finds no message that is new enough, and ends at the end of the queue',
  breaks: 'ALO-1',
  bug: 'RMQ-097 turned round',
  rules: { isStoredSince: () => false },
  preset: 'start-positions',
})
