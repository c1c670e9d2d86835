/**
 * Transactional messages (RMQ-126 to RMQ-134): a half waits in an internal topic; its end writes the real message and remembers, in a
 * batch that becomes an op record up to three seconds later, that the half is done; what is not done is checked.
 *
 * Left out: immunity times, several op queues, and reading op records page by page: all are read when they are dispatched.
 */
import { logFile } from '../../../sim/disk.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { mix } from '../../../plan/hash.ts'
import { NO_LABELS } from '../../../plan/labels.ts'
import { holdsLease } from '../controller/lease.ts'
import { NO_MORE, salted, type CheckTransaction, type EndTransaction } from '../messages.ts'
import { toGrid } from './grid.ts'
import { readRecord, scan } from './log.ts'
import { storedOffset, storeOffset } from './offsets.ts'
import { put } from './put.ts'
import { answerOrWait } from './waiting.ts'
import { markHalfEnded } from './answers.ts'
import { Blank, entryAt, HalfInfo, LogRecord } from './record.ts'
import type { BrokerRules } from './rules.ts'
import { copiesForced } from './safe-end.ts'
import { CHECK_MAX_TOPIC, HALF_TOPIC, OP_TOPIC, TXN_GROUP } from './shape.ts'
import { isInService, isSlave, queueOf, type BrokerState, type QueueState, type TransactionState } from './state.ts'

type BrokerEnv = Env<BrokerRules>

const internal = (state: BrokerState, topic: string): QueueState => {
  const queue = queueOf(state, topic, 0)
  if (queue === undefined) throw new Error(`${topic} exists from the start`)
  return queue
}

/** RMQ-132: from now on the broker can ask this producer. */
export function onHeartbeat(state: BrokerState, from: NodeId): void {
  if (!state.producers.includes(from)) state.producers.push(from)
}

/** RMQ-128: the half is read at its place; commit writes the real message first, then the op. */
export function onEndTransaction(state: BrokerState, env: BrokerEnv, end: EndTransaction): void {
  if (!env.rules.endsHalf(end.outcome) || state.stopping !== null || isSlave(state) || !holdsLease(state, env)) return
  const found = readRecord(env.disk, state.log, end.halfAt)
  if (found === null || found.record.half === null || found.record.offset !== end.halfOffset || found.record.message !== end.message) return
  const { record } = found
  const info = found.record.half
  if (state.shape.repairs.has('endTxnOnce')) {
    if (state.txn.ended.includes(record.message)) return markHalfEnded(state, env, { endsHalf: record.offset })
  }
  // Not stored: the half stays open and is checked again (RMQ-128).
  if (env.rules.makesVisible(end.outcome) && !commit(state, env, record, info)) return
  if (!env.rules.makesVisible(end.outcome)) markHalfEnded(state, env, { endsHalf: record.offset })
  if (state.shape.repairs.has('endTxnOnce')) state.txn.ended.push(record.message)
  env.record.endedTxn(record.message, end.outcome)
}

/** Writes the real message; false when it could not be stored. */
function commit(state: BrokerState, env: BrokerEnv, half: LogRecord, info: HalfInfo): boolean {
  const queue = queueOf(state, info.topic, info.queue)
  if (queue === undefined) return false
  const placed = put(state, env, queue, (offset) => committed(state, env, half, info, offset))
  if (placed === null) return false
  const deadline = env.uptime + state.shape.parameters.syncFlushTimeoutUs
  answerOrWait(state, env, {
    start: placed.at,
    end: placed.end,
    deadline,
    since: state.log.forces,
    from: state.id,
    op: half.message,
    attempt: 0,
    digest: half.digest,
    topic: info.topic,
    queue: info.queue,
    offset: placed.offset,
    more: NO_MORE,
    endsHalf: half.offset,
    answer: null,
  })
  return true
}

const committed = (state: BrokerState, env: BrokerEnv, half: LogRecord, info: HalfInfo, offset: number): LogRecord =>
  new LogRecord(
    { topic: info.topic, queue: info.queue, offset },
    {
      message: half.message,
      msgId: env.rules.msgIdOfCommitted(half),
      key: half.key,
      digest: half.digest,
      bytes: half.bytes,
      fails: half.fails,
      labels: env.rules.labelsOfCommitted(half.labels),
    },
    { storeTime: env.now, bornTime: half.bornTime },
    { ends: state.shape.repairs.has('endTxnOnce') },
  )

/** RMQ-128: the batch becomes one op record, written without waiting for its force (RMQ-058). */
export function flushOpBatch(state: BrokerState, env: BrokerEnv): void {
  // Of one that is no master any more nothing is stored, and nobody remembers.
  if (isSlave(state)) state.txn.batch = []
  const { batch } = state.txn
  if (batch.length === 0) return
  if (!holdsLease(state, env)) return env.timer('opBatch', state.shape.parameters.transactionOpBatchUs)
  const done = batch.slice()
  const content = {
    message: -1 - (done[0] ?? 0),
    msgId: '',
    key: '',
    digest: done.reduce((hash, offset) => mix(hash, offset), 0),
    bytes: 8 * done.length,
    fails: 0,
    labels: NO_LABELS,
  }
  const placed = put(
    state,
    env,
    internal(state, OP_TOPIC),
    (offset) => new LogRecord({ topic: OP_TOPIC, queue: 0, offset }, content, { storeTime: env.now, bornTime: env.now }, { done }),
  )
  if (placed === null) return env.timer('opBatch', state.shape.parameters.transactionOpBatchUs)
  state.txn.copiesTo = placed.end
  state.txn.batch = []
}

/** The dispatcher has moved: new op records are read, and the next check is armed if a half is open. */
export function onDispatched(state: BrokerState, env: BrokerEnv): void {
  if (internal(state, HALF_TOPIC).max === 0) return
  readOps(state, env)
  passDone(state, env)
  armCheck(state, env)
}

function readOps(state: BrokerState, env: BrokerEnv): void {
  const queue = internal(state, OP_TOPIC)
  const entries = logFile(env.disk, queue.file)?.extents
  for (; entries !== undefined && state.txn.opsRead < queue.max; state.txn.opsRead++) {
    const found = readRecord(env.disk, state.log, entryAt(entries, state.txn.opsRead).at)
    for (const offset of found?.record.done ?? [])
      if (env.rules.isMarkedDone(offset, state.txn.progress) && !state.txn.done.includes(offset)) state.txn.done.push(offset)
  }
}

/** Moves the progress over halves that are done. */
function passDone(state: BrokerState, env: BrokerEnv): void {
  const { txn } = state
  while (txn.done.includes(txn.progress)) advance(state, env)
}

function advance(state: BrokerState, env: BrokerEnv): void {
  const { txn } = state
  txn.progress++
  txn.done = txn.done.filter((offset) => offset >= txn.progress)
  copiesForced(state, env)
  storeOffset(state, env, TXN_GROUP, HALF_TOPIC, 0, txn.progress)
}

/** RMQ-130: a round every transactionCheckInterval, while a half is open. */
export function armCheck(state: BrokerState, env: BrokerEnv): void {
  if (state.txn.progress < internal(state, HALF_TOPIC).max)
    env.timer('check', toGrid(env.uptime, state.shape.parameters.transactionCheckIntervalUs))
}

export function onCheckTimer(state: BrokerState, env: BrokerEnv): void {
  if (!isInService(state)) return
  if (!holdsLease(state, env)) return armCheck(state, env)
  const began = env.now
  const queue = internal(state, HALF_TOPIC)
  readOps(state, env)
  passDone(state, env)
  while (state.txn.progress < queue.max) {
    if (!checkHalf(state, env, queue, began)) break
    advance(state, env)
    passDone(state, env)
  }
  armCheck(state, env)
}

/** Deals with the half at the progress; false ends the round. */
function checkHalf(state: BrokerState, env: BrokerEnv, queue: QueueState, began: number): boolean {
  const { parameters } = state.shape
  const entries = logFile(env.disk, queue.file)?.extents
  if (entries === undefined) return true
  const { at } = entryAt(entries, state.txn.progress)
  const found = readRecord(env.disk, state.log, at)
  if (found === null || found.record.half === null) return true
  const { record } = found
  const info = found.record.half
  const ageUs = env.now - record.bornTime
  if (env.rules.isGivenUp(info.checks, parameters.transactionChecksMax, ageUs, parameters.fileReservedUs))
    return discard(state, env, record, info)
  if (record.storeTime >= began || !env.rules.isDueForCheck(ageUs, parameters.transactionTimeoutUs)) return false
  if (state.producers.length === 0 && !env.rules.renewsUnasked()) return true
  if (!env.rules.renewsHalf()) return ask(state, env, record, state.txn.progress, at)
  const renewed = new HalfInfo(info.topic, info.queue, info.checks + 1)
  const placed = put(state, env, queue, (offset) => copyOf(record, HALF_TOPIC, offset, env.now, renewed))
  if (placed === null) return false
  state.txn.copiesTo = placed.end
  return ask(state, env, record, placed.offset, placed.at)
}

const copyOf = (record: LogRecord, topic: string, offset: number, now: number, half: HalfInfo): LogRecord =>
  new LogRecord({ topic, queue: 0, offset }, record, { storeTime: now, bornTime: record.bornTime }, { half })

/** RMQ-131: parked where nobody looks; never delivered. */
function discard(state: BrokerState, env: BrokerEnv, record: LogRecord, info: HalfInfo): boolean {
  const placed = put(state, env, internal(state, CHECK_MAX_TOPIC), (offset) => copyOf(record, CHECK_MAX_TOPIC, offset, env.now, info))
  if (placed === null) return false
  state.txn.copiesTo = placed.end
  env.record.discarded(record.message, info.checks)
  return true
}

/**
 * RMQ-132: some live producer of the group, in turn, whoever has sent the half; nobody there means nobody is asked, and the check counts all the
 * same. Simplified: all producers of a plan that send transactions are one group.
 */
function ask(state: BrokerState, env: BrokerEnv, record: LogRecord, halfOffset: number, halfAt: number): true {
  const { producers, txn } = state
  const to = env.rules.whomToAsk(producers, txn.turn)
  txn.turn++
  for (let question = 0; to >= 0 && question < env.rules.questionsOf(); question++)
    env.send(to, {
      type: 'checkTransaction',
      salt: salted('checkTransaction', record.digest, env.uptime),
      message: record.message,
      digest: record.digest,
      halfOffset,
      halfAt,
    } as CheckTransaction)
  return true
}

/** What was stored of its progress has changed. */
export function rereadTransactions(state: BrokerState, env: BrokerEnv): void {
  Object.assign(state.txn, { done: [], ended: [] } satisfies Partial<TransactionState>)
  recoverTransactions(state, env)
}

/** The check goes on from its stored progress; all op records are read again. With the repair, the log says which transactions have ended. */
export function recoverTransactions(state: BrokerState, env: BrokerEnv): void {
  const { txn } = state
  const { max } = internal(state, HALF_TOPIC)
  txn.progress = env.rules.checkFrom(Math.min(storedOffset(state, TXN_GROUP, HALF_TOPIC, 0) ?? 0, max), max)
  txn.safeProgress = txn.progress
  txn.opsRead = 0
  readOps(state, env)
  if (!state.shape.repairs.has('endTxnOnce')) return
  const halves = new Map<number, number>()
  scan(env.disk, state.log, 0, state.log.end, (extent) => {
    const { body } = extent
    if (body instanceof Blank) return true
    if (body.topic === HALF_TOPIC) halves.set(body.offset, body.message)
    if (body.ends) txn.ended.push(body.message)
    for (const offset of body.done ?? []) {
      const message = halves.get(offset)
      if (message !== undefined) txn.ended.push(message)
    }
    return true
  })
}
