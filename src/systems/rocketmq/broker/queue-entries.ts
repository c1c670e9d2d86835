/** The consume queues' entries (RMQ-028): built record by record, and cut to fit a log that has become shorter. */
import { Extent, logFile } from '../../../sim/disk.ts'
import type { Env } from '../../../sim/system.ts'
import { EntryRecord } from '../dledger/entry.ts'
import { addKeys } from './key-index.ts'
import { logStart } from './log-state.ts'
import type { LogExtent } from './log.ts'
import { addQueue } from './queues.ts'
import { QUEUE_ENTRY_BYTES, QueueEntry, type LogRecord } from './record.ts'
import { firstKept } from './retention.ts'
import type { BrokerRules } from './rules.ts'
import { queueOf, tellsItsLog, type BrokerState, type QueueState } from './state.ts'

type BrokerEnv = Env<BrokerRules>

/** Builds the entries of one record. RMQ-028: what is already there is left, and an index ahead of the end is appended all the same. */
export function index(state: BrokerState, env: BrokerEnv, record: LogRecord, extent: LogExtent, at: number, rebuilt: boolean): void {
  const queue = queueOf(state, record.topic, record.queue) ?? addQueue(state, record.topic, record.queue)
  state.dispatchedTime = record.storeTime
  if (!rebuilt || env.rules.rebuildsKeys()) addKeys(env, record, at)
  if (at + extent.size <= queue.physicalMax || record.offset < queue.max) return
  if (queue.max === 0 && logStart(state.log) > 0) leaveBlank(env, queue, record.offset)
  env.append(
    queue.file,
    new Extent(
      queue.max * QUEUE_ENTRY_BYTES,
      QUEUE_ENTRY_BYTES,
      new QueueEntry(at, extent.size, env.rules.tagsCodeOf(record.labels, rebuilt)),
    ),
  )
  if (tellsItsLog(state)) env.record.dispatch(queue.topic, queue.name, queue.max, at)
  else if (state.ledger !== null) tellCommitted(state, env, queue, record, at)
  queue.max++
  queue.physicalMax = at + extent.size
}

function tellCommitted({ ledger }: BrokerState, env: BrokerEnv, { topic, name, max }: QueueState, record: LogRecord, at: number): void {
  const term = ledger?.raft.term ?? 0
  const entryTerm = record instanceof EntryRecord ? record.term : term
  env.record.committed({ topic, queue: name, offset: max, message: record.message, at, term, entryTerm })
}

/** Where no record is. */
const NOTHING = new QueueEntry(-1, 0, 0)

/** RMQ-028: the first entry of a queue file keeps its place, with blanks before it. Inferred, not measured: so it is after files were deleted. */
function leaveBlank(env: BrokerEnv, queue: QueueState, entries: number): void {
  for (; queue.max < entries; queue.max++) env.append(queue.file, new Extent(queue.max * QUEUE_ENTRY_BYTES, QUEUE_ENTRY_BYTES, NOTHING))
  queue.min = queue.max
}

/** RMQ-047: no entry may point past the log's end; an empty log has empty queues. RMQ-049: the next offset is what is left. */
export function cutQueue(state: BrokerState, env: BrokerEnv, topic: string, queue: number, logEnd = state.log.end): void {
  const one = queueOf(state, topic, queue)
  if (one === undefined) return
  const file = logFile(env.disk, one.file)
  const kept = file === undefined ? 0 : file.extents.search((extent) => !env.rules.keepsQueueEntry(extent.body as QueueEntry, logEnd))
  env.truncate(one.file, kept * QUEUE_ENTRY_BYTES)
  one.max = kept
  one.forced = Math.min(kept, Math.floor((file?.forced ?? 0) / QUEUE_ENTRY_BYTES))
  one.physicalMax = Math.min(one.physicalMax, logEnd)
  one.next = env.rules.nextAfterRecovery(kept)
  if (logStart(state.log) > 0) one.min = env.rules.minAfterDeletion(0, firstKept(state, env, one), kept)
}

/** No queue holds an entry for what lies at `to` or behind it. */
export function cutQueues(state: BrokerState, env: BrokerEnv, to: number): void {
  for (const queue of state.queues) cutQueue(state, env, queue.topic, queue.queue, to)
}
