/** Whatever an event may say changes the trace hash: the schema of history files knows every field that there is. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Digest } from '../history/digest.ts'
import { IMPRINTS, type Imprint } from '../history/imprint.ts'
import { EventLine } from './history-file.ts'

const COMMON = ['i', 't', 'p', 'type', 'f', 'op']

/** Values that a schema takes: the first, and others that each differ from it in one thing. */
function variants(schema: z.core.$ZodType): unknown[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return [...variants(schema.unwrap()), schema instanceof z.ZodNullable ? null : undefined]
  }
  if (schema instanceof z.ZodReadonly) return variants(schema.unwrap())
  if (schema instanceof z.ZodString) return ['some', 'other']
  if (schema instanceof z.ZodNumber) return [1, 2, 1 + 2 ** 32]
  if (schema instanceof z.ZodBoolean) return [true, false]
  if (schema instanceof z.ZodEnum) return [...schema.options]
  if (schema instanceof z.ZodLiteral) return [...schema.values]
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(variants)
  if (schema instanceof z.ZodRecord) return [{ some: 'x' }, { some: 'y' }, { other: 'x' }, {}]
  if (schema instanceof z.ZodArray) {
    const [first, ...others] = variants(schema.element)
    return [[first], ...others.map((other) => [other]), [], [first, first]]
  }
  if (schema instanceof z.ZodObject) return ofFields(schema.shape)
  throw new Error(`no value is known for a schema of the type ${schema._zod.def.type}`)
}

function ofFields(shape: z.core.$ZodShape): object[] {
  const values = Object.entries(shape).map(([name, schema]) => [name, variants(schema)] as const)
  const base = Object.fromEntries(values.map(([name, [first]]) => [name, first]))
  return [base, ...values.flatMap(([name, [, ...others]]) => others.map((other) => ({ ...base, [name]: other })))]
}

/** What each sort of event may say. */
const said = new Map<string, object[]>()
const lines = EventLine.options.flatMap((one): readonly z.ZodObject[] => (one instanceof z.ZodObject ? [one] : one.options))
for (const { shape: fields } of lines) {
  const words = ['type', 'f'].flatMap((name) => (fields[name] instanceof z.ZodLiteral ? [...fields[name].values] : []))
  const own = Object.fromEntries(Object.entries(fields).filter(([name]) => !COMMON.includes(name)))
  const { v } = fields
  said.set(words.join(' '), v instanceof z.ZodObject ? ofFields(v.shape) : ofFields(own))
}

function traced(imprint: Imprint<never>, value: object): number {
  const digest = new Digest(0)
  digest.whole(imprint.sort)
  imprint.add(digest, value as never)
  return digest.hash
}

describe('the trace hash', () => {
  it('knows every sort of event', () => {
    expect([...said.keys()].sort()).toEqual(Object.keys(IMPRINTS).sort())
  })

  it.each(Object.entries<Imprint<never>>(IMPRINTS))('tells apart whatever may be said by %s', (sort, imprint) => {
    const values = said.get(sort) ?? []
    expect(new Set(values.map((value) => traced(imprint, value))).size, JSON.stringify(values)).toBe(values.length)
  })

  it('tells all sorts apart', () => {
    expect(new Set(Object.values<Imprint<never>>(IMPRINTS).map(({ sort }) => sort)).size).toBe(Object.keys(IMPRINTS).length)
  })
})
