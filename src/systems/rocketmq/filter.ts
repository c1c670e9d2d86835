/**
 * By what a group's subscription chooses messages (RMQ-135): the broker compares the hash of a tag, which its consume queue holds, with those of the
 * tags that are wanted; the client compares the tags themselves.
 */
import { isRetryTopic } from '../../plan/group-topics.ts'
import type { Group } from '../../plan/plan.ts'
import { tagsOf } from '../../plan/subscription.ts'
import { javaHash } from './java-hash.ts'

export class Filter {
  readonly tags: readonly string[]
  readonly codes: readonly number[]
  constructor(tags: readonly string[]) {
    this.tags = tags
    this.codes = tags.map(javaHash)
  }
}

/** Topics of a group's own hold what it was given once: nothing is filtered there (RMQ-139). */
export const isFiltered = (topic: string): boolean => !isRetryTopic(topic)

/** Null: every message is wanted, with a tag or without. */
export function filterOf({ tags }: Pick<Group, 'tags'>): Filter | null {
  const named = tagsOf(tags)
  return named === null ? null : new Filter(named)
}
