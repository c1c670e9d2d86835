/** A slave that is asked for more than it has sends its reader back to its own end, as a master would. */
import { mutant } from './mutant.ts'

export const slaveSendsOnToItsEnd = mutant({
  id: 'slave-sends-on-to-its-end',
  title: 'a slave corrects readers to its own end',
  breaks: 'HA-3',
  bug: 'RMQ-034 turned round: what a slave does not have yet is no offset that is too large',
  rules: { correctedBySlave: (_asked, _min, max) => max },
  preset: 'redirects',
})
