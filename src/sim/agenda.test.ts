/** The order in which things happen: what a sort by time, tie and key would give. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hours, ms } from '../plan/units.ts'
import { Agenda, Entry } from './agenda.ts'

const entry = (time: number, tie: number, key: number): Entry => new Entry(time, tie, key, 'timer', 0, 0, 0, '', 0, 0, null)
/** Hashes are compared without their sign. */
const order = (x: Entry, y: Entry): number => x.time - y.time || (x.tie >>> 0) - (y.tie >>> 0) || (x.key >>> 0) - (y.key >>> 0)
/** At one instant, soon, and far off. */
const time = fc.oneof(
  fc.nat(5),
  fc.nat(5).map((k) => ms(200 * k)),
  fc.nat(3).map((k) => hours(k)),
)
const hash = fc.constantFrom(0, 1, -1, 0x7fffffff, -0x80000000)
const triple = fc.tuple(time, hash, hash)

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

  it('gives entries in order that come in while others are taken', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(triple, fc.boolean())), (steps) => {
        const agenda = new Agenda()
        const waiting: Entry[] = []
        let now = 0
        for (const [[after, tie, key], takes] of steps) {
          const one = entry(now + after, tie, key)
          agenda.push(one)
          waiting.push(one)
          waiting.sort(order)
          if (!takes) continue
          const next = agenda.pop()
          expect(next).toEqual(waiting.shift())
          now = next?.time ?? now
        }
        expect(agenda.size).toBe(waiting.length)
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
