/** A send that a selector placed is tried again, like any other, at the next queue. */
import { javaHash } from '../systems/rocketmq/java-hash.ts'
import { mutant } from './mutant.ts'

export const keyTriesNextQueue = mutant({
  id: 'key-tries-next-queue',
  title: 'a send by key that fails is tried again at the next queue',
  breaks: 'ORD-4',
  bug: 'demanded violation of ORD-4: a retry across queues (RMQ-083)',
  rules: {
    attemptsOf: (mode, _queueGiven, most) => (mode === 'async' ? most.async : mode === 'oneway' ? 1 : most.sync),
    queueOfKey: (key, queues, _message, attempt) => Math.abs((javaHash(key) + attempt - 1) % queues),
  },
  preset: 'ordered-keys',
})
