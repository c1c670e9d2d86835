/**
 * What a broker leaves out of what it gives to a group (RMQ-135 to RMQ-139): it goes by the tags codes of the consume queue, or reads what a message
 * says of itself, and tells where to go on behind what it has looked at. Before a client starts that brings a selector, it asks whether that is
 * understood here.
 *
 * Left out: how much of a queue one pull looks through; the bloom filter before the selector, which is off as shipped; and POP, whose groups take every
 * message here.
 */
import { logFile } from '../../../sim/disk.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { SelectorFilter, isFiltered, type Filter } from '../filter.ts'
import { salted, type PullRequest } from '../messages.ts'
import type { CheckClient, CheckClientAnswer } from '../group-messages.ts'
import { recordAt, type LogExtent } from './log.ts'
import { entryAt, type QueueEntry } from './record.ts'
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

/** By what the queue itself says. */
export const passes = (env: BrokerEnv, filter: Filter | null, { tagsCode }: QueueEntry): boolean =>
  filter === null || filter instanceof SelectorFilter || env.rules.matchesCode(filter.codes, tagsCode)

/** By what the message says. */
export const isSelected = (env: BrokerEnv, filter: Filter | null, { body }: LogExtent): boolean =>
  !(filter instanceof SelectorFilter) ||
  (filter.condition !== null && 'labels' in body && env.rules.selects(filter.condition, body.labels.seen))

/** Whether a held pull is woken: for what it would be given, and for nothing else (RMQ-089). */
export function hasSomething(state: BrokerState, env: BrokerEnv, filter: Filter | null, queue: QueueState, from: number): boolean {
  if (filter === null) return true
  const entries = logFile(env.disk, queue.file)?.extents
  for (let offset = from; entries !== undefined && offset < Math.min(queue.max, entries.length); offset++) {
    const entry = entryAt(entries, offset)
    if (!passes(env, filter, entry)) continue
    const extent = filter instanceof SelectorFilter ? recordAt(env.disk, state.log, entry.at) : null
    if (extent === null || isSelected(env, filter, extent)) return true
  }
  return false
}

/** RMQ-137: selectors are switched off as shipped, and what can't be parsed is refused. */
export function onCheckClient(state: BrokerState, env: BrokerEnv, from: NodeId, { salt, request, filter }: CheckClient): void {
  const refused = filter === null ? '' : env.rules.refusesSelector(filter.mistake, state.shape.config.enablePropertyFilter)
  env.send(from, { type: 'checkClientAnswer', salt: salted('checkClientAnswer', salt), request, refused } as CheckClientAnswer)
}
