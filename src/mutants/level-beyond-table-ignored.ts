/** A level that the table does not have counts as none. */
import { mutant } from './mutant.ts'

export const levelBeyondTableIgnored = mutant({
  id: 'level-beyond-table-ignored',
  title: 'a message with a level beyond the last one comes at once',
  breaks: 'DLY-1',
  bug: 'the demanded reading of C-256; RMQ-118',
  rules: { levelInForce: (asked, levels) => (asked > levels ? 0 : asked) },
  preset: 'delays',
})
