/**
 * FLT-1: tag filtering is sound and complete. A listener is given the messages whose tag its group subscribes, and no other, although brokers tell
 * tags apart by their hash alone; and the progress of the group moves on past the others.
 */
import { isPop } from '../plan/groups.ts'
import { tagsOf } from '../plan/subscription.ts'
import type { Checker } from './checker.ts'
import { Filtered, type Subscribed, type Words } from './filtered.ts'
import { checker } from './judge.ts'

const WORDS: Words = {
  wish: ({ tags = '*' }) => tags,
  labels: ({ tag }) => (tag === '' ? 'without a tag' : `tagged ${tag}`),
}

const namesTags = (group: Subscribed): boolean => tagsOf(group.tags) !== null && !isPop(group)

export const flt1: Checker = checker(
  'FLT-1',
  ['send', 'consume', 'pull'],
  ['invoke consume', 'invoke resetOffset', 'ok assign', 'info commit', 'white reset'],
  (header, ledger) => new Filtered('FLT-1', header, ledger, WORDS, namesTags),
  (judge, events) => judge.spoilt(events),
  ({ groups }) => (groups.some(namesTags) ? null : 'no group chooses messages by their tags'),
)
