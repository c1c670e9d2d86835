/** A broker leaves it to the first NameServer to tell the others, and it tells nobody. */
import { mutant } from './mutant.ts'

export const registersWithOne = mutant({
  id: 'registers-with-one',
  title: 'registers with the first NameServer only',
  breaks: 'RTE-3',
  bug: 'compare RMQ-002',
  rules: { registersWith: (nameservers) => nameservers.slice(0, 1) },
  preset: 'cluster',
})
