/** A slave asks its master for the progress of groups, and does nothing with the answer. */
import { mutant } from './mutant.ts'

export const progressNeverCopied = mutant({
  id: 'progress-never-copied',
  title: 'progress is never copied to slaves',
  breaks: 'HA-3',
  bug: '#7790 (no. 41): a slave learns of no master address, and offsets are never copied',
  rules: { takesProgress: () => false },
  preset: 'redirects',
})
