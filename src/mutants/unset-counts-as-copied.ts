/** A slave that has just connected, and has not said how far it is, counts as one that has everything. */
import { mutant } from './mutant.ts'

export const unsetCountsAsCopied = mutant({
  id: 'unset-counts-as-copied',
  title: 'an acknowledgement that was never given counts as one',
  breaks: 'DUR-5',
  bug: '#6728, 5dc2e20efc (no. 31): the unset offset of a new connection counts',
  rules: { isCopied: (max, end) => max === 0 || max >= end },
  preset: 'sync-replicated',
})
