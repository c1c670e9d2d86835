/** Sending (RMQ-080 to RMQ-083): attempts within one budget, and what is known when they end. */
import type { Env, NodeId } from '../../../sim/system.ts'
import type { SendMode } from '../../../plan/plan.ts'
import type { CreateTopicStep, Step } from '../../../plan/script.ts'
import { salted, type CreateTopic, type RocketmqMessage, type SendAnswer, type SendRequest, type SendStatus } from '../messages.ts'
import { ended } from './producer.ts'
import type { Open, ProducerState } from './producer-state.ts'
import { askRoute } from './routes.ts'
import type { ClientRules } from './rules.ts'
import { chooseQueue } from './select.ts'
import { onHalfAnswer } from './transaction.ts'

type ClientEnv = Env<ClientRules>
/** Fires for one attempt alone. */
export const ATTEMPT_TIMER = 'attempt'

/** Begins an operation; true when its thread has to wait for the end. */
export function begin(state: ProducerState, env: ClientEnv, step: Step, thread: number): boolean {
  const open: Open = {
    step,
    thread,
    deadline: env.uptime + state.shape.parameters.sendTimeoutUs,
    attempt: 0,
    broker: -1,
    queue: -1,
    doubt: '',
  }
  if (step.do === 'createTopic') env.record.createTopic(step.op, 'invoke', step.topic, step.queues)
  else
    env.record.sendInvoke(step.op, {
      topic: step.topic,
      queue: step.to?.name ?? null,
      mode: step.do === 'send' ? step.mode : 'sync',
      half: step.do === 'transaction',
      digest: step.digest,
      text: step.text,
    })
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

/** What ends an attempt that got no answer; codes of the broker end the others. */
type Lost = 'CONNECTION_REFUSED' | 'CONNECTION_LOST' | 'TIMEOUT'

/** One attempt, if a route is known; else nothing, and the route's arrival starts it. `after`: how the one before ended. */
function attempt(state: ProducerState, env: ClientEnv, open: Open, after = ''): void {
  const { step } = open
  if (step.do === 'createTopic') return create(state, env, open, step)
  const chosen = chooseQueue(state, env, step, open.thread, open.broker)
  if (chosen === null) return
  const { place, by, offer } = chosen
  open.attempt++
  open.broker = place.broker
  const mode = modeOf(step)
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
    topic: step.topic,
    queue,
    bytes: step.bytes,
    digest: env.rules.digestOfAttempt(step.digest, nth, mode),
    fails: step.fails,
    half: step.do === 'transaction',
    oneway: mode === 'oneway',
    born: env.now,
  }
  env.send(broker, message)
  armAttempt(state, env, open)
}

/** A topic to be created has no route: it goes to the first broker. */
function create(state: ProducerState, env: ClientEnv, open: Open, step: CreateTopicStep): void {
  open.attempt++
  open.broker = state.shape.brokers[0] ?? -1
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

const modeOf = (step: Step): SendMode => (step.do === 'send' ? step.mode : 'sync')

/** A route has come: operations that waited for it make their first attempt. */
export function retryWaiting(state: ProducerState, env: ClientEnv, topic: string): void {
  for (const open of state.open.filter((one) => one.attempt === 0 && one.step.topic === topic)) attempt(state, env, open)
}

export function onAnswer(state: ProducerState, env: ClientEnv, answer: SendAnswer): void {
  const open = state.open.find((one) => one.step.op === answer.op && one.attempt === answer.attempt)
  // The answer of an attempt that was given up, or a second copy of an answer.
  if (open === undefined) return
  const stored = answer.status === 'SEND_OK' || answer.status === 'FLUSH_DISK_TIMEOUT'
  const retried = env.rules.isRetriedAnswer(answer.status, state.shape.retryAnotherBrokerWhenNotStoreOK)
  if (modeOf(open.step) === 'sync' && retried && mayRetry(state, env, open)) {
    if (stored) open.doubt = answer.status
    return retry(state, env, open, answer.status)
  }
  if (stored) onStored(state, env, open, answer)
  else fail(state, env, open, answer.status)
}

function acknowledge(
  state: ProducerState,
  env: ClientEnv,
  { step, broker }: Open,
  { topic, queue, offset, at }: Pick<SendAnswer, 'topic' | 'queue' | 'offset' | 'at'>,
): void {
  env.record.sendOk(step.op, topic, state.routing.nameQueue(topic, broker, queue), offset, state.shape.names[broker] ?? '', at)
}

function onStored(state: ProducerState, env: ClientEnv, open: Open, answer: SendAnswer): void {
  const { op } = open.step
  const acknowledged = env.rules.isAcknowledged(answer.status)
  if (acknowledged) acknowledge(state, env, open, answer)
  else env.record.sendInfo(op, answer.status)
  if (open.step.do === 'transaction') onHalfAnswer(env, open.step, open.broker, answer)
  ended(state, env, open, acknowledged)
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
  const hit = state.open.filter((open) => open.attempt > 0 && open.broker === broker && (message === null || message.op === open.step.op))
  for (const open of hit) {
    if (message !== null && message.type === 'send' && message.attempt !== open.attempt) continue
    if (env.rules.mayBeStored(message === null ? 'broken' : 'refused')) open.doubt = 'CONNECTION_LOST'
    again(state, env, open, message === null ? 'CONNECTION_LOST' : 'CONNECTION_REFUSED')
  }
}

/** An attempt came to nothing that its client knows of. */
function again(state: ProducerState, env: ClientEnv, open: Open, lost: Lost): void {
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
  return open.attempt < env.rules.attemptsOf(modeOf(step), step.to !== null, { sync: sendAttempts, async: sendAsyncAttempts })
}

/** The last attempt failed for certain; the operation only if no earlier one is in doubt. */
function fail(state: ProducerState, env: ClientEnv, open: Open, reason: string): void {
  const { step } = open
  if (step.do === 'createTopic') env.record.createTopic(step.op, 'info', step.topic, step.queues)
  else if (open.doubt !== '') env.record.sendInfo(step.op, open.doubt)
  else env.record.sendFail(step.op, reason)
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
    if (step.do === 'createTopic') env.record.createTopic(step.op, 'info', step.topic, step.queues)
    else if (open.attempt === 0) env.record.sendFail(step.op, 'NO_ROUTE')
    else if (env.rules.isAcknowledgedByTimeout())
      acknowledge(state, env, open, { topic: step.topic, queue: Math.max(0, open.queue), offset: -1, at: -1 })
    else env.record.sendInfo(step.op, 'TIMEOUT')
    ended(state, env, open, false)
  }
  armDeadline(state, env)
}
