/** Versions of a vector share one buffer and never see each other change. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Vec } from './vec.ts'

describe('vector', () => {
  it('keeps every version as it was, whatever is appended to which', () => {
    const steps = fc.array(fc.record({ from: fc.nat(), item: fc.integer() }), { maxLength: 40 })
    fc.assert(
      fc.property(steps, (list) => {
        const versions: { vec: Vec<number>; model: number[] }[] = [{ vec: Vec.none, model: [] }]
        for (const { from, item } of list) {
          const base = versions[from % versions.length]
          if (base !== undefined) versions.push({ vec: base.vec.append(item), model: [...base.model, item] })
        }
        for (const { vec, model } of versions) expect(vec.toArray()).toEqual(model)
      }),
    )
  })

  it('does not let a shortened version overwrite what a longer one holds', () => {
    const long = Vec.of([1, 2, 3])
    const other = long.take(1).append(9)
    expect([long.toArray(), other.toArray()]).toEqual([
      [1, 2, 3],
      [1, 9],
    ])
  })

  it('finds the first item that satisfies a monotone test', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), fc.integer({ min: -1, max: 51 }), fc.nat(40), (items, bound, length) => {
        const sorted = items.sort((x, y) => x - y)
        const model = sorted.slice(0, length)
        const first = model.findIndex((item) => item >= bound)
        expect(
          Vec.of(sorted)
            .take(length)
            .search((item) => item >= bound),
        ).toBe(first < 0 ? model.length : first)
      }),
    )
  })

  it('refuses an index that it does not have', () => {
    expect(() => Vec.of([1]).at(1)).toThrow(RangeError)
  })
})
