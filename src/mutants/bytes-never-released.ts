/** The bytes of what is done stay in the account of a queue, as the time of a lock once stayed that was over: one day the queue is full for ever. */
import { mutant } from './mutant.ts'

export const bytesNeverReleased = mutant({
  id: 'bytes-never-released',
  title: 'a client counts the bytes of what it has done among those that it holds',
  breaks: 'ALO-1',
  bug: 'compare #3459, c6aeb782e5 (no. 22)',
  rules: { releasedBytes: () => 0 },
  preset: 'busy-consumers',
})
