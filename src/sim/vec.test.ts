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
    expect([long.toArray(), other.toArray()]).toEqual([[1, 2, 3], [1, 9]])
  })

  it('refuses an index that it does not have', () => {
    expect(() => Vec.of([1]).at(1)).toThrow(RangeError)
  })
})
