/** The check moves past a half without renewing it: if the answer is lost, nobody asks again. */
import { mutant } from './mutant.ts'

export const commitNotRenewed = mutant({
  id: 'commit-not-renewed',
  title: 'a checked half is skipped without a copy at the tail',
  breaks: 'TXN-2',
  bug: '#544, 5d3560dc5c (no. 77)',
  rules: { renewsHalf: () => false },
  preset: 'transactions',
})
