/** A NumberMap does what a Map does, wherever the numbers lie. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NumberMap } from './number-map.ts'

const key = fc.oneof(
  fc.integer({ min: 0, max: 30 }),
  fc.integer({ min: 0, max: 9_000 }),
  fc.constantFrom(-1, -7, 1e6, (1 << 22) - 1, 1 << 22, 60_000_449_448_102),
)
const step = fc.record({ key, value: fc.integer(), remove: fc.boolean() })

describe('a NumberMap', () => {
  it('agrees with a Map', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const map = new Map<number, number>()
        const fast = new NumberMap<number>()
        for (const { key: at, value, remove } of steps) {
          if (remove) map.delete(at)
          else map.set(at, value)
          if (remove) fast.delete(at)
          else fast.set(at, value)
          for (const one of steps) expect([fast.get(one.key), fast.has(one.key)]).toEqual([map.get(one.key), map.has(one.key)])
        }
        expect(fast.top).toBe(Math.max(-1, ...steps.flatMap((one) => (one.remove ? [] : [one.key]))))
      }),
    )
  })
})
