/**
 * Which messages a group wants: one reading of its subscription, for the model, for whoever waits for a message to arrive, and for the judges.
 * RocketMQ's tag expressions (RMQ-135): "*" is everything; else tags with two bars between them, of which a message must have one. A "*" among
 * others is a tag like any other.
 */
import type { Labels } from './labels.ts'
import type { Group } from './plan.ts'

const EVERYTHING = '*'
const OR = '||'

/** The tags that an expression names; null: it wants every message. */
export function tagsOf(expression = EVERYTHING): readonly string[] | null {
  if (expression === EVERYTHING) return null
  const named = expression.split(OR).map((tag) => tag.trim())
  return [...new Set(named.filter((tag) => tag !== ''))]
}

/** Tells whether a message is wanted. */
export type Wants = (labels: Labels) => boolean

/** What a group wants; null: everything. A message without a tag is wanted by nobody who names tags. */
export function wantsOf({ tags }: Pick<Group, 'tags'>): Wants | null {
  const named = tagsOf(tags)
  return named === null ? null : ({ tag }) => named.includes(tag)
}

/** What tells two subscriptions of the same topics apart. */
export const subscriptionOf = ({ tags }: Pick<Group, 'tags'>): string =>
  tagsOf(tags)
    ?.toSorted((x, y) => (x < y ? -1 : 1))
    .join(OR) ?? EVERYTHING
