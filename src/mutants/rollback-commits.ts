/** The end of a transaction writes the real message whatever it says, so what was rolled back is delivered. */
import { mutant } from './mutant.ts'

export const rollbackCommits = mutant({
  id: 'rollback-commits',
  title: 'a rollback makes the message visible',
  breaks: 'TXN-2',
  bug: '#5574, #8158 (no. 87)',
  rules: { makesVisible: (outcome) => outcome !== 'unknown' },
  preset: 'transactions',
})
