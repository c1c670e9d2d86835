/** A broker reads the record of an end and does not note it: what is done is asked about in each round. */
import { mutant } from './mutant.ts'

export const finishedHalvesAsked = mutant({
  id: 'finished-halves-asked',
  title: 'a half that is done is asked about',
  breaks: 'TXN-3',
  bug: 'fdbd3cb851, #1517/#1544 (no. 79)',
  rules: { isMarkedDone: () => false },
  preset: 'transactions',
})
