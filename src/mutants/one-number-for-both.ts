/** A broker takes the smaller number for both sides: whoever stops the writers of a queue stops its readers, whatever it holds (X-16, C-050). */
import { mutant } from './mutant.ts'

export const oneNumberForBoth = mutant({
  id: 'one-number-for-both',
  title: 'a topic has one number of queues, for readers and writers alike',
  breaks: 'SCL-1',
  bug: 'what C-050 takes RocketMQ for',
  rules: {
    numbersAfterUpdate: ({ readQueues, writeQueues }) => {
      const queues = Math.min(readQueues, writeQueues)
      return { readQueues: queues, writeQueues: queues }
    },
  },
  preset: 'queue-resize',
})
