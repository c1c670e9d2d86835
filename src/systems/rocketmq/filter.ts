/**
 * By what a group's subscription chooses messages. By tags (RMQ-135): the broker compares the hash of a tag, which its consume queue holds, with those
 * of the tags that are wanted; the client compares the tags themselves. By a selector (RMQ-137): the broker reads each message's properties; nobody looks
 * again.
 */
import { isRetryTopic } from '../../plan/group-topics.ts'
import type { Group } from '../../plan/plan.ts'
import type { Condition } from '../../plan/selector/expression.ts'
import { SelectorError } from '../../plan/selector/parse.ts'
import { conditionOf, tagsOf } from '../../plan/subscription.ts'
import { javaHash } from './java-hash.ts'

export class TagFilter {
  readonly tags: readonly string[]
  readonly codes: readonly number[]
  constructor(tags: readonly string[]) {
    this.tags = tags
    this.codes = tags.map(javaHash)
  }
}

export class SelectorFilter {
  readonly text: string
  /** Null: nothing can be meant by it, which the broker will say. */
  readonly condition: Condition | null
  /** What is wrong with it, or nothing. */
  readonly mistake: string
  constructor(text: string) {
    const condition = conditionOf(text)
    this.text = text
    this.condition = condition instanceof SelectorError ? null : condition
    this.mistake = condition instanceof SelectorError ? condition.message : ''
  }
}

export type Filter = TagFilter | SelectorFilter

/** Topics of a group's own hold what it was given once: nothing is filtered there (RMQ-139). */
export const isFiltered = (topic: string): boolean => !isRetryTopic(topic)

/** Null: every message is wanted, with a tag or without. */
export function filterOf({ tags, selector }: Pick<Group, 'tags' | 'selector'>): Filter | null {
  if (selector !== undefined) return new SelectorFilter(selector)
  const named = tagsOf(tags)
  return named === null ? null : new TagFilter(named)
}
