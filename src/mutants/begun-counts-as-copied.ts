/** A record of which a slave may have only the beginning counts as copied. */
import { mutant } from './mutant.ts'

export const begunCountsAsCopied = mutant({
  id: 'begun-counts-as-copied',
  title: 'a slave is waited for until it is near the end of a record',
  breaks: 'DUR-5',
  bug: 'compare #1164, 84d2260b87 (no. 36): a record that was received in part',
  rules: { isCopied: (max, end) => max >= end - 200 },
  preset: 'sync-replicated',
})
