/** Hand-made histories for ORD-1 and ORD-2, good and bad. */
import { describe, expect, it } from 'vitest'
import { judged, namesIn, sabotaged, story, type Story } from './testing/histories.ts'

describe('ORD-1', () => {
  it('finds rising offsets in order', () => {
    const good = story().sent(1, 0).sent(2, 1).sent(3, 2)
    expect(judged('ORD-1', good)).toMatchObject({ anomalies: [], evidence: { chances: 2 } })
    expect(sabotaged('ORD-1', good)?.anomalies).toHaveLength(1)
  })

  it('compares only what was acknowledged before the other send began', () => {
    const concurrent = story().invoke(1).invoke(2).ack(2, 0).ack(1, 1)
    expect(judged('ORD-1', concurrent)).toEqual({ anomalies: [], evidence: null })
    expect(sabotaged('ORD-1', concurrent)).toBeNull()
  })

  it('compares only within a queue', () => {
    expect(judged('ORD-1', story().sent(1, 5).sent(2, 0, { queue: '1' }).sent(3, 0, { topic: 'U' })).evidence).toBeNull()
  })

  it('names both messages', () => {
    const bad = story().sent(1, 4, { text: 'first' }).sent(2, 3, { text: 'second' })
    expect(judged('ORD-1', bad).anomalies[0]).toMatchObject({
      name: 'reordered',
      summary: '"first" was acknowledged at T:0@4 before "second" was sent, which got T:0@3',
      facts: { message: 2, earlier: 1, loss: 'none' },
      events: [1, 3],
    })
  })

  it('says which loss lies between, and finds a disorder that no loss explains behind one', () => {
    const lost = story().sent(1, 4).fault('powerLoss').sent(2, 3)
    expect(judged('ORD-1', lost).anomalies.map((anomaly) => anomaly.facts['loss'])).toEqual(['powerLoss'])
    expect(judged('ORD-1', lost.sent(3, 2)).anomalies.map((anomaly) => anomaly.facts['loss'])).toEqual(['powerLoss', 'none'])
  })

  it('counts a loss from the send on: an acknowledgement may still be on the wire when power goes', () => {
    const late = story().invoke(1).fault('powerLoss').ack(1, 4).sent(2, 3)
    expect(judged('ORD-1', late).anomalies[0]?.facts['loss']).toBe('powerLoss')
  })

  it('leaves out halves, whose offset is in another queue', () => {
    expect(judged('ORD-1', story().sent(1, 4).invoke(2, { half: true }).ack(2, 0)).anomalies).toEqual([])
  })
})

describe('ORD-2', () => {
  it('finds one message at each place', () => {
    const good = story().sent(1, 0).sent(2, 1).consumed(1, 0).audit([1, 2])
    expect(judged('ORD-2', good)).toMatchObject({ anomalies: [], evidence: { chances: 3 } })
    expect(sabotaged('ORD-2', good)?.anomalies.map((anomaly) => anomaly.name)).toContain('offset reused')
  })

  it('is not exercised where nothing is read again', () => {
    expect(judged('ORD-2', story().sent(1, 0)).evidence).toBeNull()
    expect(sabotaged('ORD-2', story().sent(1, 0))).toBeNull()
  })

  it('finds an offset that was given away twice', () => {
    const bad = story().sent(1, 0).fault('powerLoss').sent(2, 0).audit([2])
    expect(judged('ORD-2', bad).anomalies).toMatchObject([
      { name: 'offset reused', summary: 'T:0@0 held m1 and then m2', facts: { loss: 'powerLoss' } },
    ])
  })

  it('does not take a delivery of what was read before for another change', () => {
    const buffered = story().sent(1, 0).fault('powerLoss').sent(2, 0).consumed(1, 0).consumed(2, 0)
    expect(namesIn('ORD-2', buffered)).toEqual(['offset reused'])
  })

  it('lets a record that nobody saw go with the power, and not without', () => {
    const unseen = story().invoke(1).append(1, 0).fault('powerLoss').recovered(0).invoke(2).append(2, 0).ack(2, 0).audit([2])
    expect(namesIn('ORD-2', unseen)).toEqual([])
    expect(namesIn('ORD-2', story().invoke(1).append(1, 0).fault('processKill').recovered(0).append(2, 0))).toEqual(['offset reused'])
    expect(namesIn('ORD-2', story().invoke(1).append(1, 0).dispatch(0).fault('powerLoss').recovered(0).append(2, 0))).toEqual([
      'offset reused',
    ])
  })

  it('lets a record go that a master since has never had, and not where nobody else was master', () => {
    const unseen = (): Story => story().elected('b1', 1).invoke(1).append(1, 0)
    expect(namesIn('ORD-2', unseen().elected('b1s', 2).elected('b1', 3).append(2, 0))).toEqual([])
    expect(namesIn('ORD-2', unseen().elected('b1', 2).append(2, 0))).toEqual(['offset reused'])
  })

  it('finds a gap in what the auditor reads, and in what the broker gives away', () => {
    expect(judged('ORD-2', story().pull(1, 0).pull(3, 2).audited(0, 3)).anomalies[0]?.summary).toBe(
      'T:0 has a gap: offset 1 holds nothing, although the queue goes on',
    )
    expect(namesIn('ORD-2', story().pull(1, 0).audited(0, 3))).toEqual(['gap'])
    expect(namesIn('ORD-2', story().append(1, 0).append(2, 2))).toEqual(['gap'])
    const cut = () => story().append(1, 0).append(2, 1).fault('powerLoss').recovered(100)
    expect(namesIn('ORD-2', cut().append(3, 1))).toEqual([])
    expect(namesIn('ORD-2', cut().append(3, 2, { nth: 1 }))).toEqual(['gap'])
  })

  it('takes any loss for an explanation where the broker of a queue is not known', () => {
    const unknown = story().deliver(1, 0, { queue: '7' }).fault('powerLoss', 'b2').deliver(2, 0, { queue: '7' })
    expect(judged('ORD-2', unknown).anomalies).toMatchObject([{ facts: { broker: '', loss: 'powerLoss' } }])
  })

  it('finds a content that changes', () => {
    expect(namesIn('ORD-2', story().sent(1, 0).consumed(1, 0).pull(1, 0, { digest: 5 }))).toEqual(['changed'])
  })
})
