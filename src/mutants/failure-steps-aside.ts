/** A message that has failed waits for its next attempt beside the queue, and the queue goes on. */
import { mutant } from './mutant.ts'

export const failureStepsAside = mutant({
  id: 'failure-steps-aside',
  title: 'an orderly queue goes on with the next message while a failed one waits',
  breaks: 'ORD-3',
  bug: 'RMQ-108 turned round; C-196 as its seed tells it',
  rules: {
    nextOrderly: (held, most) => {
      const fresh = held.filter(({ reconsumeTimes }) => reconsumeTimes === 0)
      return (fresh.length > 0 ? fresh : held).slice(0, most)
    },
  },
  preset: 'ordered-topic',
})
