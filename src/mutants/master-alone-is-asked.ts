/** A client that knows of a slave asks the master all the same, who is gone. */
import { mutant } from './mutant.ts'

export const masterAloneIsAsked = mutant({
  id: 'master-alone-is-asked',
  title: 'consumers never turn to a slave',
  breaks: 'HA-1',
  bug: 'compare #1082, b39031a7d1 (no. 37): slaves drop out while they are read',
  rules: { readsFrom: (_address, broker) => broker },
  preset: 'slave-reads',
})
