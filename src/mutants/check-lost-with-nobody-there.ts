/** A broker that has just started knows no producer yet: a half whose turn comes then is passed over, and its turn does not come again. */
import { mutant } from './mutant.ts'

export const checkLostWithNobodyThere = mutant({
  id: 'check-lost-with-nobody-there',
  title: 'a half that nobody can be asked about is passed over',
  breaks: 'TXN-4',
  bug: '#1627, 958eb74981 (no. 83): the race of the producer table',
  rules: { renewsUnasked: () => false },
  preset: 'transactions',
})
