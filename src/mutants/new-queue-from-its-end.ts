/** A consumer begins a queue that its group has never read at its end, however young it is: what was written before it came is skipped. */
import { mutant } from './mutant.ts'

export const newQueueFromItsEnd = mutant({
  id: 'new-queue-from-its-end',
  title: 'a new queue is read from its end on',
  breaks: 'SCL-1',
  bug: 'RMQ-097 without its quirk: LAST_OFFSET would skip what a new queue held before its first reader came (compare no. 62)',
  rules: { startOffset: ({ found, offset, max }) => (found === 'stored' ? offset : max) },
  preset: 'queue-resize',
})
