/** How topics, groups and queue numbers become names of AMQP, and how a name never stands for two things. */
import { describe, expect, it } from 'vitest'
import { allQueues, queuesOf } from './names.ts'

const TOPICS = [
  { topic: 'mqx-1-T', queues: 2 },
  { topic: 'mqx-1-U', queues: 1 },
]

describe('real queues', () => {
  it('are one for each number of each topic, for each group that wants it', () => {
    expect(queuesOf('quorum', 'g', TOPICS).map(({ name }) => name)).toEqual(['g/mqx-1-T/0', 'g/mqx-1-T/1', 'g/mqx-1-U/0'])
    const groups = [
      { group: 'g', topics: ['mqx-1-T'] },
      { group: 'h', topics: ['mqx-1-U', 'mqx-1-T'] },
      { group: 'i', topics: ['elsewhere'] },
    ]
    expect(allQueues('quorum', TOPICS, groups).map(({ name }) => name)).toEqual([
      'g/mqx-1-T/0',
      'g/mqx-1-T/1',
      'h/mqx-1-T/0',
      'h/mqx-1-T/1',
      'h/mqx-1-U/0',
    ])
  })

  it('of different groups and topics differ, whatever characters a plan uses in names', () => {
    const nameOf = (group: string, topic: string): string | undefined => queuesOf('quorum', group, [{ topic, queues: 1 }])[0]?.name
    expect(nameOf('a-b', 'c')).not.toBe(nameOf('a', 'b-c'))
    expect(nameOf('a.b', 'c')).not.toBe(nameOf('a', 'b.c'))
  })

  it('are shared by all groups where they are streams, each with a place of its own', () => {
    const both = allQueues('stream', TOPICS.slice(1), [
      { group: 'g', topics: ['mqx-1-U'] },
      { group: 'h', topics: ['mqx-1-U'] },
    ])
    expect(both.map(({ name }) => name)).toEqual(['mqx-1-U/0', 'mqx-1-U/0'])
    expect(new Set(both.map(({ place }) => place)).size).toBe(2)
  })
})
