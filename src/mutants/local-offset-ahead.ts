/** An instance goes on one message behind what its file says: that one is never given to it. */
import { mutant } from './mutant.ts'

export const localOffsetAhead = mutant({
  id: 'local-offset-ahead',
  title: 'an instance goes on behind the message that it has not finished',
  breaks: 'BRC-1',
  bug: 'no. 53, in the local store: progress ahead of the work',
  rules: { localStart: (stored) => stored + 1 },
  preset: 'broadcast',
})
