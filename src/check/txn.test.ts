/** Hand-made histories for TXN-1 and TXN-2, good and bad. */
import { describe, expect, it } from 'vitest'
import { stripHeader } from './strip.ts'
import { DRAINED, HEADER, judged, namesIn, sabotaged, story, STUCK } from './testing/histories.ts'

const half = (text = '') => story().invoke(1, { half: true, text }).ack(1, 0)

describe('TXN-1', () => {
  it('finds halves unseen until their commit', () => {
    const good = half().endTxn(1, 'commit').consumed(1, 0).audit([1])
    expect(judged('TXN-1', good)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('TXN-1', good)?.anomalies.map((anomaly) => anomaly.name)).toEqual(['half visible'])
  })

  it('is not exercised without a half that somebody could read', () => {
    const alone = story().invoke(1, { half: true, topic: 'U' }).ack(1, 0)
    for (const idle of [story().sent(1, 0), story().invoke(1, { half: true }).maybe(1), alone]) {
      expect(judged('TXN-1', idle).evidence).toBeNull()
      expect(sabotaged('TXN-1', idle)).toBeNull()
    }
  })

  it('finds a half that was delivered, or that the auditor read', () => {
    expect(judged('TXN-1', half('first').consumed(1, 0)).anomalies[0]?.summary).toBe(
      '"first" (T:0@0) was delivered to g before anybody had committed it',
    )
    expect(namesIn('TXN-1', half().endTxn(1, 'unknown').audit([1]))).toEqual(['half visible'])
    expect(namesIn('TXN-1', half().endTxn(1, 'rollback').consumed(1, 0).consumed(1, 0))).toEqual(['half visible'])
  })
})

describe('TXN-2', () => {
  const committed = () => half('first').endTxn(1, 'commit').consumed(1, 0).audit([1])

  it('finds a committed message everywhere', () => {
    expect(judged('TXN-2', committed())).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('TXN-2', committed())?.anomalies.map((anomaly) => anomaly.name)).toEqual(['delivered twice'])
  })

  it('finds a rolled back message nowhere', () => {
    const good = half().endTxn(1, 'rollback').audit([])
    expect(judged('TXN-2', good)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('TXN-2', good)?.anomalies.map((anomaly) => anomaly.name)).toEqual(['rolled back but visible'])
  })

  it('asks nothing of a half that nobody decided', () => {
    const open = half().endTxn(1, 'unknown').check(1, 'unknown')
    expect(judged('TXN-2', open)).toEqual({ anomalies: [], evidence: null })
    expect(sabotaged('TXN-2', open)).toBeNull()
  })

  it('takes the answer to a check for the outcome', () => {
    expect(judged('TXN-2', half('first').check(1, 'commit').endTxn(1, 'commit', true)).anomalies).toMatchObject([
      {
        name: 'committed but not delivered',
        summary: '"first" was committed and never delivered to g',
        facts: { group: 'g', inAudit: false },
      },
    ])
  })

  it('finds a commit that is gone from the queue, or was given up', () => {
    expect(judged('TXN-2', half().endTxn(1, 'commit').consumed(1, 0).audit([])).anomalies).toMatchObject([
      { facts: { group: '', visible: true } },
    ])
    expect(judged('TXN-2', half().endTxn(1, 'commit').discarded(1, 15)).anomalies).toMatchObject([
      { facts: { discarded: true, checks: 15 } },
    ])
  })

  it('finds what was rolled back and shown, or committed twice', () => {
    expect(namesIn('TXN-2', half().endTxn(1, 'rollback').consumed(1, 0))).toEqual(['rolled back but visible'])
    expect(judged('TXN-2', committed().consumed(1, 1).consumed(1, 2)).anomalies).toMatchObject([
      { name: 'delivered twice', facts: { faults: 0 } },
    ])
  })

  it('does not call a redelivery from the same place a second commit', () => {
    expect(namesIn('TXN-2', committed().consumed(1, 0))).toEqual([])
  })

  it('says when clients contradicted one another, and asks for the first outcome', () => {
    expect(judged('TXN-2', half().endTxn(1, 'commit').endTxn(1, 'rollback', true)).anomalies).toMatchObject([
      { facts: { contradicted: true } },
    ])
    expect(namesIn('TXN-2', half().endTxn(1, 'rollback').endTxn(1, 'commit', true).consumed(1, 0))).toEqual([])
  })

  it('believes the local transaction, where it is seen, more than what anybody was told', () => {
    expect(namesIn('TXN-2', half().local(1, 'commit').endTxn(1, 'rollback').audit([]))).toEqual(['committed but not delivered'])
    expect(namesIn('TXN-2', half().local(1, 'rollback').check(1, 'commit').endTxn(1, 'commit', true).consumed(1, 0))).toEqual([
      'rolled back but visible',
    ])
    expect(sabotaged('TXN-2', half().local(1, 'rollback'))?.anomalies.map((anomaly) => anomaly.name)).toEqual(['rolled back but visible'])
  })

  it('claims nothing about discards that the history does not record', () => {
    const header = stripHeader(HEADER)
    expect(judged('TXN-2', half().endTxn(1, 'commit'), DRAINED, header).anomalies[0]?.facts).not.toHaveProperty('discarded')
    expect(judged('TXN-2', half().endTxn(1, 'commit')).anomalies[0]?.facts['discarded']).toBe(false)
  })

  it('asks for delivery of what a client committed of its own accord, although its half was never acknowledged', () => {
    const early = story().invoke(1, { half: true }).maybe(1)
    expect(namesIn('TXN-2', early.endTxn(1, 'commit'))).toEqual(['committed but not delivered'])
    expect(namesIn('TXN-2', story().invoke(1, { half: true }).maybe(1).endTxn(1, 'commit', true))).toEqual([])
  })

  it('judges delivery only when drained, and wrong visibility always', () => {
    expect(judged('TXN-2', half().endTxn(1, 'commit'), STUCK)).toMatchObject({
      anomalies: [],
      unknown: 'the run did not drain: a sentinel is missing',
    })
    expect(judged('TXN-2', half().endTxn(1, 'rollback').consumed(1, 0), STUCK).anomalies).toHaveLength(1)
  })

  it('needs nobody but the auditor', () => {
    const header = { ...HEADER, groups: [] }
    expect(judged('TXN-2', half().endTxn(1, 'commit').audit([]), DRAINED, header).anomalies).toMatchObject([{ facts: { group: '' } }])
  })
})
