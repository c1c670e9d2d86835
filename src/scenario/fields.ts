/**
 * `word=value` at the end of a line. One table of fields both reads and prints a command, so the two can't disagree; a field with a
 * default is printed only where it differs from it.
 */
import { deadLetterTopic } from '../plan/group-topics.ts'
import type { CrashPoint } from '../plan/faults.ts'
import type { Delay } from '../plan/plan.ts'
import type { Properties } from '../plan/labels.ts'
import { problem, quoted, readJson, readName, readTime, showTime, suggestion, unquoted, type Line } from './syntax.ts'

export type Value = string | number | readonly string[] | readonly number[] | Delay | Properties | CrashPoint
export type Values = Readonly<Record<string, unknown>>

interface Codec {
  readonly example: string
  read(line: Line, word: string): Value | undefined
  show(value: Value): string
}

const INTEGER = /^-?\d+$/
export const integer: Codec = { example: '4', read: (_, word) => (INTEGER.test(word) ? Number(word) : undefined), show: String }
/** Numbers with commas between them. */
export const integers: Codec = {
  example: '0,2',
  read: (_, word) => (word.split(',').every((one) => INTEGER.test(one)) ? word.split(',').map(Number) : undefined),
  show: (value) => (Array.isArray(value) ? value : [value]).map(String).join(','),
}
export const time: Codec = { example: '2000ms', read: (_, word) => readTime(word), show: (value) => showTime(Number(value)) }
const DEAD_LETTERS = deadLetterTopic('')

export const name: Codec = { example: 'b1', read: unquoted, show: (value) => (typeof value === 'string' ? quoted(value) : '') }
/** Names with commas between them. */
export const names: Codec = {
  example: 'b1,b2',
  read: (line, word) => word.split(',').map((one) => readName(line, one, 'a name')),
  show: (value) => (Array.isArray(value) ? value : [value]).map(String).join(','),
}
/** Topics that a group subscribes: dead letters can be among them. */
export const subscribed: Codec = {
  example: 'T,%DLQ%g',
  read: (line, word) =>
    word
      .split(',')
      .map((one) => (one.startsWith(DEAD_LETTERS) ? DEAD_LETTERS : '') + readName(line, one.replace(DEAD_LETTERS, ''), 'a topic')),
  show: names.show,
}
export const oneOf = (...words: readonly string[]): Codec => ({
  example: words.join('|'),
  read: (_, word) => (words.includes(word) ? word : undefined),
  show: String,
})

/** The same words, with an example that says more. */
export const like = (codec: Codec, example: string): Codec => ({ ...codec, example })

const TIMED = /^(after|at):(.+)$/
/** A level of the broker's, or a time of its own: `3`, `after:1500ms`, `at:90000ms`. */
export const delay: Codec = {
  example: '3|after:1500ms|at:90000ms',
  read: (_, word) => {
    if (/^\d+$/.test(word)) return { level: Number(word) }
    const [, how = '', text = ''] = TIMED.exec(word) ?? []
    const us = readTime(text)
    if (us === undefined) return undefined
    return how === 'at' ? { atUs: us } : { afterUs: us }
  },
  show: (value) => (isDelay(value) ? showDelay(value) : ''),
}

/** "delay level 3", "to wait for 1500ms", "to wait until 90000ms". */
export function describeDelay(delay: Delay): string {
  if ('level' in delay) return `delay level ${delay.level}`
  return 'atUs' in delay ? `to wait until ${showTime(delay.atUs)}` : `to wait for ${showTime(delay.afterUs)}`
}

function showDelay(value: Delay): string {
  if ('level' in value) return String(value.level)
  return 'atUs' in value ? `at:${showTime(value.atUs)}` : `after:${showTime(value.afterUs)}`
}

/** After or before the so-manieth effect. */
const POINT = /^(after|before):([1-9]\d*)$/
export const crashPoint: Codec = {
  example: 'before:3',
  read: (_, word) => {
    const [, edge = '', nth = ''] = POINT.exec(word) ?? []
    if (nth === '') return undefined
    return edge === 'after' ? { after: Number(nth) } : { before: Number(nth) }
  },
  show: (value) => (isPoint(value) ? ('after' in value ? `after:${value.after}` : `before:${value.before}`) : ''),
}

/** What a message says of itself, as JSON: `{"amount":"101"}`. */
export const properties: Codec = {
  example: '{"NAME":"VALUE"}',
  read: (line, word) => {
    const value = readJson(line, word)
    return isProperties(value) ? value : undefined
  },
  show: (value) => JSON.stringify(value),
}
const isProperties = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((one) => typeof one === 'string')

export interface Field {
  readonly word: string
  /** The field of the plan that it sets. */
  readonly sets: string
  readonly codec: Codec
  /** What an absent word means: a mistake, nothing at all, or a default. */
  readonly absent: 'required' | 'optional' | ((values: Values) => Value)
}

export const usage = (fields: readonly Field[]): string =>
  fields.map(({ word, codec, absent }) => (absent === 'required' ? `${word}=${codec.example}` : `[${word}=${codec.example}]`)).join(' ')

/** "word=value" as a pair; values may hold "=" themselves. */
export function splitOption(line: Line, option: string): [word: string, value: string] {
  const at = option.indexOf('=')
  if (at <= 0) throw problem(line, `expected word=value, found ${option}`)
  return [option.slice(0, at), option.slice(at + 1)]
}

export function readOptions(line: Line, words: readonly string[]): Map<string, string> {
  const options = new Map<string, string>()
  for (const option of words) {
    const [word, value] = splitOption(line, option)
    if (options.has(word)) throw problem(line, `${word}= is given twice`)
    options.set(word, value)
  }
  return options
}

export function readFields(line: Line, words: readonly string[], fields: readonly Field[], verb: string): Record<string, unknown> {
  const options = readOptions(line, words)
  for (const word of options.keys()) {
    const known = fields.map((field) => field.word)
    if (!known.includes(word)) throw problem(line, `${verb} has no ${word}=${suggestion(word, known)}`)
  }
  const values: Record<string, unknown> = {}
  for (const field of fields) {
    const text = options.get(field.word)
    if (text !== undefined) {
      const value = field.codec.read(line, text)
      if (value === undefined) throw problem(line, `expected ${field.word}=${field.codec.example}, found ${field.word}=${text}`)
      values[field.sets] = value
    } else if (field.absent === 'required') {
      throw problem(line, `${verb} needs ${field.word}=${field.codec.example}`)
    } else if (field.absent !== 'optional') {
      values[field.sets] = field.absent(values)
    }
  }
  return values
}

const isDelay = (value: unknown): value is Delay =>
  typeof value === 'object' &&
  value !== null &&
  (('level' in value && typeof value.level === 'number') ||
    ('afterUs' in value && typeof value.afterUs === 'number') ||
    ('atUs' in value && typeof value.atUs === 'number'))
const isPoint = (value: unknown): value is CrashPoint =>
  typeof value === 'object' &&
  value !== null &&
  (('after' in value && typeof value.after === 'number') || ('before' in value && typeof value.before === 'number'))
const isValue = (value: unknown): value is Value =>
  typeof value === 'string' || typeof value === 'number' || Array.isArray(value) || isDelay(value) || isPoint(value) || isProperties(value)

export function showFields(values: Values, fields: readonly Field[]): string[] {
  return fields.flatMap((field) => {
    const value = values[field.sets]
    if (!isValue(value)) return []
    if (typeof field.absent === 'function' && field.codec.show(field.absent(values)) === field.codec.show(value)) return []
    return [`${field.word}=${field.codec.show(value)}`]
  })
}
