/** Hand-made histories of groups that want some messages: FLT-1, and what other guarantees make of what is for others. */
import { describe, expect, it } from 'vitest'
import type { Header } from '../history/event.ts'
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

describe('what is for others', () => {
  const passed = stored('a').invoke(2, { tag: 'b' }).ack(2, 1).assign(0).consumed(2, 1).commit(2).audit([1, 2])

  it('is no duty, and no unfinished work', () => {
    for (const id of ['ALO-1', 'ALO-2', 'ALO-3'] as const) expect(names(id, passed), id).toEqual([])
    expect(sabotaged('ALO-2', passed, WANTS)?.anomalies.map(({ name }) => name)).toEqual(['passed unfinished'])
    expect(names('ALO-1', stored('b').assign(0).commit(1).audit([1]))).toEqual(['not delivered'])
  })
})
