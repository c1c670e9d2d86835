/** A slave shows some messages, and says that readers go on one place further than that. */
import { mutant } from './mutant.ts'

export const slaveCountsOneMore = mutant({
  id: 'slave-counts-one-more',
  title: 'who reads from a slave goes on one message too late',
  breaks: 'HA-3',
  bug: 'compare #1164, 84d2260b87 (no. 36): a slave skips what it has received',
  rules: { nextAtSlave: (next) => next + 1 },
  preset: 'redirects',
})
