/** The check discards a half that it should ask about: a committed transaction whose END was lost is never delivered. */
import { mutant } from './mutant.ts'

export const givenUpAtFirstCheck = mutant({
  id: 'given-up-at-first-check',
  title: 'a half is given up instead of being checked',
  breaks: 'TXN-2',
  bug: '#9500 (no. 86)',
  rules: { isGivenUp: () => true },
  preset: 'transactions',
})
