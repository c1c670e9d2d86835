/** A message that is stored anew loses a part of what was sent. */
import { mutant } from './mutant.ts'

export const flagLostOnRevive = mutant({
  id: 'flag-lost-on-revive',
  title: 'the copy of a message that is tried again lacks its flag',
  breaks: 'ALO-4',
  bug: '#6339 (no. 74)',
  rules: { digestOfCopy: (digest) => digest + 1 },
  preset: 'pop',
})
