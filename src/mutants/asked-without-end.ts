/** A broker asks about a half that nobody can tell it about for ever. */
import { mutant } from './mutant.ts'

export const askedWithoutEnd = mutant({
  id: 'asked-without-end',
  title: 'a half is never parked',
  breaks: 'TXN-3',
  bug: 'the cap of 15 checks (RMQ-130)',
  rules: { isGivenUp: () => false },
  preset: 'transactions',
})
