/** Mistakes in input are told by the field, by what was found there, and by what was near it. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { InputError, parseJson, parseWith } from './input-error.ts'

const Shape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('powerLoss'), keep: z.enum(['none', 'prefix']) }),
  z.strictObject({ kind: z.literal('pause'), forUs: z.int().positive() }),
])
const complaint = (value: unknown): string => {
  try {
    parseWith(z.strictObject({ faults: z.array(Shape) }), value, 'plan.json')
    return ''
  } catch (error) {
    return error instanceof InputError ? error.message : 'not an InputError'
  }
}

describe('a document from outside', () => {
  it.each([
    [{ faults: [{ kind: 'powerlos' }] }, 'plan.json: faults[0].kind: "powerlos" is not known here: did you mean powerLoss?'],
    [{ faults: [{ kind: 'earthquake' }] }, 'plan.json: faults[0].kind: "earthquake" is not known here: expected powerLoss, pause'],
    [
      { faults: [{ kind: 'powerLoss', keep: 'prefixes' }] },
      'plan.json: faults[0].keep: "prefixes" is not known here: did you mean prefix?',
    ],
    [{ faults: [{ kind: 'pause', forUs: -1 }] }, 'plan.json: faults[0].forUs: Too small: expected number to be >0'],
    [{ faults: [], more: 1 }, 'plan.json: Unrecognized key: "more"'],
    [null, 'plan.json: Invalid input: expected object, received null'],
  ])('%j', (value, message) => {
    expect(complaint(value)).toBe(message)
  })

  it('is JSON at all', () => {
    expect(() => parseJson('{', 'plan.json')).toThrow(new InputError('plan.json: not a JSON document'))
  })
})
