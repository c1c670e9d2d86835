/**
 * A selector once it is parsed. What a value is matters for comparing: `1` and `1.0` are not read from a property in the same way
 * (RMQ-138), so numbers keep the kind in which they were written.
 */

/** `integer` is 32 bits wide, `long` 64. */
export type Numeral = { readonly kind: 'integer' | 'long'; readonly value: bigint } | { readonly kind: 'double'; readonly value: number }
export type Value = string | boolean | Numeral | null

export type Comparison = '=' | '>' | '>=' | '<' | '<='
export type Search = 'contains' | 'startsWith' | 'endsWith'

/** What gives a truth value, or none. */
export type Condition =
  | { readonly is: 'truth'; readonly value: boolean | null }
  /** A property where a condition is wanted: properties are strings, so it is never true. */
  | { readonly is: 'cast'; readonly of: Expression }
  | { readonly is: 'not'; readonly of: Condition }
  | { readonly is: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly is: 'compare'; readonly by: Comparison; readonly left: Expression; readonly right: Expression }
  | { readonly is: 'in'; readonly property: string; readonly list: readonly string[]; readonly not: boolean }
  | { readonly is: 'search'; readonly by: Search; readonly of: Expression; readonly text: string; readonly not: boolean }

export type Expression =
  | Condition
  | { readonly is: 'property'; readonly name: string }
  | { readonly is: 'text'; readonly value: string }
  | { readonly is: 'number'; readonly value: Numeral }
  | { readonly is: 'negate'; readonly of: Expression }

/** A constant as RocketMQ's parser sees it: what is negated is none any more. */
export const isConstant = (expression: Expression): boolean =>
  expression.is === 'truth' || expression.is === 'text' || expression.is === 'number'

/** Conditions have truth values; the rest has to be made one. */
export function isCondition(expression: Expression): expression is Condition {
  return expression.is !== 'property' && expression.is !== 'text' && expression.is !== 'number' && expression.is !== 'negate'
}
