/**
 * Which messages a group wants: one reading of its subscription, for the model, for whoever waits for a message to arrive, and for the judges.
 * RocketMQ's tag expressions (RMQ-135): "*" is everything; else tags with two bars between them, of which a message must have one. A "*" among
 * others is a tag like any other. Or a selector over properties (RMQ-137), which wants nothing where it is refused.
 */
import type { Labels } from './labels.ts'
import type { Group } from './plan.ts'
import { matches } from './selector/evaluate.ts'
import type { Condition } from './selector/expression.ts'
import { parseSelector, SelectorError } from './selector/parse.ts'

const EVERYTHING = '*'
const OR = '||'

type Subscribing = Pick<Group, 'tags' | 'selector'>

/** The tags that an expression names; null: it wants every message. */
export function tagsOf(expression = EVERYTHING): readonly string[] | null {
  if (expression === EVERYTHING) return null
  const named = expression.split(OR).map((tag) => tag.trim())
  return [...new Set(named.filter((tag) => tag !== ''))]
}

/** A selector as it is understood, or why it is refused. */
export function conditionOf(selector: string): Condition | SelectorError {
  try {
    return parseSelector(selector)
  } catch (error) {
    if (error instanceof SelectorError) return error
    throw error
  }
}

/** Tells whether a message is wanted. */
export type Wants = (labels: Labels) => boolean

/** What a group wants; null: everything. A message without a tag is wanted by nobody who names tags. */
export function wantsOf({ tags, selector }: Subscribing): Wants | null {
  if (selector !== undefined) {
    const condition = conditionOf(selector)
    return condition instanceof SelectorError ? () => false : ({ seen }) => matches(condition, seen)
  }
  const named = tagsOf(tags)
  return named === null ? null : ({ tag }) => named.includes(tag)
}

/** What tells two subscriptions of the same topics apart. */
export function subscriptionOf({ tags, selector }: Subscribing): string {
  if (selector !== undefined) return `by ${selector}`
  return (
    tagsOf(tags)
      ?.toSorted((x, y) => (x < y ? -1 : 1))
      .join(OR) ?? EVERYTHING
  )
}
