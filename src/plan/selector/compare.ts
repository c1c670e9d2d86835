/**
 * How values of different kinds are compared (RMQ-138). Properties are strings: one is read as whatever it is compared with, an integer, a
 * double or a truth value, and where it can't be read so, there is no answer but an error, and the message is not delivered. So "1.5" > 1
 * is an error, and "1.5" > 1.0 is true.
 */
import type { Comparison, Numeral, Value } from './expression.ts'

/** Nobody can say: the values can't be compared. */
export const ERROR: unique symbol = Symbol('no answer')
export type Answer = boolean | null | typeof ERROR

const LIMIT = { integer: 1n << 31n, long: 1n << 63n } as const

/** Java's Integer.valueOf and Long.valueOf. */
function readInteger(kind: 'integer' | 'long', text: string): Numeral | typeof ERROR {
  if (!/^[+-]?\d+$/.test(text)) return ERROR
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text)
  return value >= -LIMIT[kind] && value < LIMIT[kind] ? { kind, value } : ERROR
}

/** Java's Double.valueOf, without its hexadecimal form. */
const DOUBLE = /^([+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?[fd]?))$/i
function readDouble(text: string): Numeral | typeof ERROR {
  const number = DOUBLE.exec(text.trim())?.[1]?.replace(/[fd]$/i, '')
  return number === undefined ? ERROR : { kind: 'double', value: Number(number) }
}

const readAs = (kind: Numeral['kind'], text: string): Numeral | typeof ERROR =>
  kind === 'double' ? readDouble(text) : readInteger(kind, text)

/** Negative, nought or positive, as Java's compareTo. */
type Order = number
function orderOf(x: Numeral, y: Numeral): Order {
  if (x.kind !== 'double' && y.kind !== 'double') return x.value < y.value ? -1 : x.value > y.value ? 1 : 0
  return orderOfDoubles(Number(x.value), Number(y.value))
}

/** Not a number is greater than every number, and -0.0 less than 0.0. */
function orderOfDoubles(a: number, b: number): Order {
  if (a < b) return -1
  if (a > b) return 1
  if (Object.is(a, b)) return 0
  return Number.isNaN(b) || Object.is(a, -0) ? -1 : 1
}

/** Kinds that have nothing in common are in this order, whichever is first. */
const UNLIKE: Order = -1

function ordered(left: NonNullable<Value>, right: NonNullable<Value>): Order | typeof ERROR {
  if (typeof left === 'string') {
    if (typeof right === 'string') return left === right ? 0 : left < right ? -1 : 1
    if (typeof right === 'boolean') return Number(left.toLowerCase() === 'true') - Number(right)
    const number = readAs(right.kind, left)
    return number === ERROR ? ERROR : orderOf(number, right)
  }
  if (typeof left === 'boolean') {
    if (typeof right === 'boolean') return Number(left) - Number(right)
    return typeof right === 'string' ? ERROR : UNLIKE
  }
  if (typeof right === 'boolean') return UNLIKE
  if (typeof right !== 'string') return orderOf(left, right)
  const number = readAs(left.kind, right)
  return number === ERROR ? ERROR : orderOf(left, number)
}

const HOLDS: Readonly<Record<Comparison, (order: Order) => boolean>> = {
  '=': (order) => order === 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
}

/** Two texts have no order, unless both are numbers. */
function orderOfTexts(left: string, right: string): Order | typeof ERROR {
  const x = readDouble(left)
  const y = readDouble(right)
  return x === ERROR || y === ERROR ? ERROR : orderOf(x, y)
}

export function compare(by: Comparison, left: Value, right: Value): Answer {
  if (left === null) return by === '=' && right === null ? true : null
  // Nothing on the right is no answer for an order, but certainly not equal.
  if (right === null) return by === '=' ? false : null
  const texts = by !== '=' && typeof left === 'string' && typeof right === 'string'
  const order = texts ? orderOfTexts(left, right) : ordered(left, right)
  return order === ERROR ? ERROR : HOLDS[by](order)
}
