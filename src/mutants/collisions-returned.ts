/** A client that believes what the index has found: other keys with the same hash come along, and keys of other topics. */
import { mutant } from './mutant.ts'

export const collisionsReturned = mutant({
  id: 'collisions-returned',
  title: 'what only hashes alike is found, too',
  breaks: 'QRY-1',
  bug: 'compare no. 66: a neighbour is taken for the message that was asked for',
  rules: { takesFound: () => true },
  preset: 'queries',
})
