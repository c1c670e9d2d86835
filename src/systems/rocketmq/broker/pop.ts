/**
 * POP (RMQ-110): a consumer asks for whatever a topic holds for its group at this broker, and the broker remembers what it gave away: in a
 * checkpoint in the log, and in the group's progress, which moves at once. Nothing in a queue is anybody's own.
 *
 * Left out: the lock of each group's queue (a request is one step here, so nobody ever finds it taken), merging checkpoints in memory
 * (`enablePopBufferMerge` is off as shipped, RMQ-112), bounds on the invisible time, and `attemptId`.
 */
import { isRetryTopic, popRetryTopic } from '../../../plan/group-topics.ts'
import { logFile } from '../../../sim/disk.ts'
import { mix } from '../../../plan/hash.ts'
import { NO_LABELS } from '../../../plan/labels.ts'
import { label } from '../../../sim/choices.ts'
import type { Env, Message, NodeId } from '../../../sim/system.ts'
import { salted } from '../messages.ts'
import type { PopAnswer, PoppedMessage, PopRequest } from '../pop-messages.ts'
import { armDeadline, armFlush } from './force.ts'
import { recordAt } from './log.ts'
import { isSubscribed, noteAlive } from './members.ts'
import { storedOffset, storeOffset } from './offsets.ts'
import { armOrderWake, isQueueBlocked, noteOrderlyPop } from './pop-order.ts'
import { Checkpoint, reconsumeTimesOf } from './pop-record.ts'
import { REVIVE_TOPIC, type PopState } from './pop-state.ts'
import { put } from './put.ts'
import { waitingReply } from './waiting.ts'
import { digestRead, entryAt, LogRecord } from './record.ts'
import type { BrokerRules } from './rules.ts'
import { queueOf, Reply, type BrokerState, type QueueState } from './state.ts'

type BrokerEnv = Env<BrokerRules>
const RETRY_FIRST = label('broker.popRetry')
const FIRST_QUEUE = label('broker.popQueue')
/** RMQ-111: popFromRetryProbability is 20 %: one of so many. */
const RETRY_DRAWS = 5
/** What a checkpoint or an acknowledgement has for a body. */
const MARK_BYTES = 64

export function onPop(state: BrokerState, env: BrokerEnv, from: NodeId, pop: PopRequest): void {
  if (state.pop === null || state.stopping !== null || !state.topics.some(({ topic }) => topic === pop.topic))
    return env.send(from, answerTo(pop, 'ERROR', []))
  if (!isSubscribed(state, pop.group, pop.topic)) return env.send(from, answerTo(pop, 'NOT_SUBSCRIBED', []))
  noteAlive(state, env, pop.group, pop.clientId)
  if (serve(state, env, state.pop, from, pop)) return
  state.pop.held.push({ from, pop, deadline: env.uptime + state.shape.parameters.popHoldUs })
  if (pop.order) armOrderWake(state, env)
  armHold(env, state.pop)
}

const answerTo = (pop: PopRequest, status: PopAnswer['status'], messages: readonly PoppedMessage[]): PopAnswer => ({
  type: 'popAnswer',
  salt: salted('popAnswer', pop.salt),
  request: pop.request,
  status,
  messages,
})

/** Gives what there is, if there is something. */
function serve(state: BrokerState, env: BrokerEnv, own: PopState, from: NodeId, pop: PopRequest): boolean {
  const luck = mix(pop.salt, env.uptime)
  const retryFirst = !pop.order && env.rules.popsRetryFirst(env.choose(RETRY_FIRST, luck, RETRY_DRAWS))
  const normal = state.queues.filter(({ topic }) => topic === pop.topic)
  const start = normal.length > 1 ? env.choose(FIRST_QUEUE, luck, normal.length) : 0
  const retry = pop.order ? undefined : queueOf(state, popRetryTopic(pop.group, pop.topic), 0)
  // A retry topic comes to be with its first message (RMQ-111).
  const rest = retry === undefined || retry.max === 0 ? [] : [retry]
  const turns = [...normal.slice(start), ...normal.slice(0, start)]
  const reviveQueue = own.serial % own.revive.length
  const messages: PoppedMessage[] = []
  for (const queue of retryFirst ? [...rest, ...turns] : [...turns, ...rest])
    if (messages.length < pop.max) messages.push(...popQueue(state, env, own, pop, queue, pop.max - messages.length, reviveQueue))
  if (messages.length === 0) return false
  if (!pop.order) own.serial++
  // Under ASYNC_FLUSH nobody waits for the messages: their time would be over.
  answerStored(state, env, from, answerTo(pop, 'FOUND', messages), pop.order ? 0 : state.log.end, false)
  return true
}

/** Where the group stands: ahead of what is stored while a checkpoint is on its way to the disk. */
function popOffset(state: BrokerState, env: BrokerEnv, own: PopState, group: string, queue: QueueState): number {
  const { topic, min, max } = queue
  const ahead = own.ahead.findLast((one) => one.queue === queue.queue && one.group === group && one.topic === topic)?.offset
  const known = ahead ?? storedOffset(state, group, topic, queue.queue)
  if (known !== null) return known
  const start = env.rules.popStart({ retry: isRetryTopic(topic), min, max })
  // A start that is not the beginning is remembered.
  if (start !== 0) storeOffset(state, env, group, topic, queue.queue, start)
  return start
}

/** Takes messages of one queue, and writes down who has them until when. Nothing is given where that can't be written. */
function popQueue(
  state: BrokerState,
  env: BrokerEnv,
  own: PopState,
  pop: PopRequest,
  queue: QueueState,
  most: number,
  reviveQueue: number,
): PoppedMessage[] {
  const { group } = pop
  if (pop.order && isQueueBlocked(env, own, group, queue)) return []
  const asked = popOffset(state, env, own, group, queue)
  // RMQ-034: a progress that the queue does not reach to is corrected at once.
  const first = asked > queue.max || asked < queue.min ? env.rules.correctedOffset(asked, queue.min, queue.max) : asked
  const until = Math.min(queue.max, first + most)
  const found = first < until ? readQueue(state, env, queue, first, until) : []
  if (found.length === 0) {
    const after = Math.max(first, until)
    if (after !== asked) advance(state, env, own, pop, queue, after, 0)
    return []
  }
  const [popTime, invisibleUs] = [env.now, pop.invisibleUs]
  const from = {
    topic: queue.topic,
    queue: queue.queue,
    startOffset: first,
    popTime,
    invisibleUs,
    reviveQueue: pop.order ? -1 : reviveQueue,
  }
  const offsets = found.map(({ offset }) => offset)
  if (pop.order) {
    const attempts = noteOrderlyPop(state, env, own, group, queue, popTime, popTime + invisibleUs, offsets)
    storeOffset(state, env, group, queue.topic, queue.queue, env.rules.progressOfOrderlyPop(first, until))
    return found.map((one, k) => ({ ...one, attempt: attempts[k] ?? 0, receipt: { ...from, offset: one.offset } }))
  }
  const end = writeCheckpoint(state, env, new Checkpoint(group, from, offsets), reviveQueue)
  if (end === null) return []
  advance(state, env, own, pop, queue, until, end)
  return found.map((one) => ({ ...one, receipt: { ...from, offset: one.offset } }))
}

type Found = Omit<PoppedMessage, 'receipt'>

function readQueue(state: BrokerState, env: BrokerEnv, queue: QueueState, from: number, until: number): Found[] {
  const entries = logFile(env.disk, queue.file)?.extents
  const found: Found[] = []
  for (let offset = from; entries !== undefined && offset < Math.min(until, entries.length); offset++) {
    const { at } = entryAt(entries, offset)
    const extent = recordAt(env.disk, state.log, at)
    if (extent === null) continue
    const { message, msgId, key, bytes, fails, labels, pop } = extent.body
    found.push({
      offset,
      message,
      msgId,
      key,
      digest: digestRead(extent, extent.body),
      bytes,
      fails,
      labels,
      at,
      attempt: reconsumeTimesOf(pop),
    })
  }
  return found
}

/** The group's next pop begins there; its stored progress follows when the checkpoint is stored. */
function advance(state: BrokerState, env: BrokerEnv, own: PopState, pop: PopRequest, queue: QueueState, offset: number, end: number): void {
  own.ahead.push({ group: pop.group, topic: queue.topic, queue: queue.queue, offset, end })
  storeProgress(state, env)
}

const isStored = (state: BrokerState, env: BrokerEnv, end: number, waits: boolean): boolean =>
  env.rules.isPopWriteStored(end, { flushedTo: state.log.flushedTo, sync: state.shape.sync }, waits)

/** Repair: what depends on a write waits for its force, under ASYNC_FLUSH too. */
const isRepaired = ({ shape }: BrokerState): boolean => shape.repairs.has('waitForInternalWrites')

/** The log has grown or was forced: what is stored by now becomes progress, in the order in which it was popped. */
export function storeProgress(state: BrokerState, env: BrokerEnv): void {
  const own = state.pop
  if (own === null) return
  while (own.ahead.length > 0) {
    const [first] = own.ahead
    if (first === undefined || !env.rules.mayStorePopProgress(isStored(state, env, first.end, isRepaired(state)))) return
    own.ahead.shift()
    storeOffset(state, env, first.group, first.topic, first.queue, first.offset)
  }
}

/** Sends the answer once everything up to `end` is stored as the flush mode says. */
function answerStored(state: BrokerState, env: BrokerEnv, from: NodeId, answer: Message, end: number, waits: boolean): void {
  if (isStored(state, env, end, waits)) return env.send(from, answer)
  state.waiting.push(waitingReply(state, env, from, { at: end, end }, new Reply(answer)))
  armDeadline(state, env)
  armFlush(state, env)
}

/** That an acknowledgement was accepted is said once it can't be lost any more. */
export const acceptStored = (state: BrokerState, env: BrokerEnv, from: NodeId, answer: Message, end: number): void =>
  answerStored(state, env, from, answer, end, isRepaired(state))

/** Puts a checkpoint or an acknowledgement into the revive topic; gives where it ends, or null: not stored. */
export function writeMark(state: BrokerState, env: BrokerEnv, mark: LogRecord['pop'], digest: number, reviveQueue: number): number | null {
  const queue = queueOf(state, REVIVE_TOPIC, reviveQueue)
  if (queue === undefined || mark === null) return null
  const times = { storeTime: env.now, bornTime: env.now }
  const placed = put(state, env, queue, (offset) => {
    const content = {
      message: -1 - offset,
      msgId: '',
      key: '',
      digest: mix(digest, offset),
      bytes: MARK_BYTES,
      fails: 0,
      labels: NO_LABELS,
    }
    return new LogRecord({ topic: REVIVE_TOPIC, queue: reviveQueue, offset }, content, times, { pop: mark })
  })
  return placed?.end ?? null
}

export const writeCheckpoint = (state: BrokerState, env: BrokerEnv, mark: Checkpoint, reviveQueue: number): number | null =>
  writeMark(state, env, mark, mix(mark.popTime, mark.startOffset), reviveQueue)

/** Something has become visible: pops that are held may have it. */
export function answerHeldPops(state: BrokerState, env: BrokerEnv): void {
  const own = state.pop
  if (own === null || own.held.length === 0 || state.stopping !== null) return
  for (const held of own.held.slice())
    if (serve(state, env, own, held.from, held.pop)) own.held = own.held.filter(({ pop }) => pop.request !== held.pop.request)
  if (own.held.some(({ pop }) => pop.order)) armOrderWake(state, env)
}

function armHold(env: BrokerEnv, own: PopState): void {
  const [first] = own.held
  if (own.holdArmed || first === undefined) return
  own.holdArmed = true
  env.timer('popHold', first.deadline - env.uptime)
}

/** A pop that was held for its time is answered with nothing. */
export function onPopHoldTimer(state: BrokerState, env: BrokerEnv): void {
  const own = state.pop
  if (own === null) return
  own.holdArmed = false
  const late = own.held.filter(({ deadline }) => deadline <= env.uptime)
  own.held = own.held.filter(({ deadline }) => deadline > env.uptime)
  for (const { from, pop } of late) env.send(from, answerTo(pop, 'NOT_FOUND', []))
  armHold(env, own)
}

/** A consumer whose connection is gone waits for nothing. */
export function dropHeldPops({ pop }: BrokerState, from: NodeId): void {
  if (pop !== null && pop.held.some((held) => held.from === from)) pop.held = pop.held.filter((held) => held.from !== from)
}
