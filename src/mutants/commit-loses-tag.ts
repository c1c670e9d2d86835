/** A committed message reaches only those who want everything. */
import { NO_LABELS } from '../plan/labels.ts'
import { mutant } from './mutant.ts'

export const commitLosesTag = mutant({
  id: 'commit-loses-tag',
  title: 'the message that a commit makes visible has lost the tag of its half',
  breaks: 'TXN-2',
  bug: 'compare #1649, ad7622c147 (no. 80): a property was copied wrongly between a half and what became of it',
  rules: { labelsOfCommitted: () => NO_LABELS },
  preset: 'tags',
})
