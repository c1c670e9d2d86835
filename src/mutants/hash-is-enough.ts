/** A message whose tag only hashes like a wanted one is given to the listener. */
import { mutant } from './mutant.ts'

export const hashIsEnough = mutant({
  id: 'hash-is-enough',
  title: 'a client that does not look at the tags themselves takes what the broker let through by its hash',
  breaks: 'FLT-1',
  bug: "the demanded violation of the catalogue: a broker's match by hash without the client's own (RMQ-135)",
  rules: { takesTag: () => true },
  preset: 'tags',
})
