/**
 * The words of a selector (RMQ-137), one at a time: RocketMQ's scanner looks no further ahead than its parser does, so what follows a whole
 * expression is never looked at, not even by the scanner.
 */

const KEYWORDS = ['NOT', 'AND', 'OR', 'BETWEEN', 'IN', 'TRUE', 'FALSE', 'NULL', 'IS', 'CONTAINS', 'STARTSWITH', 'ENDSWITH'] as const
const SIGNS = ['<>', '>=', '<=', '=', '>', '<', '(', ')', ',', '+', '-'] as const

export type Keyword = (typeof KEYWORDS)[number]
export type Sign = (typeof SIGNS)[number]

/** `image` is the text as written. */
export interface Token {
  readonly kind: Keyword | Sign | 'integer' | 'float' | 'string' | 'name' | 'end' | 'unknown'
  readonly image: string
  /** Where the next one begins to be looked for. */
  readonly after: number
}

/** A line comment ends with its line: at the very end of a selector it is none, but two signs. */
const SKIPPED = /(?:[ \t\n\r\f]|--[^\n\r]*(?:\r\n|\n|\r)|\/\*[^*]*\*(?:\*|[^*/][^*]*\*)*\/)*/y
const FLOAT = /\d+\.\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|\d+e[+-]?\d+/iy
/** A number does not begin with a nought: 007 is three numbers. */
const INTEGER = /0|[1-9]\d*l?/iy
const STRING = /'(?:''|[^'])*'/y
const NAME = /[a-z_$][a-z0-9_$]*/iy

function at(pattern: RegExp, text: string, from: number): string | null {
  pattern.lastIndex = from
  return pattern.exec(text)?.[0] ?? null
}

function word(text: string, from: number): Token | null {
  const image = at(NAME, text, from)
  if (image === null) return null
  const upper = image.toUpperCase()
  return { kind: KEYWORDS.find((keyword) => keyword === upper) ?? 'name', image, after: from + image.length }
}

export function tokenAt(text: string, from: number): Token {
  const start = from + (at(SKIPPED, text, from) ?? '').length
  if (start >= text.length) return { kind: 'end', image: '', after: start }
  const float = at(FLOAT, text, start)
  if (float !== null) return { kind: 'float', image: float, after: start + float.length }
  const integer = at(INTEGER, text, start)
  if (integer !== null) return { kind: 'integer', image: integer, after: start + integer.length }
  const string = at(STRING, text, start)
  if (string !== null) return { kind: 'string', image: string, after: start + string.length }
  const sign = SIGNS.find((one) => text.startsWith(one, start))
  if (sign !== undefined) return { kind: sign, image: sign, after: start + sign.length }
  return word(text, start) ?? { kind: 'unknown', image: text[start] ?? '', after: start }
}
