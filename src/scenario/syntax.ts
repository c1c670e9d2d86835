/** The smallest parts of the story format: lines, words, quotes and times, and how a mistake in one of them is reported. */
import { closest, distance } from 'fastest-levenshtein'
import { InputError } from '../plan/input-error.ts'
import { showMs, type Us } from '../plan/units.ts'

export interface Line {
  readonly source: string
  readonly number: number
  readonly text: string
}

export const where = (line: Line): string => `${line.source}:${line.number}`
export const problem = (line: Line, what: string): InputError => new InputError(`${where(line)}: ${what}`)

/** "; did you mean X?" when something known is near, and the list of what is known otherwise. */
export function suggestion(word: string, known: readonly string[]): string {
  if (known.length === 0) return ''
  const near = closest(word, known)
  return distance(word, near) <= Math.max(2, near.length / 3) ? `; did you mean "${near}"?` : `; known are ${known.join(', ')}`
}

export function linesOf(text: string, source: string): Line[] {
  return text.split('\n').map((line, index) => ({ source, number: index + 1, text: line.trimEnd() }))
}

const WORD = /(?:[^\s"]|"(?:[^"\\]|\\.)*")+/g

/** Splits a line at blanks, but not inside quotes. */
export function wordsOf(line: Line): string[] {
  if (line.text.replace(WORD, '').trim() !== '') throw problem(line, 'a quote is not closed')
  return line.text.match(WORD) ?? []
}

const BARE = /^[\w.%*:+-]+$/

/** A name as it is written: in quotes (JSON's) only where it would not be one word otherwise. */
export const quoted = (text: string): string => (BARE.test(text) ? text : JSON.stringify(text))

export function unquoted(line: Line, word: string): string {
  if (!word.includes('"')) return word
  const value = readJson(line, word)
  if (typeof value !== 'string') throw problem(line, `expected a name or one quoted text, found ${word}`)
  return value
}

export function readJson(line: Line, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw problem(line, `expected a JSON value such as "text", 5 or {"a": 1}, found ${text}`)
  }
}

const TIME = /^(-?)(\d+)(?:\.(\d{1,3}))?ms$/

/** "0.412ms" → 412, or undefined where it is not a time. */
export function readTime(text: string): Us | undefined {
  const match = TIME.exec(text)
  if (match === null) return undefined
  const us = Number(match[2]) * 1000 + Number((match[3] ?? '').padEnd(3, '0'))
  if (!Number.isSafeInteger(us)) return undefined
  return match[1] === '-' && us !== 0 ? -us : us
}

/** 412 → "0.412ms", 8_000_000 → "8000ms". */
export const showTime = (t: Us): string => `${showMs(t).replace(/\.?0+$/, '')}ms`

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/
export const isName = (text: string): boolean => NAME.test(text)

export function readName(line: Line, word: string | undefined, what: string): string {
  if (word === undefined) throw problem(line, `expected ${what} at the end of the line`)
  if (!isName(word)) throw problem(line, `expected ${what} (letters, digits, "_", "." and "-"), found ${word}`)
  return word
}
