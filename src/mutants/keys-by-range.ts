/** Gives each queue a range of hashes in the place of a remainder. As long as the number of queues stays as it is nobody can tell; with twice as many,
 * a key goes to another old queue, which is read all the time. */
import { javaHash } from '../systems/rocketmq/java-hash.ts'
import { mutant } from './mutant.ts'

export const keysByRange = mutant({
  id: 'keys-by-range',
  title: 'a key goes to the queue of its range of hashes, not of its remainder',
  breaks: 'ORD-5',
  bug: 'C-057: a key must stay where it is, or go to a queue that is new',
  rules: { queueOfKey: (key, queues) => Math.floor((Math.abs(javaHash(key) % 1009) * queues) / 1009) },
  preset: 'ordered-scale-out',
})
