/** Where each group stands, as the broker knows it (RMQ-095, RMQ-097): in memory at once, in consumerOffset.json every five seconds. */
import type { Entry } from '../../../sim/agenda.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted, type OffsetAnswer, type QueryOffset, type UpdateOffset } from '../messages.ts'
import { toGrid } from './grid.ts'
import type { BrokerRules } from './rules.ts'
import { isYoung, offsetSince } from './search.ts'
import { isSlave, pendingReset, queueOf, tellsItsLog, type BrokerState, type GroupOffset } from './state.ts'
import { copiesForced, waitsForOwnWrites } from './safe-end.ts'
import { TXN_GROUP } from './shape.ts'

type BrokerEnv = Env<BrokerRules>
export const OFFSET_FILE = 'config/consumerOffset.json'

export interface OffsetFile {
  readonly offsets: readonly GroupOffset[]
}

/** How far any group is. */
export function furthestOffset(state: BrokerState, topic: string, queue: number): number | null {
  let furthest: number | null = null
  for (const one of state.offsets) if (one.queue === queue && one.topic === topic) furthest = Math.max(furthest ?? 0, one.offset)
  return furthest
}

export function storedOffset(state: BrokerState, group: string, topic: string, queue: number): number | null {
  for (const one of state.offsets) if (one.queue === queue && one.group === group && one.topic === topic) return one.offset
  return null
}

/** A value below the stored one is taken too, with a warning only (RMQ-095). */
export function storeOffset(state: BrokerState, env: BrokerEnv, group: string, topic: string, queue: number, offset: number): void {
  const known = state.offsets.findIndex((one) => one.queue === queue && one.group === group && one.topic === topic)
  if (known >= 0 && state.offsets[known]?.offset === offset) return
  const entry = { group, topic, queue, offset }
  if (known >= 0) state.offsets[known] = entry
  else state.offsets.push(entry)
  const one = queueOf(state, topic, queue)
  if (one !== undefined) one.min = env.rules.minAfterProgress(one.min, () => Math.min(offset, one.max))
  const name = one?.name ?? state.shape.nameOf(topic, queue)
  if (tellsItsLog(state)) env.record.storedOffset(group, topic, name, offset, false)
  if (!state.offsetsChanged) env.timer('offsets', toGrid(env.uptime, state.shape.parameters.offsetFlushUs))
  state.offsetsChanged = true
}

/** RMQ-098: while a reset waits to be taken, commits do not count. */
export function onUpdateOffset(state: BrokerState, env: BrokerEnv, { group, topic, queue, offset }: UpdateOffset): void {
  if (pendingReset(state, group, topic, queue) === undefined) storeOffset(state, env, env.rules.groupOfOffset(group), topic, queue, offset)
}

function progressOf(state: BrokerState, env: BrokerEnv, { group, topic, queue }: QueryOffset): number | null {
  const own = storedOffset(state, env.rules.groupOfOffset(group), topic, queue)
  return env.rules.offsetOfGroup(own, () => furthestOffset(state, topic, queue))
}

/** RMQ-097: "none" comes with what the client needs to choose a start; the client's rule does the choosing. */
export function onQueryOffset(state: BrokerState, env: BrokerEnv, from: NodeId, query: QueryOffset): void {
  const queue = queueOf(state, query.topic, query.queue)
  const pending = pendingReset(state, query.group, query.topic, query.queue)
  const stored = pending === undefined ? progressOf(state, env, query) : pending.offset
  const found = queue === undefined ? 'error' : stored === null ? 'none' : 'stored'
  const answer: OffsetAnswer = {
    type: 'offsetAnswer',
    salt: salted('offsetAnswer', query.salt),
    request: query.request,
    found,
    offset: stored ?? 0,
    min: queue?.min ?? 0,
    max: queue?.max ?? 0,
    young: queue !== undefined && found === 'none' && isYoung(state, env, queue),
    since: queue === undefined || found !== 'none' || query.sinceUs < 0 ? -1 : offsetSince(state, env, queue, query.sinceUs),
  }
  env.send(from, answer)
}

/** Gives the version that is on its way to the disk. */
export function saveOffsets(state: BrokerState, env: BrokerEnv): number {
  state.offsetsChanged = false
  return env.save(OFFSET_FILE, { offsets: persistable(state, env) } satisfies OffsetFile)
}

export function onOffsetsSaved(state: BrokerState, env: BrokerEnv, entry: Entry): void {
  const saved = entry.body as OffsetFile | null
  if (entry.b === 0 || saved === null || !tellsItsLog(state)) return
  for (const one of saved.offsets) {
    const before = state.offsetsSaved.find((old) => old.group === one.group && old.topic === one.topic && old.queue === one.queue)
    if (before?.offset !== one.offset)
      env.record.storedOffset(one.group, one.topic, state.shape.nameOf(one.topic, one.queue), one.offset, true)
  }
  state.offsetsSaved = saved.offsets
}

/** The transaction check's own progress is saved only as far as the copies that it skipped are safe (repair waitForInternalWrites). */
export function persistable(state: BrokerState, env: BrokerEnv): GroupOffset[] {
  const guarded = waitsForOwnWrites(state)
  // Of its copies it hears without a force.
  if (guarded && !isSlave(state)) copiesForced(state, env)
  return state.offsets.map((one) => ({
    ...one,
    offset: guarded && one.group === TXN_GROUP ? Math.min(one.offset, state.txn.safeProgress) : one.offset,
  }))
}
