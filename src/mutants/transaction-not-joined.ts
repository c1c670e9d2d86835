/** Key and effect look like one transaction, but each statement commits by itself: a crash between the two loses the effect. */
import { mutant } from './mutant.ts'

export const transactionNotJoined = mutant({
  id: 'transaction-not-joined',
  title: 'what looks like one transaction of key and effect is two',
  breaks: 'IDM-1',
  bug: 'as IDM-1 demands a violation of: insert first, in a separate transaction',
  rules: { recipeToRun: (recipe) => (recipe === 'transaction' ? 'insert-first' : recipe) },
  preset: 'receivers',
})
