/** Sending (RMQ-080 to RMQ-083): attempts within one budget, and what is known when they end. */
import { label } from '../../../sim/choices.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import type { Step } from '../../../plan/script.ts'
import { salted, type CreateTopic, type RocketmqMessage, type SendAnswer, type SendRequest } from '../messages.ts'
import { ended } from './producer.ts'
import type { Open, ProducerState } from './producer-state.ts'
import { askRoute, routeOf, type Place } from './routes.ts'
import type { ClientRules } from './rules.ts'
import { onHalfAnswer } from './transaction.ts'

type ClientEnv = Env<ClientRules>
const TURN = label('client.queue')

/** Begins an operation; true when its thread has to wait for the end. */
export function begin(state: ProducerState, env: ClientEnv, step: Step, thread: number): boolean {
  const open: Open = {
    step,
    thread,
    deadline: env.uptime + state.shape.parameters.sendTimeoutUs,
    attempt: 0,
    broker: -1,
    queue: -1,
    unsure: false,
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

/** One attempt, if a route is known; else nothing, and the route's arrival starts it. */
function attempt(state: ProducerState, env: ClientEnv, open: Open): void {
  const { step } = open
  const place = placeFor(state, env, step)
  if (place === null) return
  open.attempt++
  open.broker = place.broker
  if (step.do === 'createTopic') {
    env.send(place.broker, {
      type: 'createTopic',
      salt: salted('createTopic', step.salt, open.attempt),
      op: step.op,
      topic: step.topic,
      queues: step.queues,
    } as CreateTopic)
    return
  }
  // RMQ-083: an async retry resends the same request, to the same queue.
  if (open.queue < 0 || step.do !== 'send' || step.mode !== 'async') open.queue = place.queue
  const message: SendRequest = {
    type: 'send',
    salt: salted('send', step.salt, open.attempt),
    op: step.op,
    attempt: open.attempt,
    topic: step.topic,
    queue: open.queue,
    bytes: step.bytes,
    digest: env.rules.digestOfAttempt(step.digest, open.attempt),
    fails: step.fails,
    half: step.do === 'transaction',
    oneway: step.do === 'send' && step.mode === 'oneway',
    born: env.now,
  }
  env.send(place.broker, message)
}

/** RMQ-084: the next queue in turn from a random start, or the one that was asked for. A topic to be created goes to the first broker. */
function placeFor(state: ProducerState, env: ClientEnv, step: Step): Place | null {
  if (step.do === 'createTopic') return { broker: state.shape.brokers[0] ?? -1, queue: -1, name: '' }
  const route = routeOf(state, step.topic)
  if (route === undefined || route.places.length === 0) return null
  const { places } = route
  if (step.to !== null) return places.find(({ name }) => name === step.to?.name) ?? null
  if (state.turn < 0) state.turn = env.choose(TURN, state.id, places.length)
  return places[state.turn++ % places.length] ?? null
}

/** A route has come: operations that waited for it make their first attempt. */
export function retryWaiting(state: ProducerState, env: ClientEnv, topic: string): void {
  for (const open of state.open.filter((one) => one.attempt === 0 && one.step.topic === topic)) attempt(state, env, open)
}

export function onAnswer(state: ProducerState, env: ClientEnv, answer: SendAnswer): void {
  const open = state.open.find((one) => one.step.op === answer.op && one.attempt === answer.attempt)
  // The answer of an attempt that was given up, or a second copy of an answer.
  if (open === undefined) return
  const stored = answer.status === 'SEND_OK' || answer.status === 'FLUSH_DISK_TIMEOUT'
  const sync = open.step.do === 'transaction' || (open.step.do === 'send' && open.step.mode === 'sync')
  if (sync && env.rules.isRetriedAnswer(answer.status) && mayRetry(state, env, open)) {
    open.unsure ||= stored
    return attempt(state, env, open)
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
  env.record.sendOk(step.op, topic, state.nameQueue(topic, broker, queue), offset, state.shape.names[broker] ?? '', at)
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
    open.unsure ||= env.rules.mayBeStored(message === null ? 'broken' : 'refused')
    if (mayRetry(state, env, open)) attempt(state, env, open)
    else fail(state, env, open, 'CONNECTION_REFUSED')
  }
}

/** RMQ-081, RMQ-083: attempts left, budget left, and no queue that the caller chose. */
function mayRetry(state: ProducerState, env: ClientEnv, open: Open): boolean {
  const { step } = open
  const { sendAttempts, sendAsyncAttempts } = state.shape.parameters
  if (step.do === 'createTopic' || env.uptime >= open.deadline) return false
  if (step.do === 'send' && step.mode === 'sync' && step.to !== null) return false
  return open.attempt < (step.do === 'send' && step.mode === 'async' ? sendAsyncAttempts : sendAttempts)
}

/** The last attempt failed for certain; the operation only if no earlier one is in doubt. */
function fail(state: ProducerState, env: ClientEnv, open: Open, reason: string): void {
  const { step } = open
  if (step.do === 'createTopic') env.record.createTopic(step.op, 'info', step.topic, step.queues)
  else if (open.unsure) env.record.sendInfo(step.op, 'CONNECTION_LOST')
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
