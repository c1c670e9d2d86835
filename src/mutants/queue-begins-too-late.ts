/** After a deletion a queue begins one behind the first record that the log still has. */
import { mutant } from './mutant.ts'

export const queueBeginsTooLate = mutant({
  id: 'queue-begins-too-late',
  title: 'after a deletion a queue begins behind its first record',
  breaks: 'RET-3',
  bug: 'the catalogue: messages inside retention are never skipped',
  rules: { minAfterDeletion: (_min, first, max) => Math.min(first + 1, max) },
  preset: 'retention',
})
