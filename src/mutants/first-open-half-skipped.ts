/** After a restart the check goes on one half too far: the first one that was open is passed over. */
import { mutant } from './mutant.ts'

export const firstOpenHalfSkipped = mutant({
  id: 'first-open-half-skipped',
  title: 'a restart passes over the first open half',
  breaks: 'TXN-4',
  bug: 'compare no. 86: progress of a round that was not its own',
  rules: { checkFrom: (stored, max) => Math.min(stored + 1, max) },
  preset: 'transactions',
})
