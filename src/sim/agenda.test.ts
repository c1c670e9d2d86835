/** The order in which things happen: what a sort by time, tie and key would give. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Agenda, Entry } from './agenda.ts'

const entry = (time: number, tie: number, key: number): Entry => new Entry(time, tie, key, 'timer', 0, 0, 0, '', 0, 0, null)
const order = (x: Entry, y: Entry): number => x.time - y.time || x.tie - y.tie || x.key - y.key
const triple = fc.tuple(fc.nat(5), fc.nat(3), fc.nat(3))

describe('agenda', () => {
  it('gives entries by time, then tie, then key, as sorting would', () => {
    fc.assert(
      fc.property(fc.array(triple), (triples) => {
        const agenda = new Agenda()
        const entries = triples.map(([time, tie, key]) => entry(time, tie, key))
        for (const one of entries) agenda.push(one)
        const out: Entry[] = []
        for (let next = agenda.pop(); next !== undefined; next = agenda.pop()) out.push(next)
        const key = (one: Entry): string => `${one.time} ${one.tie} ${one.key}`
        expect(out.map(key)).toEqual([...entries].sort(order).map(key))
      }),
    )
  })

  it('keeps a copy apart from its original', () => {
    const agenda = new Agenda()
    agenda.push(entry(1, 0, 0))
    const copy = agenda.copy()
    agenda.pop()
    expect([agenda.size, copy.size]).toEqual([0, 1])
  })
})
