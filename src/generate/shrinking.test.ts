/** The tools of shrinking, driven by plain predicates. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ddmin, distinct, firstOf, simplerNumbers, simplerTimes, within, type Shrinking } from './shrinking.ts'

function drive<T>(shrinking: Shrinking<T>, fails: (value: T) => boolean): { result: T; tried: T[] } {
  const tried: T[] = []
  let step = shrinking.next()
  while (step.done !== true) {
    tried.push(step.value)
    step = shrinking.next(fails(step.value))
  }
  return { result: step.value, tried }
}

describe('ddmin', () => {
  it('keeps exactly what is needed', () => {
    const items = Array.from({ length: 60 }, (_, k) => k)
    const { result, tried } = drive(ddmin(items), (kept) => kept.includes(17) && kept.includes(43))
    expect(result).toEqual([17, 43])
    expect(tried.length).toBeLessThan(60)
  })

  it('gives a part from which nothing single can go', () => {
    const subset = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 6 })
    fc.assert(
      fc.property(subset, (needed) => {
        const items = Array.from({ length: 31 }, (_, k) => k)
        const { result } = drive(ddmin(items), (kept) => needed.every((one) => kept.includes(one)))
        expect([...result]).toEqual([...needed].sort((x, y) => x - y))
      }),
    )
  })

  it('tries nothing at all first', () => {
    expect(drive(ddmin([1, 2, 3]), () => true).result).toEqual([])
  })
})

describe('simpler values', () => {
  it('of times are shorter, and round ones come first', () => {
    expect(simplerTimes(0)).toEqual([])
    expect(simplerTimes(3_456)).toEqual([0, 1_000, 2_000, 3_000, 3_400, 3_450])
    fc.assert(fc.property(fc.nat(), (time) => simplerTimes(time).every((one) => one >= 0 && one < time)))
  })

  it('of numbers keep the sign', () => {
    expect(simplerNumbers(-30)).toEqual([-1, -2, -5, -10, -20])
    expect(simplerNumbers(1)).toEqual([])
  })
})

describe('conversations', () => {
  it('stop at the first candidate that fails', () => {
    expect(drive(firstOf(10, [1, 2, 3]), (n) => n >= 2)).toEqual({ result: 2, tried: [1, 2] })
    expect(drive(firstOf(10, [1, 2, 3]), () => false).result).toBe(10)
  })

  it('shrink a part within a whole', () => {
    const whole = { name: 'x', items: [1, 2, 3, 4] as readonly number[] }
    const { result } = drive(
      within(whole, ddmin(whole.items), (items) => ({ ...whole, items })),
      ({ items }) => items.includes(3),
    )
    expect(result).toEqual({ name: 'x', items: [3] })
  })

  it('never ask twice', () => {
    const { tried } = drive(distinct([0], firstOf([0], [[0], [1], [1], [2]])), () => false)
    expect(tried).toEqual([[1], [2]])
  })
})
