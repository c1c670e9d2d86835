/** Where a queue stands in time, and whether a reader of it meets memory or disk. */
import { logFile } from '../../../sim/disk.ts'
import type { Us } from '../../../plan/units.ts'
import type { Env } from '../../../sim/system.ts'
import { recordAt } from './log.ts'
import { entryAt, type QueueEntry } from './record.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState, QueueState } from './state.ts'

type BrokerEnv = Env<BrokerRules>

function entryOrNull(env: BrokerEnv, queue: QueueState, offset: number): QueueEntry | null {
  const entries = logFile(env.disk, queue.file)?.extents
  return entries === undefined || offset >= entries.length ? null : entryAt(entries, offset)
}

/** RMQ-097: the first message that was stored at a time or later, by bisection over store times, which are the broker's own wall clock. */
export function offsetSince(state: BrokerState, env: BrokerEnv, queue: QueueState, sinceUs: Us): number {
  let low = queue.min
  let high = queue.max
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const entry = entryOrNull(env, queue, middle)
    const record = entry === null ? null : recordAt(env.disk, state.log, entry.at)
    if (record !== null && env.rules.isStoredSince(record.body.storeTime, sinceUs)) high = middle
    else low = middle + 1
  }
  return low
}

/** RMQ-097: a queue whose first message is in memory still: its beginning is where a group without progress begins, whatever it wants. */
export function isYoung(state: BrokerState, env: BrokerEnv, queue: QueueState): boolean {
  const first = queue.max > 0 && queue.min <= 0 ? entryOrNull(env, queue, 0) : null
  return first !== null && env.rules.isInMemory(state.log.end - first.at, state.shape.parameters.inMemoryBytes)
}
