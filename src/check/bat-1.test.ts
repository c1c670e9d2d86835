/** Hand-made histories for BAT-1, good and bad. */
import { describe, expect, it } from 'vitest'
import { judged, namesIn, sabotaged, story, type Story } from './testing/histories.ts'

/** A batch of three begins. */
const batch = (): Story => story().invoke(1, { batch: 1 }).invoke(2, { batch: 1 }).invoke(3, { batch: 1 })
const acked = (): Story => batch().ack(1, 4).ack(2, 5).ack(3, 6)

describe('BAT-1', () => {
  it('finds a batch side by side, in the order of its list', () => {
    const good = acked().audit([1, 2, 3], { min: 4 })
    expect(judged('BAT-1', good)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('BAT-1', good)?.anomalies.map(({ name }) => name)).toEqual(['torn'])
  })

  it('does not count dead letters, of which there may be some', () => {
    const letters = acked().audit([1, 2, 3], { min: 4 }).pull(1, 0, { topic: '%DLQ%g' }).pull(3, 1, { topic: '%DLQ%g' })
    expect(judged('BAT-1', letters).anomalies).toEqual([])
  })

  it('lets a batch be there twice, or not at all', () => {
    expect(namesIn('BAT-1', acked().audit([1, 2, 3, 9, 1, 2, 3], { min: 4 }))).toEqual([])
    expect(judged('BAT-1', batch().audit([]))).toEqual({ anomalies: [], evidence: null })
  })

  it('finds a batch of which a part is missing, also beside a whole one', () => {
    expect(judged('BAT-1', acked().fault('powerLoss').audit([1, 2], { min: 4 })).anomalies).toMatchObject([
      { name: 'torn', summary: 'the batch of m1 is there in part: 2 of 3 messages, at T:0@4, T:0@5', facts: { loss: 'powerLoss' } },
    ])
    expect(namesIn('BAT-1', acked().audit([1, 2, 3, 1, 2], { min: 4 }))).toEqual(['torn'])
  })

  it('finds what lies in another order, with something between, or in several queues', () => {
    expect(namesIn('BAT-1', acked().audit([2, 1, 3], { min: 4 }))).toEqual(['not consecutive'])
    expect(namesIn('BAT-1', acked().audit([1, 9, 2, 3], { min: 4 }))).toEqual(['not consecutive'])
    expect(namesIn('BAT-1', acked().audit([1, 2], { min: 4 }).audit([3], { queue: '1' }))).toEqual(['not consecutive'])
  })

  it('finds what was refused', () => {
    const refused = batch().refused(1, 'MESSAGE_ILLEGAL').refused(2, 'MESSAGE_ILLEGAL').refused(3, 'MESSAGE_ILLEGAL')
    expect(namesIn('BAT-1', refused.audit([1, 2, 3]))).toEqual(['refused and stored'])
  })

  it('says nothing of single messages, or where the audit was not finished', () => {
    expect(judged('BAT-1', story().sent(1, 0).audit([1])).evidence).toBeNull()
    const cut = acked().pull(1, 4).end('the audit is not finished')
    expect(judged('BAT-1', cut)).toMatchObject({ anomalies: [], unknown: 'the audit is not finished' })
  })
})
