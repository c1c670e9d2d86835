/** A master with the repair refuseOtherLog looks at how long the log of a slave is, and not at what it holds. */
import { mutant } from './mutant.ts'

export const lengthsComparedAlone = mutant({
  id: 'lengths-compared-alone',
  title: 'a slave whose log is other, and not longer, is taken for a copy',
  breaks: 'DUR-6',
  bug: '#3015, 84cde5f5be (no. 28): the guard went by lengths',
  rules: { isOwnBeginning: (fits) => fits },
  preset: 'replicated',
})
