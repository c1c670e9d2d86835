/** How topics, groups and queue numbers become names of AMQP, and how a name never stands for two things. */
import { describe, expect, it } from 'vitest'
import { allQueues, queueName, queuesOf } from './names.ts'

const TOPICS = [
  { topic: 'mqx-1-T', queues: 2 },
  { topic: 'mqx-1-U', queues: 1 },
]

describe('real queues', () => {
  it('are one for each number of each topic, for each group that wants it', () => {
    expect(queuesOf('g', TOPICS).map(({ name }) => name)).toEqual(['g/mqx-1-T/0', 'g/mqx-1-T/1', 'g/mqx-1-U/0'])
    const groups = [
      { group: 'g', topics: ['mqx-1-T'] },
      { group: 'h', topics: ['mqx-1-U', 'mqx-1-T'] },
      { group: 'i', topics: ['elsewhere'] },
    ]
    expect(allQueues(TOPICS, groups).map(({ name }) => name)).toEqual([
      'g/mqx-1-T/0',
      'g/mqx-1-T/1',
      'h/mqx-1-T/0',
      'h/mqx-1-T/1',
      'h/mqx-1-U/0',
    ])
  })

  it('of different groups and topics differ, whatever characters a plan uses in names', () => {
    expect(queueName('a-b', 'c', 0)).not.toBe(queueName('a', 'b-c', 0))
    expect(queueName('a.b', 'c', 0)).not.toBe(queueName('a', 'b.c', 0))
  })
})
