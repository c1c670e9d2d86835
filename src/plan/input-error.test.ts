/** Mistakes in input are told by the field, by what was found there, and by what was near it. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { InputError, parseJson, parseWith } from './input-error.ts'

const Shape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('powerLoss'), keep: z.enum(['none', 'prefix']) }),
  z.strictObject({ kind: z.literal('pause'), forUs: z.int().positive() }),
])
const Document = z.strictObject({ faults: z.array(Shape), to: z.union([z.string(), z.strictObject({ node: z.string() })]).optional() })
const complaint = (value: unknown): string => {
  try {
    parseWith(Document, value, 'plan.json')
    return ''
  } catch (error) {
    return error instanceof InputError ? error.message : 'not an InputError'
  }
}

const NO_KIND = 'faults[0].kind is missing: one of "powerLoss", "pause" was expected'

describe('a document from outside', () => {
  it.each([
    [{ faults: [{ kind: 'powerlos' }] }, 'faults[0].kind is "powerlos": did you mean powerLoss?'],
    [{ faults: [{ kind: 'earthquake' }] }, 'faults[0].kind is "earthquake": one of "powerLoss", "pause" was expected'],
    [{ faults: [{ kind: 'powerLoss', keep: 'prefixes' }] }, 'faults[0].keep is "prefixes": did you mean prefix?'],
    [{ faults: [{ kind: 'powerLoss', keep: 'perfix' }] }, 'faults[0].keep is "perfix": did you mean prefix?'],
    [{ faults: [{ kind: 'pause', forUs: -1 }] }, 'faults[0].forUs is -1: a whole number above 0 was expected'],
    [{ faults: [{ kind: 'pause', forUs: 0.5 }] }, 'faults[0].forUs is 0.5: a whole number was expected'],
    [{ faults: [{ kind: 'pause' }] }, 'faults[0].forUs is missing: a whole number was expected'],
    [{ faults: [{}] }, NO_KIND],
    [{ faults: 'none' }, 'faults is "none": a list was expected'],
    [{ faults: [{}, { kind: 'pause' }], more: 1 }, `${NO_KIND} (also wrong: faults[1].forUs, more)`],
    [{ faults: [{}, {}, {}, {}, {}] }, `${NO_KIND} (also wrong: faults[1].kind, faults[2].kind, faults[3].kind and 1 more)`],
    [{ faults: [], more: 1 }, 'more is not known: there is no such field'],
    [{ faults: [], to: { node: 1 } }, 'to.node is 1: a string was expected'],
    [{ faults: [], to: 7 }, 'to is 7: a string or an object was expected'],
    [null, 'the whole of it is null: an object was expected'],
  ])('%j', (value, message) => {
    expect(complaint(value)).toBe(`plan.json: ${message}`)
  })

  it('is JSON at all', () => {
    expect(() => parseJson('{', 'plan.json')).toThrow(new InputError('plan.json: not a JSON document'))
  })
})
