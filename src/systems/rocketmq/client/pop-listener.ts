/**
 * What a pop consumer does with what it has taken (RMQ-110): the listener is run, a success is acknowledged, a failure is hidden for another
 * time or left to come again by itself. What has become visible again before its turn came is dropped: somebody else may have it.
 *
 * In an orderly group the messages of one taking of a queue are run one after the other, and what follows a failure is dropped with it
 * (RMQ-112, RMQ-152).
 *
 * Inferred from the client's source, not measured: dropping what is too late (the real client compares its wall clock with the broker's; here
 * it counts from when the answer came), and the waits after a failure. Left out: a message that has
 * failed too often, which the real client acknowledges unfinished. An acknowledgement that is lost is not sent again.
 */
import { mix } from '../../../plan/hash.ts'
import type { QueueName } from '../../../plan/queues.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted } from '../messages.ts'
import type { AckAnswer, AckRequest, ChangeInvisible, ChangeInvisibleAnswer, Receipt } from '../pop-messages.ts'
import type { ConsumerState, Running } from './consumer-state.ts'
import { tellBroker } from './heartbeat.ts'
import { resumePop } from './pop.ts'
import type { Popped, PopClient } from './pop-state.ts'
import { begin, handlingOf } from './receive.ts'
import type { ClientRules } from './rules.ts'
import { traceCall, traceReturn } from './trace.ts'

type ClientEnv = Env<ClientRules>

/** How long a message waits that has failed so often, in multiples of the first wait: 10 s to 2 h. */
const WAITS = [1, 3, 6, 12, 18, 24, 30, 36, 42, 48, 54, 60, 120, 180, 360, 720]

const sameTaking = (x: Popped, y: Popped): boolean =>
  x.queue === y.queue && x.broker === y.broker && x.message.receipt.topic === y.message.receipt.topic

export function submitPopped(state: ConsumerState, env: ClientEnv, own: PopClient, taken: readonly Popped[]): void {
  if (state.shape.orderly) for (const one of taken) queueUp(state, own, one)
  else own.ready.push(...taken)
  fillPopThreads(state, env, own)
}

/** One message of a queue at a time. */
function queueUp(state: ConsumerState, own: PopClient, one: Popped): void {
  const works = state.running.some(({ popped }) => popped !== null && sameTaking(popped, one))
  if (works || [...own.ready, ...own.behind].some((other) => sameTaking(other, one))) own.behind.push(one)
  else own.ready.push(one)
}

export function fillPopThreads(state: ConsumerState, env: ClientEnv, own: PopClient): void {
  while (state.running.length < state.shape.parameters.consumeThreads) {
    const next = own.ready.shift()
    if (next === undefined) return
    if (env.rules.mayRunPopped(env.uptime, next.visibleAt)) run(state, env, next)
    else {
      nextInOrder(own, next, true)
      resumePop(state, env, own, next.call)
    }
  }
}

/** What stands behind a message of an orderly group comes to its turn, or is dropped with it. */
function nextInOrder(own: PopClient, one: Popped, goesOn: boolean): number {
  const mine = own.behind.filter((other) => sameTaking(other, one))
  const [next] = mine
  if (next === undefined) return 0
  const dropped = goesOn ? [] : mine.filter(({ message }) => message.receipt.popTime === one.message.receipt.popTime)
  const rest = mine.filter((other) => !dropped.includes(other))
  const [first] = rest
  own.behind = own.behind.filter((other) => other !== first && !dropped.includes(other))
  if (first !== undefined) own.ready.push(first)
  return dropped.length
}

function run(state: ConsumerState, env: ClientEnv, popped: Popped): void {
  const { message, queue } = popped
  const { receipt, attempt } = message
  const { group, nodeNames } = state.shape
  const broker = nodeNames[popped.broker] ?? ''
  const op = ++state.serial
  env.record.deliver(op, {
    group,
    topic: receipt.topic,
    queue,
    offset: receipt.offset,
    message: message.message,
    digest: message.digest,
    attempt,
    msgId: env.rules.msgIdShown(message.msgId, broker, message.at),
    broker,
    at: message.at,
    hiddenForUs: receipt.popTime + receipt.invisibleUs - env.now,
  })
  traceCall(state, env, op, { msgId: message.msgId, message: message.message, topic: receipt.topic })
  if (env.rules.acknowledgesBefore()) acknowledge(state, env, popped)
  state.running.push({
    op,
    task: -1,
    generation: 0,
    offset: receipt.offset,
    message: message.message,
    key: message.key,
    labels: message.labels,
    succeeds: attempt >= message.fails,
    luck: mix(mix(mix(message.digest, state.id), receipt.offset), attempt),
    handling: handlingOf(state, env, op, message),
    copy: -1,
    batch: null,
    popped,
  })
  begin(state, env, state.running[state.running.length - 1] as Running)
}

/** The listener has returned. */
export function concludePopped(
  state: ConsumerState,
  env: ClientEnv,
  own: PopClient,
  popped: Popped,
  running: Running,
  success: boolean,
): void {
  const { group, orderly, popFailure } = state.shape
  const { message, queue } = popped
  const place = { group, topic: message.receipt.topic, queue, offset: message.receipt.offset, message: message.message }
  env.record.consumed(running.op, success ? 'ok' : 'fail', place)
  traceReturn(state, env, running.op, success)
  if (success) acknowledge(state, env, popped)
  else if (popFailure === 'hide') hide(state, env, popped)
  const dropped = orderly ? nextInOrder(own, popped, success) : 0
  for (let k = 0; k <= dropped; k++) resumePop(state, env, own, popped.call)
  fillPopThreads(state, env, own)
}

function acknowledge(state: ConsumerState, env: ClientEnv, { broker, queue, message }: Popped): void {
  const { receipt } = message
  const op = ++state.serial
  const { group } = state.shape
  env.record.ack(op, 'invoke', { group, topic: receipt.topic, queue, offset: receipt.offset, message: message.message })
  const request: AckRequest = {
    type: 'ack',
    salt: salted('ack', mix(message.digest, state.id), receipt.offset, env.uptime),
    op,
    group,
    message: message.message,
    receipt,
  }
  tellBroker(state, env, broker, request)
}

function hide(state: ConsumerState, env: ClientEnv, { broker, queue, message }: Popped): void {
  const { receipt, attempt } = message
  const op = ++state.serial
  const { group, parameters } = state.shape
  const invisibleUs = (WAITS[Math.min(attempt, WAITS.length - 1)] ?? 1) * parameters.popRetryUs
  env.record.hide(op, { group, topic: receipt.topic, queue, offset: receipt.offset, message: message.message })
  const request: ChangeInvisible = {
    type: 'changeInvisible',
    salt: salted('changeInvisible', mix(message.digest, state.id), receipt.offset, env.uptime),
    op,
    group,
    message: message.message,
    receipt,
    invisibleUs,
  }
  tellBroker(state, env, broker, request)
}

/** How histories call the queue that a message lay in: a group's retry queue is in no route. */
export const queueName = ({ routing }: ConsumerState, broker: NodeId, { topic, queue }: Receipt): QueueName =>
  routing.nameQueue(topic, broker, queue)

/** The broker has agreed, which is news for the history alone. */
export function onAcked(state: ConsumerState, env: ClientEnv, from: number, { asked, accepted }: AckAnswer): void {
  if (accepted) env.record.ack(asked.op, 'ok', placeOf(state, from, asked))
}

export function onHidden(state: ConsumerState, env: ClientEnv, from: number, { asked, accepted, until }: ChangeInvisibleAnswer): void {
  if (accepted) env.record.hidden(asked.op, { ...placeOf(state, from, asked), hiddenForUs: until - env.now })
}

function placeOf(state: ConsumerState, broker: number, { group, receipt, message }: AckRequest | ChangeInvisible) {
  return { group, topic: receipt.topic, queue: queueName(state, broker, receipt), offset: receipt.offset, message }
}
