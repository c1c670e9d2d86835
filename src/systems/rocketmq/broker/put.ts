/**
 * A message reaches the broker: it is checked, gets its queue offset, is appended, and is answered when the flush mode allows (RMQ-022,
 * RMQ-024, RMQ-055). Nothing that happens later undoes an append (RMQ-023).
 */
import { mix } from '../../../plan/hash.ts'
import type { Us } from '../../../plan/units.ts'
import { label } from '../../../sim/choices.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { holdsLease } from '../controller/lease.ts'
import { lacksReplicas } from '../controller/sync-set.ts'
import { NO_MORE, salted, type SendAnswer, type SendRequest, type SendStatus, type StoredStatus } from '../messages.ts'
import { advanceLine, linesUp } from './busy.ts'
import { awaitMajority } from '../dledger/waits.ts'
import { levelOf, waitingQueue } from './delay.ts'
import { armDispatch } from './dispatch.ts'
import { armDeadline, armFlush, noteIdle } from './flush.ts'
import { armTransfer } from './ha-master.ts'
import { awaitCopies } from './ha-wait.ts'
import { toGrid } from './grid.ts'
import { appendRecord, isFull, makeRoom } from './log.ts'
import { BatchPlace, DelayInfo, HalfInfo, LogRecord, recordSize, TimerInfo } from './record.ts'
import { RetryMark } from './pop-record.ts'
import { retriedSend } from './retried-send.ts'
import type { BrokerRules } from './rules.ts'
import { dueOf, isTooFar, timerQueue } from './timer.ts'
import { HALF_TOPIC, isSystemTopic } from './shape.ts'
import { isSlave, queueOf, topicOf, type BrokerState, type QueueState, type Reply, type Waiting } from './state.ts'

type BrokerEnv = Env<BrokerRules>
const QUEUE = label('broker.queue')

/** A record that was appended. */
export interface Placed {
  readonly queue: QueueState
  readonly offset: number
  readonly at: number
  readonly end: number
}

/** Appends a record to a queue of this broker. Null: not stored, the disk is full. */
export function put(state: BrokerState, env: BrokerEnv, queue: QueueState, make: (offset: number) => LogRecord): Placed | null {
  noteIdle(state, env)
  const offset = queue.next
  const record = make(offset)
  const size = recordSize(record.topic, record.bytes)
  const at = appendRecord(state, env, queue.name, record, size)
  queue.next = env.rules.nextQueueOffset(offset, at >= 0)
  if (at < 0) return null
  armDispatch(state, env)
  armFlush(state, env)
  if (state.ha !== null) armTransfer(state, env)
  return { queue, offset, at, end: at + size }
}

/** RMQ-016, RMQ-019, RMQ-024: why a send is refused before anything is stored, or null. */
function refusal(state: BrokerState, env: BrokerEnv, request: SendRequest): SendStatus | null {
  // RML-033.
  if (state.stopping !== null || (isSlave(state) && env.rules.slaveRefusesSends())) return 'SYSTEM_BUSY'
  if (!holdsLease(state, env)) return 'SERVICE_NOT_AVAILABLE'
  if (lacksReplicas(state, env)) return 'SYSTEM_ERROR'
  if (request.bytes > state.shape.parameters.messageBytesMax || isSystemTopic(state, request.topic)) return 'MESSAGE_ILLEGAL'
  if (request.timer !== undefined && isTooFar(state, env, request.timer)) return 'MESSAGE_ILLEGAL'
  const topic = topicOf(state, request.topic)
  if (topic === undefined) return 'TOPIC_NOT_EXIST'
  return request.queue >= Math.max(topic.readQueues, topic.writeQueues) ? 'SYSTEM_ERROR' : null
}

export function onSend(state: BrokerState, env: BrokerEnv, from: NodeId, asked: SendRequest): void {
  if (!linesUp(state, env, from, asked)) store(state, env, from, asked)
}

/** The disk has taken something: who stands in line goes on. */
export const goOn = (state: BrokerState, env: BrokerEnv): void =>
  advanceLine(state, env, (from, request) => {
    store(state, env, from, request)
  })

function store(state: BrokerState, env: BrokerEnv, from: NodeId, asked: SendRequest): void {
  const request = retriedSend(state, env, asked)
  const refused = refusal(state, env, request)
  if (refused !== null) return answer(env, from, request, refused, request.topic, -1, -1, -1)
  const wanted = request.queue >= 0 ? request.queue : env.choose(QUEUE, mix(request.salt, state.id), queuesOf(state, request.topic))
  const level = levelOf(state, env, request)
  const due = level === 0 && request.timer !== undefined ? dueOf(request.timer, env.now) : 0
  // RMQ-122: what is due is stored as if it had not waited.
  const dueUs = due > env.now ? due : 0
  const waits = level > 0 || dueUs > 0
  const queue = queueFor(state, env, request, { wanted, level, dueUs })
  if (queue === undefined) return answer(env, from, request, 'SYSTEM_ERROR', request.topic, -1, -1, -1)
  let all: readonly Placed[] = []
  for (let copy = 0; copy < env.rules.appendsOf(); copy++) all = putAll(state, env, queue, request, { wanted, level, dueUs })
  const placed = all[0]
  const last = all[all.length - 1]
  if (placed === undefined || last === undefined) return answer(env, from, request, 'SERVICE_NOT_AVAILABLE', request.topic, -1, -1, -1)
  if (request.oneway) return
  const { syncFlushTimeoutUs } = state.shape.parameters
  const waiting: Waiting = {
    start: placed.at,
    end: last.end,
    deadline: env.uptime + syncFlushTimeoutUs,
    since: state.log.forces,
    from,
    op: request.op,
    attempt: request.attempt,
    digest: request.digest,
    // Who sends a delayed message is told its own queue, and the offset at which it waits: see SendAnswer.
    topic: waits ? request.topic : queue.topic,
    queue: waits ? wanted : queue.queue,
    offset: placed.offset,
    more: all.length === 1 ? NO_MORE : all.slice(1).map(({ at }) => at),
    endsHalf: -1,
    answer: null,
    ...(dueUs > 0 ? { dueUs } : {}),
  }
  answerOrWait(state, env, waiting)
}

/** Where a message is stored at first: its own queue, or an internal one. */
function queueFor(state: BrokerState, env: BrokerEnv, request: SendRequest, { wanted, level, dueUs }: Origin): QueueState | undefined {
  if (request.half && env.rules.storesHalfInternally()) return queueOf(state, HALF_TOPIC, 0)
  if (dueUs > 0) return timerQueue(state)
  return level > 0 ? waitingQueue(state, env, level) : queueOf(state, request.topic, wanted)
}

const queuesOf = (state: BrokerState, topic: string): number => topicOf(state, topic)?.writeQueues ?? 1

/** To which queue of its topic it was sent, and by which level it is delayed. */
interface Origin {
  readonly wanted: number
  readonly level: number
  /** Until when it waits on the wheel; 0: it does not. */
  readonly dueUs: Us
}

/** RMQ-059: the messages of a batch are appended in one piece, all or none; nothing where the disk is full. */
function putAll(state: BrokerState, env: BrokerEnv, queue: QueueState, request: SendRequest, origin: Origin): Placed[] {
  const times = { storeTime: env.now, bornTime: request.born }
  const { batch } = request
  if (batch === null) {
    const one = put(state, env, queue, (offset) => recordOf(request, queue, offset, origin, times))
    return one === null ? [] : [one]
  }
  if (!isFull(state, env))
    makeRoom(
      state,
      env,
      batch.reduce((sum, { bytes }) => sum + recordSize(queue.topic, bytes), 0),
    )
  const place = (offset: number) => ({ topic: queue.topic, queue: queue.queue, offset })
  const placed = env.rules
    .orderOfBatch(batch)
    .map((part, nth) =>
      put(state, env, queue, (offset) => new LogRecord(place(offset), part, times, { batch: new BatchPlace(nth, batch.length) })),
    )
  return placed.filter((one) => one !== null)
}

type Times = { readonly storeTime: number; readonly bornTime: number }

function recordOf(request: SendRequest, queue: QueueState, offset: number, { wanted, level, dueUs }: Origin, times: Times): LogRecord {
  const { op: message, msgId, key, digest, bytes, fails, labels } = request
  const [place, content] = [
    { topic: queue.topic, queue: queue.queue, offset },
    { message, msgId, key, digest, bytes, fails, labels },
  ]
  // Most messages are nothing but that.
  if (!request.half && level === 0 && dueUs === 0 && request.reconsumeTimes === undefined) return new LogRecord(place, content, times)
  const half = request.half ? { half: new HalfInfo(request.topic, wanted, 0) } : {}
  const delay = delayOf(request.topic, wanted, level, dueUs, times.storeTime)
  const retried = request.reconsumeTimes === undefined ? {} : { pop: new RetryMark(request.reconsumeTimes) }
  return new LogRecord(place, content, times, { ...half, ...delay, ...retried })
}

function delayOf(topic: string, queue: number, level: number, dueUs: Us, now: Us): { delay?: DelayInfo } {
  if (dueUs > 0) return { delay: new TimerInfo(topic, queue, dueUs, now) }
  return level > 0 ? { delay: new DelayInfo(topic, queue, level) } : {}
}

/** RMQ-022 steps 13 to 15: at once if the rules allow it, else when the force that covers the record is done. */
export function answerOrWait(state: BrokerState, env: BrokerEnv, waiting: Waiting): void {
  if (state.ledger !== null) return awaitMajority(state, env, state.ledger, waiting)
  if (env.rules.mayAnswerSend(waiting, { end: state.log.end, flushedTo: state.log.flushedTo, sync: state.shape.sync }))
    return settle(state, env, waiting, 'SEND_OK')
  state.waiting.push(waiting)
  armDeadline(state, env)
  armFlush(state, env)
}

/** A reply to what is nobody's send: a copy of what came back, the marker of a recall, what POP writes. */
export const waitingReply = (
  { shape, log }: BrokerState,
  env: BrokerEnv,
  from: NodeId,
  { at, end }: Pick<Placed, 'at' | 'end'>,
  answer: Reply,
): Waiting => ({
  start: at,
  end,
  deadline: env.uptime + shape.parameters.syncFlushTimeoutUs,
  since: log.forces,
  from,
  op: 0,
  attempt: 0,
  digest: 0,
  topic: '',
  queue: -1,
  offset: -1,
  more: NO_MORE,
  endsHalf: -1,
  answer,
})

/** It waits as an acknowledgement does. */
export const replyOrWait = (state: BrokerState, env: BrokerEnv, from: NodeId, placed: Placed, answer: Reply): void =>
  answerOrWait(state, env, waitingReply(state, env, from, placed, answer))

/** The disk is done with a waiting send, or with the end of a transaction. */
export function settle(state: BrokerState, env: BrokerEnv, waiting: Waiting, status: StoredStatus): void {
  if (state.ha === null || !awaitCopies(state, env, waiting, status)) conclude(state, env, waiting, status)
}

export function conclude(state: BrokerState, env: BrokerEnv, waiting: Waiting, status: SendStatus): void {
  if (!holdsLease(state, env)) return
  if (waiting.endsHalf >= 0) {
    // RMQ-128: a flush timeout counts as success for the real message; what a group could not commit in time does not.
    if (status !== 'SYSTEM_ERROR') markHalfEnded(state, env, waiting)
    return
  }
  if (waiting.answer !== null) return env.send(waiting.from, status === 'SEND_OK' ? waiting.answer.message : waiting.answer.late)
  const message: SendAnswer = {
    type: 'sendAnswer',
    salt: salted('sendAnswer', waiting.digest, waiting.attempt),
    op: waiting.op,
    attempt: waiting.attempt,
    status,
    topic: waiting.topic,
    queue: waiting.queue,
    offset: waiting.offset,
    at: waiting.start,
    more: waiting.more.length === 0 ? NO_MORE : [...waiting.more],
    ...(waiting.dueUs === undefined ? {} : { dueUs: waiting.dueUs }),
  }
  env.send(waiting.from, message)
}

/** Remembers, until the next op record, that a half is done. */
export function markHalfEnded(state: BrokerState, env: BrokerEnv, waiting: { readonly endsHalf: number }): void {
  state.txn.batch.push(waiting.endsHalf)
  env.timer('opBatch', toGrid(env.uptime, state.shape.parameters.transactionOpBatchUs))
}

export function answer(
  env: BrokerEnv,
  to: NodeId,
  request: SendRequest,
  status: SendStatus,
  topic: string,
  queue: number,
  offset: number,
  at: number,
): void {
  if (request.oneway) return
  env.send(to, {
    type: 'sendAnswer',
    salt: salted('sendAnswer', request.digest, request.attempt),
    op: request.op,
    attempt: request.attempt,
    status,
    topic,
    queue,
    offset,
    at,
    more: NO_MORE,
  } as SendAnswer)
}
