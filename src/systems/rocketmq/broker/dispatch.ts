/**
 * The dispatcher (RMQ-030 to RMQ-033): it follows the log up to the ceiling and builds, for each record, its consume-queue entry and its
 * key entry; from then on the record can be pulled. RocketMQ's loop turns every millisecond; here a turn is armed when there is work.
 */
import { TIMER_TOPIC } from '../../../history/recalls.ts'
import { mixWide } from '../../../plan/hash.ts'
import { label } from '../../../sim/choices.ts'
import { Extent } from '../../../sim/disk.ts'
import type { Env } from '../../../sim/system.ts'
import { EntryRecord } from '../dledger/entry.ts'
import { considerServing } from '../dledger/member.ts'
import { confirmed } from '../controller/sync-set.ts'
import { armLevels, noteLevel } from './delay.ts'
import { armCheckpoint, armQueueFlush } from './checkpoint.ts'
import { addKeys } from './key-index.ts'
import { logStart, scan, type LogExtent } from './log.ts'
import { answerHeldPops } from './pop.ts'
import { answerHeld } from './pull.ts'
import { Blank, QUEUE_ENTRY_BYTES, QueueEntry, soundness, type LogRecord } from './record.ts'
import { readRevive } from './revive.ts'
import type { BrokerRules } from './rules.ts'
import { isSlave, queueOf, tellsItsLog, type BrokerState, type QueueState } from './state.ts'
import { SCHEDULE_TOPIC } from './shape.ts'
import { fillWheel, noteTimerQueue } from './timer.ts'
import { onDispatched } from './transactions.ts'

type BrokerEnv = Env<BrokerRules>
const TURN = label('broker.dispatch')

/** How far the log may be shown. */
export function ceiling(state: BrokerState, env: BrokerEnv): number {
  const { ledger, log, ha, shape } = state
  if (ledger !== null) return Math.min(log.end, env.rules.showsUpTo(ledger.raft.committed, log.end))
  const forcedOnly = shape.repairs.has('dispatchForcedOnly')
  if (ha === null || ha.replica === null)
    return env.rules.dispatchLimit({ end: log.end, flushedTo: log.flushedTo, sync: shape.sync }, forcedOnly)
  // RMQ-030: where controllers give out roles it is what is confirmed, whatever the flush mode.
  return Math.min(confirmed(state, env, ha, ha.replica), forcedOnly ? log.flushedTo : log.end)
}

export function armDispatch(state: BrokerState, env: BrokerEnv): void {
  if (state.dispatchArmed || state.ha?.stuck === true || state.dispatchedTo >= ceiling(state, env)) return
  state.dispatchArmed = true
  const { dispatchIntervalUs } = state.shape.parameters
  env.timer('dispatch', 1 + env.choose(TURN, mixWide(state.id, env.uptime), dispatchIntervalUs))
}

export function onDispatchTimer(state: BrokerState, env: BrokerEnv): void {
  state.dispatchArmed = false
  dispatchTo(state, env, ceiling(state, env))
  armDispatch(state, env)
}

export function dispatchTo(state: BrokerState, env: BrokerEnv, limit: number): void {
  const before = state.dispatchedTo
  const slave = isSlave(state)
  scan(env.disk, state.log, before, limit, (extent, at) => {
    if (at + extent.size > limit) return false
    // RMQ-032: a slave waits at what it can't read.
    if (state.ha !== null && slave && !soundness(extent).framed) {
      state.ha.stuck = true
      return false
    }
    const isIndexed = !slave || env.rules.slaveIndexes(at + extent.size, state.log.end)
    if (!(extent.body instanceof Blank) && isIndexed) index(state, env, extent.body, extent, at, false)
    state.dispatchedTo = at + extent.size
    return true
  })
  if (state.dispatchedTo === before) return
  armQueueFlush(state, env)
  armCheckpoint(state, env)
  answerHeld(state, env)
  if (state.ledger !== null) considerServing(state, env)
  // RMQ-070: transactions, delayed messages and the like are the master's.
  if (slave) return
  if (state.pop !== null) {
    readRevive(state, env)
    answerHeldPops(state, env)
  }
  onDispatched(state, env)
  if (state.delays.levels.length > 0) armLevels(state, env)
  if (state.timer !== null) fillWheel(state, env, state.timer)
}

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

export const QUEUE_FOLDER = 'consumequeue'
export const queueFile = (topic: string, queue: number): string => `${QUEUE_FOLDER}/${topic}/${queue}`

export function addQueue(state: BrokerState, topic: string, queue: number): QueueState {
  const name = state.shape.nameOf(topic, queue)
  state.queues.push({ topic, queue, name, file: queueFile(topic, queue), next: 0, max: 0, min: 0, physicalMax: 0, forced: 0 })
  if (topic === SCHEDULE_TOPIC) noteLevel(state, queue)
  else if (topic === TIMER_TOPIC) noteTimerQueue(state)
  return state.queues[state.queues.length - 1] as QueueState
}
