/** Sending (RMQ-080 to RMQ-083): attempts within one budget, and what is known when they end. */
import type { Env, NodeId } from '../../../sim/system.ts'
import type { SendInvoke } from '../../../history/event.ts'
import { levelAsked, timeAsked } from '../../../plan/delay-levels.ts'
import { NO_LABELS } from '../../../plan/labels.ts'
import type { Delay, SendMode, TimedDelay } from '../../../plan/plan.ts'
import type { BatchStep, ClientStep, CreateTopicStep, SendStep } from '../../../plan/script.ts'
import { EPOCH } from '../../../plan/units.ts'
import { NO_MORE, salted, type BatchPart, type RocketmqMessage, type SendAnswer, type SendRequest, type SendStatus } from '../messages.ts'
import type { CreateTopic } from '../admin-messages.ts'
import { masterOf } from './addresses.ts'
import { bodyBytes, sentBytes } from './body.ts'
import { learned } from './latency.ts'
import { ended } from './producer.ts'
import type { Open, ProducerState } from './producer-state.ts'
import { noteAcknowledged, noteSent } from './query.ts'
import { noteHandle } from './recall.ts'
import { askRoute } from './routes.ts'
import type { ClientRules } from './rules.ts'
import { chooseQueue } from './select.ts'
import { isStored } from './sending.ts'
import { traceSend } from './trace.ts'
import { onHalfAnswer, runLocal } from './transaction.ts'

type ClientEnv = Env<ClientRules>

/** Fires for one attempt alone. */
export const ATTEMPT_TIMER = 'attempt'

function newOpen(state: ProducerState, env: ClientEnv, step: ClientStep, thread: number): Open {
  const named = state.named
  state.named += step.do === 'batch' ? step.messages.length : 1
  const { sendTimeoutUs, slaveTimeoutUs, inSyncReplicas } = state.shape.parameters
  // A sentinel outlasts the wait for slaves, which takes as long as the budget of a send.
  const more = thread === -1 && inSyncReplicas > 1 ? slaveTimeoutUs : 0
  const deadline = env.uptime + sendTimeoutUs + more
  return { step, thread, deadline, named, attempt: 0, since: 0, broker: -1, address: -1, queue: -1, msgId: '', doubt: '' }
}

/** The msgId of a send's present attempt; of a batch, that of its how-manieth message. */
function msgIdOf({ shape, startedAt }: ProducerState, env: ClientEnv, { named, attempt: nth }: Open, which = 0): string {
  return env.rules.msgIdOfAttempt(env.rules.newMsgId({ name: shape.name, startedAt }, named + which + 1), nth)
}

/** Begins an operation; true when its thread has to wait for the end. */
export function begin(state: ProducerState, env: ClientEnv, step: ClientStep, thread: number): boolean {
  const open = newOpen(state, env, step, thread)
  if (step.do === 'createTopic') env.record.createTopic(step.op, 'invoke', step.topic, step.queues)
  else recordInvoke(env, step)
  if (step.do === 'transaction' && env.rules.runsLocalFirst()) runLocal(env, step)
  if (isTooLarge(state, env, step)) {
    failed(env, step, 'MESSAGE_ILLEGAL')
    return false
  }
  if (step.do === 'batch' && !env.rules.sendsBatchWhole()) return beginEach(state, env, step, thread)
  if (step.do === 'send' && step.mode === 'oneway') {
    attempt(state, env, open)
    env.record.sendInfo(step.op, 'ONEWAY')
    return false
  }
  state.open.push(open)
  armDeadline(state, env)
  const begun = state.open[state.open.length - 1] as Open
  attempt(state, env, begun)
  if (begun.attempt === 0) askRoute(state, env, step.topic)
  return step.do !== 'send' || step.mode === 'sync'
}

/** RMQ-087: who sends looks at the size of the whole before anything leaves. */
function isTooLarge({ shape }: ProducerState, { rules }: ClientEnv, step: ClientStep): boolean {
  if (step.do === 'createTopic') return false
  const { sendBytesMax } = shape.parameters
  return step.do === 'batch' ? rules.refusesBatch(bodyBytes(step), sendBytesMax) : step.bytes > sendBytesMax
}

export function recordInvoke(env: ClientEnv, step: Exclude<ClientStep, CreateTopicStep>): void {
  const { topic } = step
  const queue = step.to?.name ?? null
  const more = moreOf(step)
  const invoke = (op: number, digest: number, text: string, key: string, batch?: number): void => {
    const v = { topic, queue, mode: modeOf(step), half: step.do === 'transaction', digest, text, key }
    // Most sends are nothing but that.
    env.record.sendInvoke(op, batch === undefined && more === null ? v : { ...v, ...(batch === undefined ? {} : { batch }), ...more })
  }
  if (step.do === 'batch') for (const { op, digest, text, key } of step.messages) invoke(op, digest, text, key, step.op)
  else invoke(step.op, step.digest, step.text, step.key)
}

/** What only some sends have to say. */
function moreOf(
  step: Exclude<ClientStep, CreateTopicStep>,
): Pick<SendInvoke['v'], 'of' | 'select' | 'delay' | 'tag' | 'properties'> | null {
  const delay = delayOf(step)
  const { tag, properties } = step.labels
  const plain = step.labels === NO_LABELS || (tag === '' && Object.keys(properties).length === 0)
  const of = step.do === 'send' ? step.of : undefined
  if (of === undefined && delay === null && plain && !isByKey(step)) return null
  return {
    ...(of === undefined ? {} : { of }),
    ...(isByKey(step) ? { select: 'key' } : {}),
    ...(delay === null ? {} : { delay }),
    ...(tag === '' ? {} : { tag }),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
  }
}

const isByKey = (step: ClientStep): boolean => step.do === 'send' && step.byKey
/** The caller has chosen the queue, himself or by a selector. */
const isGiven = (step: Exclude<ClientStep, CreateTopicStep>): boolean => step.to !== null || isByKey(step)

/** What a batch is not: one send after the other, each with a fate of its own. */
function beginEach(state: ProducerState, env: ClientEnv, step: BatchStep, thread: number): boolean {
  const { topic, atUs, to } = step
  for (const message of step.messages) {
    const one: SendStep = { do: 'send', topic, atUs, ...message, to, mode: 'async', byKey: false, sentinel: false, delay: null }
    state.open.push(newOpen(state, env, one, thread))
    attempt(state, env, state.open[state.open.length - 1] as Open)
  }
  armDeadline(state, env)
  return false
}

/** The messages of a step; each has its own part in the history. */
const opsOf = (step: ClientStep): readonly number[] => (step.do === 'batch' ? step.messages.map(({ op }) => op) : [step.op])

/** What ends an attempt that got no answer; codes of the broker end the others. */
type Lost = 'CONNECTION_REFUSED' | 'CONNECTION_LOST' | 'TIMEOUT'

/** One attempt, if a route is known; else nothing, and the route's arrival starts it. `after`: how the one before ended. */
function attempt(state: ProducerState, env: ClientEnv, open: Open, after = ''): void {
  const { step } = open
  if (step.do === 'createTopic') return create(state, env, open, step)
  const chosen = chooseQueue(state, env, open)
  if (chosen === null) return
  const { place, by, offer } = chosen
  open.attempt++
  open.since = env.now
  open.broker = place.broker
  open.msgId = msgIdOf(state, env, open)
  open.address = masterOf(state, step.topic, place.broker)
  const [mode, delay] = [modeOf(step), delayOf(step)]
  // RMQ-083: an async retry resends the same request, to the same queue number.
  if (open.queue < 0 || mode !== 'async') open.queue = place.queue
  const { attempt: nth, broker, queue, thread } = open
  env.record.attempt(step.op, {
    attempt: nth,
    thread,
    topic: step.topic,
    queue: state.routing.nameQueue(step.topic, broker, queue),
    broker: state.shape.names[broker] ?? '',
    by,
    brokers: offer.brokers,
    queues: offer.places.length,
    after,
  })
  const message: SendRequest = {
    type: 'send',
    salt: salted('send', step.salt, nth),
    op: step.op,
    attempt: nth,
    msgId: open.msgId,
    key: step.key,
    topic: step.topic,
    queue,
    bytes: sentBytes(step, state.shape.parameters),
    digest: env.rules.digestOfAttempt(step.digest, nth, mode),
    fails: step.fails,
    labels: step.labels,
    half: step.do === 'transaction',
    delay: levelAsked(delay),
    oneway: mode === 'oneway',
    born: env.now,
    batch: step.do === 'batch' ? partsOf(state, env, open, step) : null,
  }
  noteSent(state, open)
  env.send(open.address, delay === null ? message : { ...message, ...timerOf(delay) })
  armAttempt(state, env, open)
}

const partsOf = (state: ProducerState, env: ClientEnv, open: Open, { messages }: BatchStep): BatchPart[] =>
  messages.map(({ op, key, digest, bytes, fails, labels }, k) => ({
    message: op,
    msgId: msgIdOf(state, env, open, k),
    key,
    digest,
    bytes,
    fails,
    labels,
  }))

/** A topic to be created has no route: it goes to the first broker. */
function create(state: ProducerState, env: ClientEnv, open: Open, step: CreateTopicStep): void {
  open.attempt++
  open.broker = state.shape.brokers[0] ?? -1
  open.address = open.broker
  env.send(open.broker, {
    type: 'createTopic',
    salt: salted('createTopic', step.salt, open.attempt),
    op: step.op,
    topic: step.topic,
    queues: step.queues,
  } as CreateTopic)
}

/** RMQ-080: one attempt of a sync send may have a limit of its own, while others are left. */
function armAttempt(state: ProducerState, env: ClientEnv, open: Open): void {
  const { sendAttemptTimeoutUs } = state.shape.parameters
  if (sendAttemptTimeoutUs >= open.deadline - env.uptime || modeOf(open.step) !== 'sync' || !mayRetry(state, env, open)) return
  env.later(ATTEMPT_TIMER, sendAttemptTimeoutUs, open.step.op, open.attempt)
}

export function onAttemptTimer(state: ProducerState, env: ClientEnv, op: number, nth: number): void {
  const open = state.open.find((one) => one.step.op === op && one.attempt === nth)
  if (open === undefined) return
  open.doubt = 'TIMEOUT'
  again(state, env, open, 'TIMEOUT')
}

const delayOf = (step: ClientStep): Delay | null => (step.do === 'send' ? step.delay : null)
/** Times of a plan are those of its run. */
const timerOf = (delay: Delay): { timer?: TimedDelay } => {
  const timer = timeAsked(delay)
  if (timer === null) return {}
  // A copy: the step is a piece of this client's own state.
  return { timer: 'atUs' in timer ? { atUs: EPOCH + timer.atUs } : { ...timer } }
}
const modeOf = (step: ClientStep): SendMode => (step.do === 'send' ? step.mode : 'sync')

/** A route has come: operations that waited for it make their first attempt. */
export function retryWaiting(state: ProducerState, env: ClientEnv, topic: string): void {
  for (const open of state.open.filter((one) => one.attempt === 0 && one.step.topic === topic)) attempt(state, env, open)
}

export function onAnswer(state: ProducerState, env: ClientEnv, answer: SendAnswer): void {
  const open = state.open.find((one) => one.step.op === answer.op && one.attempt === answer.attempt)
  // The answer of an attempt that was given up, or a second copy of an answer.
  if (open === undefined) return
  const stored = isStored(answer.status)
  if (state.shape.doubtful.includes(answer.status)) open.doubt = answer.status
  learn(state, env, open, !stored)
  if (state.trace !== null && stored && open.step.do !== 'batch') tracePub(state, env, open, answer.status)
  const retried = env.rules.isRetriedAnswer(answer.status, state.shape.retryAnotherBrokerWhenNotStoreOK)
  if (modeOf(open.step) === 'sync' && retried && mayRetry(state, env, open)) {
    if (stored) open.doubt = answer.status
    return retry(state, env, open, answer.status)
  }
  if (stored) onStored(state, env, open, answer)
  else fail(state, env, open, answer.status)
}

const tracePub = (state: ProducerState, env: ClientEnv, { step, msgId }: Open, status: SendStatus): void => {
  traceSend(state, env, { msgId, message: step.op, topic: step.topic }, env.rules.isAcknowledged(status))
}

/** RMQ-085: how long an attempt took, and whether it failed, decides whether its broker is left alone. */
function learn(state: ProducerState, env: ClientEnv, { step, broker, since }: Open, failed: boolean): void {
  if (!state.shape.sendLatencyFaultEnable || step.do === 'createTopic') return
  if (modeOf(step) === 'sync' && isGiven(step)) return
  state.isolated = learned(state.isolated, env.rules, { broker, now: env.now, latencyUs: env.now - since, failed })
}

function acknowledge(
  state: ProducerState,
  env: ClientEnv,
  open: Open,
  { topic, queue, offset, at, more, dueUs }: Pick<SendAnswer, 'topic' | 'queue' | 'offset' | 'at' | 'more' | 'dueUs'>,
): void {
  const { step, broker, address } = open
  const name = state.routing.nameQueue(topic, broker, queue)
  const by = state.shape.names[address] ?? ''
  env.record.sendOk(step.op, topic, name, offset, by, at, { msgId: open.msgId })
  noteAcknowledged(state, open, at)
  noteHandle(state, open, dueUs)
  more.forEach((place, k) => {
    env.record.sendOk(step.op + k + 1, topic, name, offset + k + 1, by, place, { msgId: msgIdOf(state, env, open, k + 1) })
  })
}

const inDoubt = (env: ClientEnv, step: ClientStep, status: string): void => {
  for (const op of opsOf(step)) env.record.sendInfo(op, status)
}
const failed = (env: ClientEnv, step: ClientStep, reason: string): void => {
  for (const op of opsOf(step)) env.record.sendFail(op, reason)
}

function onStored(state: ProducerState, env: ClientEnv, open: Open, answer: SendAnswer): void {
  const acknowledged = env.rules.isAcknowledged(answer.status)
  if (acknowledged) acknowledge(state, env, open, answer)
  else inDoubt(env, open.step, answer.status)
  if (open.step.do === 'transaction') onHalfAnswer(env, open.step, open.address, answer)
  // Of a sentinel it is enough that it is stored: a master without its slaves never says more.
  ended(state, env, open, acknowledged || (open.thread === -1 && answer.status === 'FLUSH_SLAVE_TIMEOUT'))
}

export function onCreated(state: ProducerState, env: ClientEnv, op: number): void {
  const open = state.open.find((one) => one.step.op === op)
  if (open === undefined || open.step.do !== 'createTopic') return
  env.record.createTopic(op, 'ok', open.step.topic, open.step.queues)
  askRoute(state, env, open.step.topic)
  ended(state, env, open, true)
}

/** A connection to a broker was refused (`message`: what was to be sent, and certainly was not), or is gone with everything on it (null). */
export function onLost(state: ProducerState, env: ClientEnv, broker: NodeId, message: RocketmqMessage | null): void {
  if (message !== null && message.type !== 'send' && message.type !== 'createTopic') return
  const hit = state.open.filter((open) => open.attempt > 0 && open.address === broker && (message === null || message.op === open.step.op))
  for (const open of hit) {
    if (message !== null && message.type === 'send' && message.attempt !== open.attempt) continue
    if (env.rules.mayBeStored(message === null ? 'broken' : 'refused')) open.doubt = 'CONNECTION_LOST'
    again(state, env, open, message === null ? 'CONNECTION_LOST' : 'CONNECTION_REFUSED')
  }
}

/** An attempt came to nothing that its client knows of. */
function again(state: ProducerState, env: ClientEnv, open: Open, lost: Lost): void {
  learn(state, env, open, true)
  const retried = modeOf(open.step) !== 'async' || env.rules.retriesAsync(lost === 'CONNECTION_REFUSED' ? 'refused' : 'broken')
  if (retried && mayRetry(state, env, open)) retry(state, env, open, lost)
  else fail(state, env, open, lost)
}

function retry(state: ProducerState, env: ClientEnv, open: Open, after: Lost | SendStatus): void {
  open.deadline = env.rules.deadlineOfRetry(open.deadline, env.uptime, state.shape.parameters.sendTimeoutUs)
  attempt(state, env, open, after)
}

/** RMQ-080, RMQ-081, RMQ-083: attempts left, and budget left. */
function mayRetry(state: ProducerState, env: ClientEnv, open: Open): boolean {
  const { step } = open
  const { sendAttempts, sendAsyncAttempts } = state.shape.parameters
  if (step.do === 'createTopic' || env.uptime >= open.deadline) return false
  return open.attempt < env.rules.attemptsOf(modeOf(step), isGiven(step), { sync: sendAttempts, async: sendAsyncAttempts })
}

/** The last attempt failed for certain; the operation only if no earlier one is in doubt. */
function fail(state: ProducerState, env: ClientEnv, open: Open, reason: string): void {
  const { step } = open
  if (step.do === 'createTopic') env.record.createTopic(step.op, 'info', step.topic, step.queues)
  // Stored by an earlier attempt or not: nobody can say. It ended for the reason of the last one.
  else if (open.doubt !== '') inDoubt(env, step, reason === 'CONNECTION_REFUSED' ? open.doubt : reason)
  else failed(env, step, reason)
  ended(state, env, open, false)
}

/** One timer for the first deadline; operations are open in the order of their deadlines. */
function armDeadline(state: ProducerState, env: ClientEnv): void {
  const first = state.open[0]
  if (state.deadlineArmed || first === undefined) return
  state.deadlineArmed = true
  env.timer('deadline', first.deadline - env.uptime)
}

/** RMQ-080: the budget of all attempts is used up. */
export function onDeadline(state: ProducerState, env: ClientEnv): void {
  state.deadlineArmed = false
  const late = state.open.filter((open) => open.deadline <= env.uptime)
  for (const open of late) {
    const { step } = open
    if (open.attempt > 0) learn(state, env, open, true)
    if (step.do === 'createTopic') env.record.createTopic(step.op, 'info', step.topic, step.queues)
    else if (open.attempt === 0) failed(env, step, 'NO_ROUTE')
    else if (env.rules.isAcknowledgedByTimeout())
      acknowledge(state, env, open, { topic: step.topic, queue: Math.max(0, open.queue), offset: -1, at: -1, more: NO_MORE })
    else inDoubt(env, step, 'TIMEOUT')
    ended(state, env, open, false)
  }
  armDeadline(state, env)
}
