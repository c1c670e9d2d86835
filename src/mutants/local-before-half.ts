/** The order turned round: the business is done, and nobody knows yet whether there will be a message about it. */
import { mutant } from './mutant.ts'

export const localBeforeHalf = mutant({
  id: 'local-before-half',
  title: 'the local transaction runs before its half is stored',
  breaks: 'TXN-2',
  bug: 'demanded violation of TXN-2: the local transaction runs before the half is stored',
  rules: { runsLocalFirst: () => true },
  preset: 'transactions',
})
