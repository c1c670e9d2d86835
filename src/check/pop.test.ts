/** Hand-made histories of groups that pop, good and bad: ALO-1 to ALO-5, ORD-3, RBL-2. */
import { describe, expect, it } from 'vitest'
import { ms } from '../plan/units.ts'
import type { GuaranteeId } from './checker.ts'
import { DRAINED, judged, namesIn, POPPING, sabotaged, story, type Story } from './testing/histories.ts'

const RETRY = '%RETRY%g_T'
const HIDDEN = { hiddenForUs: ms(100), broker: 'b1' }
const AGAIN = { ...HIDDEN, topic: RETRY, attempt: 1 }

const names = (id: GuaranteeId, told: Story): string[] => namesIn(id, told, DRAINED, POPPING)
const chances = (id: GuaranteeId, told: Story): number => judged(id, told, DRAINED, POPPING).evidence?.chances ?? 0

/** Sent, taken and finished. */
const worked = (): Story => story().sent(1, 0).deliver(1, 0, HIDDEN).finish(1, 0)
/** Acknowledged, too. */
const acked = (): Story => worked().acks(1, 0)
/** Taken, and failed. */
const failed = (): Story => story().sent(1, 0).deliver(1, 0, HIDDEN).finish(1, 0, { result: 'fail' })

describe('what was popped', () => {
  it('may come again from the retry topic when its time is over, and is the same message', () => {
    const good = failed().wait(ms(100)).deliver(1, 0, AGAIN).finish(1, 0, { topic: RETRY }).acks(1, 0, { topic: RETRY })
    for (const id of ['ALO-1', 'ALO-2', 'ALO-3', 'ALO-4', 'ALO-5'] as const) expect(names(id, good), id).toEqual([])
    expect(chances('ALO-1', good)).toBe(1)
  })

  it('is finished by nobody when it does not', () => {
    expect(names('ALO-1', failed())).toEqual(['not delivered'])
    expect(judged('ALO-1', failed(), DRAINED, POPPING).anomalies[0]?.facts['pop']).toBe(true)
  })

  it('has no owner', () => {
    expect(judged('RBL-2', acked(), DRAINED, POPPING)).toMatchObject({ anomalies: [] })
  })
})

describe('ALO-2', () => {
  it('wants what is acknowledged to be finished', () => {
    expect(names('ALO-2', acked())).toEqual([])
    expect(names('ALO-2', story().sent(1, 0).deliver(1, 0, HIDDEN).acks(1, 0).finish(1, 0))).toEqual(['acknowledged unfinished'])
    expect(names('ALO-2', failed().acks(1, 0))).toEqual(['acknowledged unfinished'])
  })

  it('can be told a lie', () => {
    expect(sabotaged('ALO-2', acked(), POPPING)?.anomalies.map(({ name }) => name)).toEqual(['acknowledged unfinished'])
  })
})

describe('ALO-3', () => {
  it('finds what comes again although it was acknowledged in time', () => {
    expect(names('ALO-3', acked().wait(ms(200)).deliver(1, 0, AGAIN))).toEqual(['redelivered acknowledged'])
    expect(names('ALO-3', worked().acks(1, 0, { taken: false }).wait(ms(200)).deliver(1, 0, AGAIN))).toEqual([])
    expect(names('ALO-3', worked().wait(ms(200)).acks(1, 0).deliver(1, 0, AGAIN))).toEqual([])
  })

  it('finds what comes again while it is hidden', () => {
    expect(names('ALO-3', failed().deliver(1, 0, AGAIN))).toEqual(['redelivered early'])
    expect(names('ALO-3', failed().hides(1, 0, ms(10)).wait(ms(10)).deliver(1, 0, AGAIN))).toEqual([])
    expect(names('ALO-3', failed().hides(1, 0, ms(900)).wait(ms(200)).deliver(1, 0, AGAIN))).toEqual(['redelivered early'])
  })

  it('finds what is taken from its own place twice, unless the group pops in order', () => {
    const twice = failed().wait(ms(200)).deliver(1, 0, HIDDEN)
    expect(names('ALO-3', twice)).toEqual(['regressed'])
    const inOrder = { ...POPPING, groups: POPPING.groups.map((group) => ({ ...group, listener: 'orderly' as const })) }
    expect(namesIn('ALO-3', twice, DRAINED, inOrder)).toEqual([])
  })

  it('says whether the broker was away', () => {
    const bad = acked().fault('processKill', 'b1').wait(ms(200)).deliver(1, 0, AGAIN)
    expect(judged('ALO-3', bad, DRAINED, POPPING).anomalies).toMatchObject([{ facts: { crashed: true, pop: true } }])
  })

  it('does not judge what was stored twice, or hidden too late', () => {
    expect(names('ALO-3', acked().deliver(1, 1, HIDDEN))).toEqual([])
    const late = failed().wait(ms(200)).hides(1, 0, ms(100)).deliver(1, 0, AGAIN).deliver(1, 1, AGAIN)
    expect(names('ALO-3', late)).toEqual([])
  })

  it('can be told a lie', () => {
    expect(chances('ALO-3', acked())).toBe(1)
    expect(sabotaged('ALO-3', acked(), POPPING)?.anomalies.map(({ name }) => name)).toEqual(['redelivered acknowledged'])
    expect(sabotaged('ALO-3', worked(), POPPING)).toBeNull()
  })
})

describe('ALO-5', () => {
  it('finds a second delivery without a reason', () => {
    expect(names('ALO-5', acked().wait(ms(200)).deliver(1, 0, AGAIN))).toEqual(['delivered twice'])
    expect(names('ALO-5', worked().wait(ms(200)).deliver(1, 0, AGAIN))).toEqual([])
  })
})

describe('ORD-3', () => {
  const inOrder = { ...POPPING, groups: POPPING.groups.map((group) => ({ ...group, listener: 'orderly' as const })) }

  it('lets a message be taken over when its time is over, not before', () => {
    const taken = (): Story => story().sent(1, 0).deliver(1, 0, HIDDEN)
    expect(namesIn('ORD-3', taken().deliver(1, 0, { ...HIDDEN, p: 'c2' }), DRAINED, inOrder)).toEqual(['overlap'])
    expect(
      namesIn(
        'ORD-3',
        taken()
          .wait(ms(100))
          .deliver(1, 0, { ...HIDDEN, p: 'c2' }),
        DRAINED,
        inOrder,
      ),
    ).toEqual([])
  })
})
