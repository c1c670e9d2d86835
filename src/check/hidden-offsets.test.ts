/** Hand-made histories of brokers that show no offsets: what counts is which messages the auditor finds, and in which order. */
import { describe, expect, it } from 'vitest'
import { stripHeader } from './strip.ts'
import { DRAINED, HEADER, judged, namesIn, sabotaged, story, type Story } from './testing/histories.ts'

const NONE = -1
const sends = (...ops: readonly number[]): Story => ops.reduce((told, op) => told.sent(op, NONE), story())
const foreign = stripHeader(HEADER)

describe('ORD-1', () => {
  it('is judged by where the auditor finds the messages', () => {
    const good = sends(1, 2, 3).audit([1, 2, 3])
    expect(judged('ORD-1', good)).toMatchObject({ anomalies: [], evidence: { chances: 2 } })
    expect(sabotaged('ORD-1', good)?.anomalies).not.toEqual([])
  })

  it('finds a message before one that was acknowledged before it was sent', () => {
    expect(judged('ORD-1', sends(1, 2, 3).audit([1, 3, 2])).anomalies).toMatchObject([
      {
        name: 'reordered',
        summary: 'm2 was acknowledged before m3 was sent, and lies behind it in T:0',
        facts: { message: 3, earlier: 2 },
      },
    ])
  })

  it('lets concurrent messages lie in any order, and does not miss those that were lost', () => {
    expect(judged('ORD-1', story().invoke(1).invoke(2).ack(1, NONE).ack(2, NONE).audit([2, 1]))).toEqual({ anomalies: [], evidence: null })
    expect(namesIn('ORD-1', sends(1, 2, 3).audit([1, 3]))).toEqual([])
  })

  it('compares within the queue in which the messages are found, where acknowledgements show none', () => {
    const unknown = { queue: '' }
    const told = story().sent(1, NONE, unknown).sent(2, NONE, unknown).sent(3, NONE, unknown)
    expect(namesIn('ORD-1', told.audit([1, 3]).audit([2], { queue: '1' }))).toEqual([])
    expect(namesIn('ORD-1', story().sent(1, NONE, unknown).sent(2, NONE, unknown).audit([2, 1]))).toEqual(['reordered'])
  })
})

describe('ORD-2', () => {
  it('has nothing to compare', () => {
    expect(judged('ORD-2', sends(1, 2).consumed(1, NONE).consumed(2, NONE).audit([1, 2]))).toEqual({ anomalies: [], evidence: null })
  })
})

describe('ALO-1 and ALO-5', () => {
  it('go by the message', () => {
    const good = sends(1, 2).consumed(1, NONE).consumed(2, NONE)
    expect(namesIn('ALO-1', good)).toEqual([])
    expect(judged('ALO-5', good)).toMatchObject({ anomalies: [], evidence: { chances: 2 } })
    expect(namesIn('ALO-1', sends(1, 2).consumed(2, NONE))).toEqual(['not delivered'])
    expect(namesIn('ALO-5', good.consumed(1, NONE))).toEqual(['delivered twice'])
  })

  it('see a message that is stored twice', () => {
    expect(namesIn('ALO-5', sends(1, 2).consumed(1, NONE).audit([1, 2, 1]))).toEqual(['stored twice'])
  })
})

describe('DUR-1 and DUR-2', () => {
  it('look for the message anywhere in its queue', () => {
    const kept = sends(1, 2).fault('processKill').audit([2, 1])
    expect(judged('DUR-1', kept)).toMatchObject({ anomalies: [], evidence: { chances: 2 } })
    expect(sabotaged('DUR-1', kept)?.anomalies.map(({ name }) => name)).toEqual(['lost'])
    expect(namesIn('DUR-1', sends(1, 2).fault('processKill').audit([1]))).toEqual(['lost'])
    expect(namesIn('DUR-2', sends(1, 2).fault('processKill').audit([1]))).toEqual(['lost without power loss'])
  })

  it('look in all queues of the topic where the acknowledgement shows none', () => {
    const unknown = { queue: '' }
    const told = story().sent(1, NONE, unknown).sent(2, NONE, unknown).fault('processKill')
    expect(namesIn('DUR-1', told.audit([], { queue: '0' }).audit([1], { queue: '1' }))).toEqual(['lost'])
  })

  it('do not miss what may lie in a queue that was not read to its end', () => {
    const unknown = { queue: '' }
    const told = story().sent(1, NONE, unknown).fault('processKill').audit([]).end('the audit is not finished')
    for (const id of ['DUR-1', 'DUR-2', 'DUR-4'] as const) expect(judged(id, told, DRAINED, foreign).anomalies).toEqual([])
    expect(judged('DUR-1', told).unknown).toBe('T was not audited')
  })

  it('let a power loss of any broker take what nobody knows the broker of', () => {
    expect(namesIn('DUR-2', story().sent(1, NONE, { broker: '' }).fault('powerLoss').audit([]))).toEqual([])
  })

  it('see no hole where the queues are not known', () => {
    const unknown = { queue: '' }
    const told = story().sent(1, NONE, unknown).sent(2, NONE, unknown).sent(3, NONE, unknown).fault('powerLoss')
    expect(namesIn('DUR-2', told.audit([1, 3]))).toEqual([])
  })

  it('take a loss before a survivor, in the order of sending, for a hole', () => {
    expect(namesIn('DUR-2', sends(1, 2, 3).fault('powerLoss').audit([1, 3]))).toEqual(['hole'])
    expect(namesIn('DUR-2', sends(1, 2, 3).fault('powerLoss').audit([1]))).toEqual([])
    const concurrent = story().invoke(1).invoke(2).ack(1, NONE).ack(2, NONE).fault('powerLoss').audit([2])
    expect(namesIn('DUR-2', concurrent)).toEqual([])
  })
})

describe('DUR-4', () => {
  const names = (told: Story, success?: readonly string[]): string[] =>
    judged('DUR-4', told, DRAINED, { ...foreign, success }).anomalies.map(({ name }) => name)

  it('finds what was acknowledged where nothing had gone wrong', () => {
    const good = sends(1, 2).audit([1, 2])
    expect(judged('DUR-4', good, DRAINED, foreign)).toMatchObject({ anomalies: [], evidence: { chances: 2 } })
    expect(names(sends(1, 2).audit([1]))).toEqual(['acknowledged and never stored'])
    expect(names(sends(1, 2).consumed(2, NONE).audit([1]))).toEqual([])
    expect(names(sends(1, 2).fault('processKill').audit([1]))).toEqual([])
  })

  it('reads the word of the acknowledgement', () => {
    expect(names(sends(1).audit([1]), ['SEND_OK'])).toEqual([])
    expect(names(sends(1).audit([1]), ['CONFIRMED'])).toEqual(['status contradicts'])
  })

  it('does not find what was refused', () => {
    expect(names(story().invoke(1).refused(1, 'disk full').audit([]))).toEqual([])
    expect(names(story().invoke(1).refused(1, 'disk full').audit([1]))).toEqual(['refused and stored'])
  })
})
