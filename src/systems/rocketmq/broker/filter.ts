/**
 * What a broker leaves out of what it gives to a group (RMQ-135, RMQ-136): it goes by the tags codes of the consume queue, and says where to go on
 * behind what it has looked at.
 *
 * Left out: how much of a queue one pull looks through; and POP, whose groups take every message here.
 */
import { logFile } from '../../../sim/disk.ts'
import type { Env } from '../../../sim/system.ts'
import { isFiltered, type Filter } from '../filter.ts'
import type { PullRequest } from '../messages.ts'
import type { QueueEntry } from './record.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState, QueueState, TopicFilter } from './state.ts'

type BrokerEnv = Env<BrokerRules>
type Asked = Pick<PullRequest, 'group' | 'clientId' | 'topic'>

export function topicFilter(state: BrokerState, group: string, topic: string): TopicFilter | undefined {
  for (const one of state.subscriptions) if (one.group === group) return one.filters.find((filter) => filter.topic === topic)
  return undefined
}

/** By what a pull is answered; null: with everything. Who is nobody's member asks for everything. */
export function filterFor(state: BrokerState, { group, clientId, topic }: Asked): Filter | null {
  if (clientId === '' || !isFiltered(topic)) return null
  return topicFilter(state, group, topic)?.filter ?? null
}

/** RMQ-105: a group has one filter for a topic, that of whoever has subscribed last. */
export function mergeFilters(
  known: readonly TopicFilter[],
  told: { readonly filter: Filter | null; readonly subVersion: number },
  topics: readonly string[],
  replaces: (known: number, told: number) => boolean,
): TopicFilter[] {
  return topics.map((topic) => {
    const before = known.find((one) => one.topic === topic)
    if (before !== undefined && !replaces(before.subVersion, told.subVersion)) return before
    return { topic, filter: told.filter, subVersion: told.subVersion }
  })
}

export const passes = (env: BrokerEnv, filter: Filter | null, { tagsCode }: QueueEntry): boolean =>
  filter === null || env.rules.matchesCode(filter.codes, tagsCode)

/** Whether a held pull is woken: for what it would be given, and for nothing else (RMQ-089). */
export function hasSomething(env: BrokerEnv, filter: Filter | null, queue: QueueState, from: number): boolean {
  if (filter === null) return true
  const entries = logFile(env.disk, queue.file)?.extents
  for (let offset = from; entries !== undefined && offset < Math.min(queue.max, entries.length); offset++)
    if (passes(env, filter, entries.at(offset).body as QueueEntry)) return true
  return false
}
