/** The commit log: one sequence of records over fixed-size files (RMQ-025, RMQ-026). */
import type { QueueName } from '../../../plan/queues.ts'
import { Extent, logFile, type Disk } from '../../../sim/disk.ts'
import type { Env } from '../../../sim/system.ts'
import { Blank, BLANK, BLANK_HEADER_BYTES, type LogEntry, type LogRecord } from './record.ts'
import { armCleaner, noteFullDisk } from './retention.ts'
import type { BrokerRules } from './rules.ts'
import { EntryRecord } from '../dledger/entry.ts'
import { tellsItsLog, type BrokerState, type LogState, type Segment } from './state.ts'

export const COMMIT_LOG = 'commitlog/'
/** RMQ-026: named by its start, 20 digits. */
export const segmentName = (start: number): string => COMMIT_LOG + String(start).padStart(20, '0')

export type LogExtent = Extent<LogEntry>

const lastOf = (log: LogState): Segment | undefined => log.segments[log.segments.length - 1]

/** Finds where a record of this size goes, rolling to a new file when the present one has no room. */
function roomFor(state: BrokerState, env: Env<BrokerRules>, size: number): Segment {
  const { log, shape } = state
  const last = lastOf(log)
  if (last !== undefined) {
    const left = last.start + shape.parameters.segmentBytes - log.end
    if (size + BLANK_HEADER_BYTES <= left) return last
    if (left > 0) env.append(last.name, new Extent<LogEntry>(log.end - last.start, left, BLANK))
    log.end += Math.max(0, left)
  }
  const next = { start: log.end, name: segmentName(log.end) }
  log.segments.push(next)
  // The file before it may go now, in its time.
  if (last !== undefined) armCleaner(state, env)
  return next
}

/** RMQ-026, RMQ-059: a batch lies in one file as a whole. */
export const makeRoom = (state: BrokerState, env: Env<BrokerRules>, size: number): void => void roomFor(state, env, size)

export const isFull = (state: BrokerState, env: Env<BrokerRules>): boolean => env.diskFull() || state.cleaning.full

/** Appends one record; gives its physical offset, or -1 when the disk is over 90 % full (RMQ-052): nothing was stored, reads go on. */
export function appendRecord(state: BrokerState, env: Env<BrokerRules>, queue: QueueName, record: LogRecord, size: number): number {
  if (isFull(state, env)) {
    noteFullDisk(state, env)
    return -1
  }
  const at = appendEntry(state, env, state.ledger === null ? record : new EntryRecord(record, state.ledger.raft.term), size)
  state.log.appendedTime = record.storeTime
  if (!tellsItsLog(state)) return at
  env.record.append({
    topic: record.topic,
    queue,
    offset: record.offset,
    message: record.message,
    at,
    size,
    half: record.half !== null,
  })
  return at
}

/** Appends what fits its files; gives where. */
export function appendEntry(state: BrokerState, env: Env<BrokerRules>, entry: LogEntry, size: number): number {
  const segment = roomFor(state, env, size)
  const at = state.log.end
  env.append(segment.name, new Extent<LogEntry>(at - segment.start, size, entry))
  state.log.end = at + size
  return at
}

/** What lies behind `at` is gone, and so is an entry in the midst of which that is. Gives where the log ends then. */
export function cutLog({ log }: BrokerState, env: Env<BrokerRules>, at: number): number {
  let to = log.segments[0]?.start ?? 0
  scan(env.disk, log, to, at, (extent, from) => {
    if (from + extent.size <= at) to = from + extent.size
    return true
  })
  for (const segment of log.segments) {
    if (segment.start >= to) env.remove(segment.name)
    else env.truncate(segment.name, to - segment.start)
  }
  log.segments = log.segments.filter((segment) => segment.start < to)
  log.end = to
  log.flushedTo = Math.min(log.flushedTo, to)
  return to
}

/** Of a slave: bytes of its master's log, at the end of its own. */
export function appendCopy(state: BrokerState, env: Env<BrokerRules>, { size, body, damage }: LogExtent): void {
  const { log, shape } = state
  const at = log.end
  const last = lastOf(log)
  const segment = last !== undefined && at < last.start + shape.parameters.segmentBytes ? last : { start: at, name: segmentName(at) }
  if (segment !== last) log.segments.push(segment)
  env.append(segment.name, new Extent<LogEntry>(at - segment.start, size, body, damage))
  log.end = at + size
  if (body instanceof Blank) return
  log.appendedTime = body.storeTime
  if (state.ledger !== null) return
  const { topic, queue, offset, message } = body
  env.record.copied({ topic, queue: shape.nameOf(topic, queue), offset, message, at, size })
}

/** The end of a record whose beginning is not there: nobody can make sense of it. */
export const fragment = (size: number): LogExtent => new Extent<LogEntry>(0, size, BLANK, [{ kind: 'flip', from: 0, to: size }])

const startOf = (extent: Extent): number => extent.at
const isRecord = (extent: LogExtent): extent is Extent<LogRecord> => !(extent.body instanceof Blank)

/** The extent of the record that starts at a physical offset, or null. */
export function recordAt(disk: Disk, log: LogState, at: number): Extent<LogRecord> | null {
  const segment = segmentOf(log, at)
  const file = segment === undefined ? undefined : logFile(disk, segment.name)
  if (segment === undefined || file === undefined) return null
  const index = file.extents.firstFrom(startOf, at - segment.start)
  if (index >= file.extents.length) return null
  const extent = file.extents.at(index) as LogExtent
  return extent.at === at - segment.start && isRecord(extent) ? extent : null
}

/** The record that starts at a physical offset, or null. */
export function readRecord(disk: Disk, log: LogState, at: number): { record: LogRecord; extent: LogExtent } | null {
  const extent = recordAt(disk, log, at)
  return extent === null ? null : { record: extent.body, extent }
}

export function segmentOf(log: LogState, at: number): Segment | undefined {
  for (let i = log.segments.length - 1; i >= 0; i--) {
    const segment = log.segments[i] as Segment
    if (segment.start <= at) return segment
  }
  return undefined
}

/** Calls `visit` for each record in [from, to), in log order; blanks are passed over. Stops when it says false. */
export function scan(disk: Disk, log: LogState, from: number, to: number, visit: (extent: LogExtent, at: number) => boolean): void {
  const first = log.segments.findLastIndex((segment) => segment.start <= from)
  for (let k = Math.max(0, first); k < log.segments.length; k++) {
    const segment = log.segments[k] as Segment
    if (segment.start >= to) return
    const file = logFile(disk, segment.name)
    if (file === undefined) continue
    for (let i = file.extents.search((extent) => segment.start + extent.at >= from); i < file.extents.length; i++) {
      const extent = file.extents.at(i) as LogExtent
      const at = segment.start + extent.at
      if (at >= to) return
      if (!visit(extent, at)) return
    }
  }
}

/** The last record that ends at or before `to`, or null. */
export function readRecordBefore(disk: Disk, log: LogState, to: number): LogRecord | null {
  for (let i = log.segments.length - 1; i >= 0; i--) {
    const segment = log.segments[i] as Segment
    if (segment.start >= to) continue
    const file = logFile(disk, segment.name)
    if (file === undefined) continue
    for (let k = file.extents.search((extent) => segment.start + extent.at + extent.size > to) - 1; k >= 0; k--) {
      const { body } = file.extents.at(k) as LogExtent
      if (!(body instanceof Blank)) return body
    }
  }
  return null
}
