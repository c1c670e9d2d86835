/**
 * What a concurrent listener has failed goes back to its broker (RMQ-113, RMQ-114). Where the broker does not take it in five seconds, the
 * client sends a copy to the group's retry topic itself, as a producer does: up to three attempts, all in the time of one send. Where that fails
 * too, the message is run again here after five seconds. Until it is settled the message holds back the progress of its queue, and a thread.
 *
 * Simplified: a copy is as long as any other, since nothing here depends on its size.
 */
import { retryTopic } from '../../../plan/group-topics.ts'
import { mix } from '../../../plan/hash.ts'
import type { Us } from '../../../plan/units.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted, type SendAnswer, type SendBackAnswer, type SendBackRequest, type SendRequest } from '../messages.ts'
import type { ConsumerState, Running, Task } from './consumer-state.ts'
import { tellBroker } from './heartbeat.ts'
import { fillThreads, runAgain } from './listener.ts'
import { find, note } from './process-queue.ts'
import { armPersist } from './progress.ts'
import { resumePull } from './pull.ts'
import { routeOf } from './routes.ts'
import type { ClientRules } from './rules.ts'
import { isStored } from './sending.ts'

type ClientEnv = Env<ClientRules>
export const RETURN_TIMER = 'returning'
const COPY_BYTES = 100

/** A message on its way back. */
export interface Returning {
  /** Names the request that is out. */
  readonly request: number
  readonly task: number
  readonly generation: number
  readonly offset: number
  readonly broker: NodeId
  /** Copies that were sent; 0: the broker was asked to take it back. */
  readonly copies: number
  readonly deadline: Us
}

export type Failed = Pick<Running, 'task' | 'generation' | 'offset'>
const heldOf = (task: Task, { offset }: Failed) => find(task.processing, offset)
/** Of a queue that was dropped meanwhile nothing is held any more. */
const isCurrent = (task: Task, { generation }: Failed): boolean => task.generation === generation

export function sendBack(state: ConsumerState, env: ClientEnv, { task: index, generation, offset }: Failed): void {
  const task = state.tasks[index] as Task
  const held = heldOf(task, { task: index, generation, offset })
  if (held === undefined) return
  const request = ++state.serial
  const { group, parameters } = state.shape
  const { digest, at, msgId } = held.message
  out(state, env, {
    request,
    task: index,
    generation,
    offset,
    broker: task.broker,
    copies: 0,
    deadline: env.uptime + parameters.sendBackTimeoutUs,
  })
  const salt = salted('sendBack', mix(mix(digest, state.id), offset), held.attempts, env.uptime)
  tellBroker(state, env, task.broker, { type: 'sendBack', salt, request, group, at, msgId } as SendBackRequest)
}

function out(state: ConsumerState, env: ClientEnv, one: Returning): void {
  state.returning.push(one)
  armReturns(state, env)
}

function armReturns(state: ConsumerState, env: ClientEnv): void {
  const first = state.returning.reduce((due, { deadline }) => Math.min(due, deadline), Infinity)
  if (first === Infinity) env.cancel(RETURN_TIMER)
  else env.timer(RETURN_TIMER, Math.max(0, first - env.uptime))
}

function taken(state: ConsumerState, env: ClientEnv, request: number): Returning | undefined {
  const one = state.returning.find((other) => other.request === request)
  if (one === undefined) return undefined
  state.returning = state.returning.filter((other) => other.request !== request)
  armReturns(state, env)
  return one
}

export function onSendBackAnswer(state: ConsumerState, env: ClientEnv, { request, accepted }: SendBackAnswer): void {
  const one = taken(state, env, request)
  if (one !== undefined) settleReturn(state, env, one, accepted)
}

/** True when the answer was that to a copy. Any of the answers with a place is none that a client takes for an error (RMQ-055). */
export function onReturnedCopy(state: ConsumerState, env: ClientEnv, { attempt, status }: SendAnswer): boolean {
  const one = taken(state, env, attempt)
  if (one === undefined) return false
  settleReturn(state, env, one, isStored(status))
  return true
}

/** A connection was refused or is gone. */
export function onReturnLost(state: ConsumerState, env: ClientEnv, broker: NodeId): void {
  for (const { request } of state.returning.filter((one) => one.broker === broker)) {
    const one = taken(state, env, request)
    if (one !== undefined) settleReturn(state, env, one, false)
  }
}

export function onReturnTimer(state: ConsumerState, env: ClientEnv): void {
  for (const { request } of state.returning.filter(({ deadline }) => deadline <= env.uptime)) {
    const one = taken(state, env, request)
    if (one !== undefined) settleReturn(state, env, one, false)
  }
  armReturns(state, env)
}

function settleReturn(state: ConsumerState, env: ClientEnv, one: Returning, accepted: boolean): void {
  const task = state.tasks[one.task] as Task
  const held = isCurrent(task, one) ? heldOf(task, one) : undefined
  if (held === undefined) return fillThreads(state, env)
  const { topic, name: queue } = task
  if (env.rules.isReturned(accepted)) {
    const { message } = held.message
    const copy = one.copies > 0 ? ({ copy: true } as const) : {}
    env.record.sentBack(++state.serial, { group: state.shape.group, topic, queue, offset: one.offset, message, ...copy })
    note(task.processing, held, 'succeeded', env.rules)
    armPersist(state, env)
    resumePull(state, env, one.task)
  } else if (!sendCopy(state, env, one)) {
    runAgain(state, env, one)
  }
  fillThreads(state, env)
}

/** RMQ-114: false when there is no time or no broker for it. */
function sendCopy(state: ConsumerState, env: ClientEnv, last: Returning): boolean {
  const { shape } = state
  const { sendAttempts, sendTimeoutUs } = shape.parameters
  const deadline = last.copies === 0 ? env.uptime + sendTimeoutUs : last.deadline
  const places = routeOf(state, retryTopic(shape.group))?.places ?? []
  // RMQ-084: another broker than the last one, where there is one.
  const place = places.find(({ broker }) => broker !== last.broker) ?? places[0]
  const held = heldOf(state.tasks[last.task] as Task, last)
  if (place === undefined || held === undefined || last.copies >= sendAttempts || env.uptime >= deadline) return false
  const request = ++state.serial
  out(state, env, { ...last, request, broker: place.broker, copies: last.copies + 1, deadline })
  const { message, msgId, key, digest, fails, labels } = held.message
  tellBroker(state, env, place.broker, {
    type: 'send',
    salt: salted('send', mix(mix(digest, state.id), last.offset), held.attempts, env.uptime),
    op: message,
    attempt: request,
    msgId,
    key,
    topic: retryTopic(shape.group),
    queue: place.queue,
    bytes: COPY_BYTES,
    digest,
    fails,
    labels,
    half: false,
    delay: env.rules.levelOfCopy(held.attempts - 1),
    oneway: false,
    born: env.now,
    batch: null,
    failures: held.attempts,
  } as SendRequest)
  return true
}
