/**
 * Whether a message is what a selector asks for (RMQ-138). Logic has three values, and a fourth outcome: an error, which ends the evaluation,
 * unless what stands left of it has decided already. Delivered is what is true; null and errors are not.
 */
import { compare, ERROR, type Answer } from './compare.ts'
import type { Condition, Expression, Numeral, Search, Value } from './expression.ts'

export type Properties = Readonly<Record<string, string>>

function negated(value: Value): Value {
  if (value === null || typeof value !== 'object') return null
  // -(-2^63) does not occur: a long is written without its sign.
  const numeral: Numeral = value.kind === 'double' ? { kind: 'double', value: -value.value } : { kind: value.kind, value: -value.value }
  return numeral
}

function valueOf(expression: Expression, properties: Properties): Value | typeof ERROR {
  switch (expression.is) {
    case 'property':
      return Object.hasOwn(properties, expression.name) ? (properties[expression.name] ?? null) : null
    case 'text':
    case 'number':
      return expression.value
    case 'negate': {
      const value = valueOf(expression.of, properties)
      return value === ERROR ? ERROR : negated(value)
    }
    default:
      return answer(expression, properties)
  }
}

const FINDS: Readonly<Record<Search, (text: string, part: string) => boolean>> = {
  contains: (text, part) => text.includes(part),
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
}

/** False for what is no text, also in the negative: there is nothing in it that could be missing. */
function search({ by, of, text, not }: Extract<Condition, { is: 'search' }>, properties: Properties): Answer {
  if (text === '') return false
  const value = valueOf(of, properties)
  if (value === ERROR) return ERROR
  return typeof value === 'string' && FINDS[by](value, text) !== not
}

/** `decides`: the truth value on either side that settles it whatever the other is. */
function both(left: Condition, right: Condition, decides: boolean, properties: Properties): Answer {
  const first = answer(left, properties)
  if (first === ERROR || first === decides) return first
  const second = answer(right, properties)
  if (second === ERROR || second === decides) return second
  return first === null || second === null ? null : !decides
}

export function answer(condition: Condition, properties: Properties): Answer {
  switch (condition.is) {
    case 'truth':
      return condition.value
    case 'cast': {
      const value = valueOf(condition.of, properties)
      return value === ERROR || value === null || typeof value === 'boolean' ? value : false
    }
    case 'not': {
      const value = answer(condition.of, properties)
      return typeof value === 'boolean' ? !value : value
    }
    case 'and':
      return both(condition.left, condition.right, false, properties)
    case 'or':
      return both(condition.left, condition.right, true, properties)
    case 'compare': {
      const left = valueOf(condition.left, properties)
      const right = valueOf(condition.right, properties)
      return left === ERROR || right === ERROR ? ERROR : compare(condition.by, left, right)
    }
    case 'in': {
      const value = properties[condition.property]
      return value === undefined ? null : condition.list.includes(value) !== condition.not
    }
    case 'search':
      return search(condition, properties)
  }
}

export const matches = (condition: Condition, properties: Properties): boolean => answer(condition, properties) === true
