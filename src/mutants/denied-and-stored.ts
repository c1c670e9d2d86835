/** A broker that says no, and stores the message all the same. */
import { mutant } from './mutant.ts'

export const deniedAndStored = mutant({
  id: 'denied-and-stored',
  title: 'a broker that says no, and stores the message all the same',
  breaks: 'ACL-1',
  bug: 'the statement of the catalogue, and RMQ-143: it looks at permissions after it has acted',
  rules: { stopsAtDenial: () => false },
  preset: 'access',
})
