/** Hand-made histories for IDM-1 and IDM-2, good and bad. */
import { describe, expect, it } from 'vitest'
import type { Header } from '../history/event.ts'
import { DRAINED, HEADER, judged, namesIn, sabotaged, story, STUCK } from './testing/histories.ts'

const header: Header = {
  ...HEADER,
  groups: [{ name: 'g', topics: ['T'], consumers: ['c1', 'c2'], receiver: { recipe: 'transaction', by: 'key' } }],
}

describe('IDM-1', () => {
  it('finds one effect for each key and for each message without one', () => {
    const good = story().sent(1, 0, { key: 'k' }).sent(2, 1, { key: 'k' }).sent(3, 2)
    good.deliver(1, 0).effect(1, 'k').finish(1, 0).consumed(2, 1).deliver(3, 2).effect(3).finish(3, 2)
    expect(judged('IDM-1', good, DRAINED, header)).toMatchObject({ anomalies: [], evidence: { chances: 2 } })
    expect(sabotaged('IDM-1', good, header)?.anomalies.map(({ name }) => name)).toEqual(['repeated effect'])
  })

  it('tells whether one send was acted on twice, or two', () => {
    const again = story().sent(1, 0, { key: 'k', text: 'pay' }).effect(1, 'k').effect(1, 'k')
    expect(judged('IDM-1', again, DRAINED, header).anomalies).toMatchObject([
      { summary: '"pay" (k) had a second effect in g', facts: { recipe: 'transaction', by: 'key', sameSend: true } },
    ])
    const two = story().sent(1, 0, { key: 'k' }).sent(2, 1, { key: 'k' }).effect(1, 'k').effect(2, 'k')
    expect(judged('IDM-1', two, DRAINED, header).anomalies).toMatchObject([{ facts: { message: 2, sameSend: false } }])
  })

  it('counts for each group by itself', () => {
    const both = story().sent(1, 0, { key: 'k' }).effect(1, 'k').effect(1, 'k', { group: 'h' })
    expect(namesIn('IDM-1', both, DRAINED, header)).toEqual([])
  })

  it('misses the effect of what was finished, once the run has come to rest', () => {
    const lost = story().sent(1, 0, { key: 'k' }).consumed(1, 0).sent(2, 1).deliver(2, 1).effect(2).finish(2, 1)
    expect(judged('IDM-1', lost, DRAINED, header).anomalies).toMatchObject([{ name: 'lost effect', facts: { message: 1, key: 'k' } }])
    expect(judged('IDM-1', lost, STUCK, header)).toMatchObject({ anomalies: [], unknown: 'the run did not drain: a sentinel is missing' })
  })

  it('asks nothing of what was not finished, nor of a group whose effects nobody records', () => {
    const open = story().sent(1, 0, { key: 'k' }).deliver(1, 0).finish(1, 0, { result: 'fail' })
    expect(namesIn('IDM-1', open, DRAINED, header)).toEqual([])
    expect(namesIn('IDM-1', story().sent(1, 0).consumed(1, 0))).toEqual([])
  })
})

describe('IDM-2', () => {
  it('finds one id for each send, and one record at each place', () => {
    const good = story().sent(1, 0).deliver(1, 0, { broker: 'b1', nth: 0 }).deliver(1, 0, { broker: 'b1', nth: 0 })
    expect(judged('IDM-2', good)).toMatchObject({ anomalies: [], evidence: { chances: 2 } })
    expect(sabotaged('IDM-2', good)?.anomalies.map(({ name }) => name)).toEqual(['id changed'])
  })

  it('lets a second copy have a place of its own', () => {
    expect(namesIn('IDM-2', story().sent(1, 0).deliver(1, 3, { broker: 'b1', nth: 7 }))).toEqual([])
  })

  it('finds an id that changes, or that two sends share', () => {
    expect(namesIn('IDM-2', story().sent(1, 0).deliver(1, 0, { msgId: 'other' }))).toEqual(['id changed'])
    expect(namesIn('IDM-2', story().sent(1, 0, { msgId: 'x' }).sent(2, 1, { msgId: 'x' }))).toEqual(['id reused'])
  })

  it('says what struck between two records at one place', () => {
    const told = story().sent(1, 0).fault('powerLoss').sent(2, 0)
    expect(judged('IDM-2', told).anomalies).toMatchObject([
      { name: 'offset id reused', facts: { earlier: 1, message: 2, loss: 'powerLoss' } },
    ])
    expect(judged('IDM-2', story().sent(1, 0).sent(2, 0)).anomalies).toMatchObject([{ facts: { loss: 'none' } }])
    expect(namesIn('IDM-2', story().sent(1, 0).sent(2, 0, { broker: 'b2' }))).toEqual([])
  })

  it('is not exercised where no ids are shown', () => {
    const bare = story().sent(1, 0).consumed(1, 0)
    const events = bare.events.map((event) => {
      if ((event.type === 'ok' && event.f === 'send') || (event.type === 'invoke' && event.f === 'consume'))
        return { ...event, v: { ...event.v, msgId: undefined } } as typeof event
      return event
    })
    expect(judged('IDM-2', { events })).toMatchObject({ anomalies: [], evidence: null, notExercised: 'the history shows no msgId' })
  })
})
