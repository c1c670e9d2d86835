/**
 * The key index (RMQ-029, RMQ-050): by the hash of topic and key, where in the log messages with it lie. Java's hash of 32 bits, so different keys
 * may share one; whoever asks has to compare.
 *
 * Here one entry stands for the entries of one record, that of its msgId and that of the application's key, and hashes are taken when somebody asks:
 * most runs never do. Left out: several keys of one message, and more than one file, which 20 million entries fill.
 */
import { Extent, logFile } from '../../../sim/disk.ts'
import type { Vec } from '../../../sim/vec.ts'
import type { Us } from '../../../plan/units.ts'
import type { Env } from '../../../sim/system.ts'
import { scan } from './log.ts'
import { Blank, KEY_ENTRY_BYTES, KeyEntry, type LogRecord } from './record.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState } from './state.ts'
import { keysOf } from './trace-record.ts'

type BrokerEnv = Env<BrokerRules>
export const KEY_INDEX = 'index'
/** RMQ-029: maxHashSlotNum. */
const SLOTS = 5_000_000

/** Both by the broker's wall clock. */
export interface Span {
  readonly since: Us
  readonly until: Us
}

export function addKeys(env: BrokerEnv, record: LogRecord, at: number): void {
  const file = logFile(env.disk, KEY_INDEX)
  const count = file?.extents.length ?? 0
  if (count > 0 && file !== undefined && !env.rules.takesKeys(at, entryOf(file.extents, count - 1).at)) return
  env.append(KEY_INDEX, new Extent(count * KEY_ENTRY_BYTES, KEY_ENTRY_BYTES, new KeyEntry(record, at)))
}

/** RMQ-050: after an abnormal start the key index begins with the scan; the repair rebuilds it from the beginning of the log. */
export function recoverKeyIndex(state: BrokerState, env: BrokerEnv, from: number): void {
  if (env.rules.dropsKeyIndex()) env.remove(KEY_INDEX)
  if (!state.shape.repairs.has('keepKeyIndex')) return
  scan(env.disk, state.log, 0, from, ({ body }, at) => {
    if (!(body instanceof Blank)) addKeys(env, body, at)
    return true
  })
}

const entryOf = (entries: Vec<Extent>, index: number): KeyEntry => entries.at(index).body as KeyEntry

/** Does what was asked for overlap with what the file says that it holds (IndexFile.isTimeMatched)? */
const overlaps = ({ since, until }: Span, first: Us, last: Us): boolean =>
  (since < first && until > last) || (since >= first && since <= last) || (until >= first && until <= last)

/**
 * Where messages with a key may lie, the newest first, at most `max` places: as IndexFile walks the entries of a slot. The walk ends at the first
 * entry that is older than what was asked for, since entries are taken to be in the order of their times.
 */
export function placesOf(
  env: BrokerEnv,
  wanted: { readonly topic: string; readonly key: string },
  span: Span,
  max: number,
  suits: (record: LogRecord) => boolean,
): number[] {
  const entries = logFile(env.disk, KEY_INDEX)?.extents
  if (entries === undefined || entries.length === 0) return []
  const [first, last] = [entryOf(entries, 0).record.storeTime, entryOf(entries, entries.length - 1).record.storeTime]
  const hash = env.rules.keyHash(`${wanted.topic}#${wanted.key}`)
  const places: number[] = []
  if (!overlaps(span, first, last)) return places
  for (let k = entries.length - 1; k >= 0 && places.length < max; k--) {
    const { record, at } = entryOf(entries, k)
    const time = env.rules.timeInIndex(first, record.storeTime)
    for (const key of keysOf(record)) {
      const found = key === '' ? -1 : env.rules.keyHash(`${record.topic}#${key}`)
      if (found < 0 || found % SLOTS !== hash % SLOTS) continue
      if (found === hash && time >= span.since && time <= span.until && suits(record)) places.push(at)
      if (time < span.since || !env.rules.leadsOn()) return places
    }
  }
  return places
}
