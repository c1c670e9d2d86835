/**
 * A message reaches the broker: it is checked, gets its queue, is appended, and is answered when the flush mode allows (RMQ-022, RMQ-024,
 * RMQ-055).
 */
import { mix } from '../../../plan/hash.ts'
import type { Us } from '../../../plan/units.ts'
import { label } from '../../../sim/choices.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { lacksReplicas } from '../controller/in-sync.ts'
import { holdsLease } from '../controller/lease.ts'
import { NO_MORE, type SendRequest, type SendStatus } from '../messages.ts'
import { answer } from './answers.ts'
import { advanceLine, linesUp } from './busy.ts'
import { levelOf, waitingQueue } from './delay.ts'
import { isFull, makeRoom } from './log.ts'
import { RetryMark } from './pop-record.ts'
import { put, type Placed } from './put.ts'
import { BatchPlace, DelayInfo, HalfInfo, LogRecord, recordSize, TimerInfo } from './record.ts'
import { retriedSend } from './retried-send.ts'
import type { BrokerRules } from './rules.ts'
import { HALF_TOPIC, isSystemTopic } from './shape.ts'
import { isSlave, queueOf, topicOf, type BrokerState, type QueueState, type Waiting } from './state.ts'
import { dueOf, isTooFar, timerQueue } from './timer.ts'
import { answerOrWait } from './waiting.ts'

type BrokerEnv = Env<BrokerRules>

const QUEUE = label('broker.queue')

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

/** To which queue of its topic it was sent, and by which level it is delayed. */
interface Origin {
  readonly wanted: number
  readonly level: number
  /** Until when it waits on the wheel; 0: it does not. */
  readonly dueUs: Us
}

/** Where a message is stored at first: its own queue, or an internal one. */
function queueFor(state: BrokerState, env: BrokerEnv, request: SendRequest, { wanted, level, dueUs }: Origin): QueueState | undefined {
  if (request.half && env.rules.storesHalfInternally()) return queueOf(state, HALF_TOPIC, 0)
  if (dueUs > 0) return timerQueue(state)
  return level > 0 ? waitingQueue(state, env, level) : queueOf(state, request.topic, wanted)
}

const queuesOf = (state: BrokerState, topic: string): number => topicOf(state, topic)?.writeQueues ?? 1

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
