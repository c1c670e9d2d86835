/** A master that waits for its whole set looks at who is connected, and not at how far each has come. */
import { mutant } from './mutant.ts'

export const membersCountedNotAsked = mutant({
  id: 'members-counted-not-asked',
  title: 'a connected member of the set counts, whatever it has',
  breaks: 'HA-2',
  bug: 'no. 32, c4a7acdc0d: who has acknowledged was compared by the wrong thing',
  rules: { hasAllAcks: (acks, members) => acks.length + 1 >= members },
  preset: 'controller',
})
