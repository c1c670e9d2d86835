/** Hand-made histories of groups that want some messages: FLT-1 and FLT-2, and what other guarantees make of what is for others. */
import { describe, expect, it } from 'vitest'
import type { Event, Header } from '../history/event.ts'
import { seconds } from '../plan/units.ts'
import type { GuaranteeId } from './checker.ts'
import { DRAINED, HEADER, judged, namesIn, sabotaged, story, STUCK, type Story } from './testing/histories.ts'

const WANTS: Header = { ...HEADER, groups: [{ name: 'g', topics: ['T'], consumers: ['c1'], tags: 'Aa || b' }] }
const names = (id: GuaranteeId, told: Story, header: Header = WANTS): string[] => namesIn(id, told, DRAINED, header)
/** Message 1 is acknowledged at offset 0, and there at the end. */
const stored = (tag?: string): Story => story().invoke(1, { tag }).ack(1, 0)

describe('FLT-1', () => {
  it('is upheld where a wanted message is given, and progress moves past another', () => {
    const good = stored('Aa').invoke(2, { tag: 'BB' }).ack(2, 1).assign(0).consumed(1, 0).commit(2).audit([1, 2])
    expect(judged('FLT-1', good, DRAINED, WANTS)).toMatchObject({ anomalies: [], evidence: { chances: 2 } })
    expect(sabotaged('FLT-1', good, WANTS)?.anomalies.map(({ name }) => name)).toEqual(['missed'])
  })

  it('is violated where a listener is given another tag, even one of the same hash, or none', () => {
    for (const tag of ['BB', 'a', undefined]) {
      const bad = stored(tag).assign(0).consumed(1, 0).commit(1).audit([1])
      expect(names('FLT-1', bad)).toEqual(['unwanted'])
    }
    const other = stored('BB').assign(0).commit(1).audit([1])
    expect(names('FLT-1', other)).toEqual([])
    expect(sabotaged('FLT-1', other, WANTS)?.anomalies.map(({ name }) => name)).toEqual(['unwanted'])
  })

  it('is violated where a wanted message is never given, once the run has come to rest', () => {
    const bad = stored('b').assign(0).commit(1).audit([1])
    expect(names('FLT-1', bad)).toEqual(['missed'])
    expect(namesIn('FLT-1', bad, STUCK, WANTS)).toEqual([])
  })

  it('is violated where progress stays before what is for others', () => {
    expect(names('FLT-1', stored('a').assign(0).audit([1]))).toEqual(['stuck'])
    const untold: Header = { ...WANTS, records: WANTS.records.filter((kind) => kind !== 'commit') }
    expect(names('FLT-1', stored('a').assign(0).audit([1]), untold)).toEqual([])
    const asking: Header = { ...WANTS, groups: [{ name: 'g', topics: ['T'], consumers: ['c1'], tags: 'b', consumption: 'pull' }] }
    expect(names('FLT-1', stored('a').assign(0).audit([1]), asking)).toEqual([])
  })

  it('says who shares the name of a group and wants something else', () => {
    const shared: Header = { ...WANTS, groups: [...WANTS.groups, { name: 'g', topics: ['T'], consumers: ['c2'], tags: 'c' }] }
    const bad = judged('FLT-1', stored('b').wait(seconds(1)).assign(0).commit(1).audit([1]), DRAINED, shared)
    expect(bad.anomalies.map(({ name, facts }) => [name, facts['filters']])).toEqual([['missed', 'several']])
  })

  it('asks nothing where nobody chooses', () => {
    expect(judged('FLT-1', stored('b').consumed(1, 0).audit([1]), DRAINED, HEADER).notExercised).toMatch(/no group chooses/)
  })
})

const SELECTS: Header = { ...HEADER, groups: [{ name: 'g', topics: ['T'], consumers: ['c1'], selector: 'amount > 100' }] }
/** Message 1 says of itself how much it is about. */
const about = (amount?: string): Story =>
  story()
    .invoke(1, { properties: amount === undefined ? undefined : { amount } })
    .ack(1, 0)

describe('FLT-2', () => {
  it('is upheld where what a selector is true for is given, and nothing else', () => {
    const good = about('101').assign(0).consumed(1, 0).commit(1).audit([1])
    expect(judged('FLT-2', good, DRAINED, SELECTS)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('FLT-2', good, SELECTS)?.anomalies.map(({ name }) => name)).toEqual(['missed'])
    for (const amount of ['100', 'many', undefined]) {
      expect(names('FLT-2', about(amount).assign(0).commit(1).audit([1]), SELECTS)).toEqual([])
      expect(names('FLT-2', about(amount).assign(0).consumed(1, 0).commit(1).audit([1]), SELECTS)).toEqual(['unwanted'])
    }
    expect(names('FLT-2', about('101').assign(0).commit(1).audit([1]), SELECTS)).toEqual(['missed'])
  })

  it('is violated where nonsense is taken, or sense refused; and who was refused is owed nothing', () => {
    const nonsense: Header = { ...SELECTS, groups: [{ name: 'g', topics: ['T'], consumers: ['c1'], selector: 'amount >' }] }
    const told = (type: 'ok' | 'fail', selector: string): { events: Event[] } => {
      const { events } = about('101').audit([1])
      const v = { group: 'g', selector, reason: '' }
      return { events: [{ i: -1, t: 0, p: 'c1', type, f: 'subscribe', op: 900, v }, ...events] }
    }
    const found = (id: GuaranteeId, from: { events: Event[] }, header: Header): string[] =>
      judged(id, from, DRAINED, header).anomalies.map(({ name }) => name)
    expect(found('FLT-2', told('ok', 'amount >'), nonsense)).toEqual(['accepted'])
    expect(found('FLT-2', told('fail', 'amount >'), nonsense)).toEqual([])
    expect(sabotaged('FLT-2', told('fail', 'amount >'), nonsense)?.anomalies.map(({ name }) => name)).toEqual(['accepted'])
    expect(found('FLT-2', told('fail', 'amount > 100'), SELECTS)).toEqual(['refused'])
    expect(found('ALO-1', told('fail', 'amount > 100'), SELECTS)).toEqual([])
  })
})

describe('what is for others', () => {
  const passed = stored('a').invoke(2, { tag: 'b' }).ack(2, 1).assign(0).consumed(2, 1).commit(2).audit([1, 2])

  it('is no duty, and no unfinished work', () => {
    for (const id of ['ALO-1', 'ALO-2', 'ALO-3'] as const) expect(names(id, passed), id).toEqual([])
    expect(sabotaged('ALO-2', passed, WANTS)?.anomalies.map(({ name }) => name)).toEqual(['passed unfinished'])
    expect(names('ALO-1', stored('b').assign(0).commit(1).audit([1]))).toEqual(['not delivered'])
  })
})
