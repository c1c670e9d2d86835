/**
 * What a concurrent listener has failed goes back to its broker (RMQ-113, RMQ-114). Where the broker does not take it in five seconds, the
 * client sends a copy to the group's retry topic itself, as a producer does: up to three attempts, all in the time of one send. What an orderly
 * listener has failed often enough is sent there at once, by the client itself (RMQ-108). Where that fails too, the message is run again here.
 * Until it is settled (sent-back.ts) the message holds back the progress of its queue, and a thread.
 *
 * Simplified: a copy is as long as any other, since nothing here depends on its size.
 */
import type { SendBack } from '../../../history/send-back.ts'
import { retryTopic } from '../../../plan/group-topics.ts'
import { mix } from '../../../plan/hash.ts'
import type { Us } from '../../../plan/units.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted, type SendBackRequest, type SendRequest } from '../messages.ts'
import { masterByAnyRoute, masterOf } from './addresses.ts'
import type { ConsumerState, Running, Task } from './consumer-state.ts'
import { tellBroker } from './heartbeat.ts'
import { find, type Held } from './process-queue.ts'
import { routeOf } from './routes.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>
export const RETURN_TIMER = 'returning'
const COPY_BYTES = 100

/** A message on its way back. */
export interface Returning {
  /** Names the request that is out, and the operation. */
  readonly request: number
  readonly task: number
  readonly generation: number
  readonly offset: number
  readonly broker: NodeId
  /** Who answers for that broker, as far as its client knows. */
  readonly address: NodeId
  /** As the history shows it. */
  readonly shown: SendBack['v']
  /** What its copy counts, and by which level it waits. */
  readonly reconsumeTimes: number
  readonly level: number
  /** Copies that were sent; 0: the broker was asked to take it back. */
  readonly copies: number
  readonly deadline: Us
  /** Where it was worked on for too long: how many more of its queue may go back after it. Null: its listener has failed. */
  readonly expired: number | null
}

/** A listener thread waits for its end. */
export const waits = ({ expired }: Pick<Returning, 'expired'>): boolean => expired === null

export type Failed = Pick<Running, 'task' | 'generation' | 'offset'>
/** Of a queue that was dropped meanwhile nothing is held any more. */
export function heldOf({ tasks }: ConsumerState, { task: index, generation, offset }: Failed): Held | undefined {
  const task = tasks[index] as Task
  return task.generation === generation ? find(task.processing, offset) : undefined
}

/** Of a concurrent listener: its client has counted the failure. */
export function sendBack(state: ConsumerState, env: ClientEnv, failed: Failed): void {
  const held = heldOf(state, failed)
  if (held !== undefined) askBack(state, env, failed, held, { reconsumeTimes: held.reconsumeTimes, expired: null })
}

/**
 * RMQ-100: it has not failed yet, and counts as if it had; unless it has, and is on its way back: then it goes a second time, and its copies count
 * the same. `left`: how many more of its queue may go after it.
 */
export function sendExpired(state: ConsumerState, env: ClientEnv, one: Failed, left: number): void {
  const held = heldOf(state, one)
  if (held === undefined) return
  const { task, generation, offset } = one
  const isFailed = state.returning.some(
    (other) => waits(other) && other.task === task && other.generation === generation && other.offset === offset,
  )
  askBack(state, env, one, held, { reconsumeTimes: held.reconsumeTimes + (isFailed ? 0 : 1), expired: left })
}

function askBack(state: ConsumerState, env: ClientEnv, one: Failed, held: Held, why: Pick<Returning, 'reconsumeTimes' | 'expired'>): void {
  const { group, maxReconsumeTimes, parameters } = state.shape
  const { broker } = state.tasks[one.task] as Task
  const { digest, at, msgId } = held.message
  const request = ++state.serial
  const level = env.rules.levelOfCopy(why.reconsumeTimes - 1)
  const address = masterByAnyRoute(state, broker)
  const shown = shownOf(state, one, held, address)
  const deadline = env.uptime + parameters.sendBackTimeoutUs
  out(state, env, { ...placeOf(one), ...why, level, copies: 0, request, broker, address, shown, deadline })
  const salt = salted('sendBack', mix(mix(digest, state.id), one.offset), held.reconsumeTimes, env.uptime)
  const asked = why.expired === null ? 0 : EXPIRED_LEVEL
  tellBroker(state, env, address, { type: 'sendBack', salt, request, group, at, msgId, level: asked, maxReconsumeTimes } as SendBackRequest)
}

/** Of an orderly listener: the count of the copy is that of the message, since its client counts only what it runs again. False: nobody takes it. */
export function sendAway(state: ConsumerState, env: ClientEnv, failed: Failed): boolean {
  const held = heldOf(state, failed)
  if (held === undefined) return false
  const { reconsumeTimes } = held
  const counts = { reconsumeTimes, level: env.rules.levelOfCopy(reconsumeTimes), copies: 0, expired: null }
  return sendCopy(state, env, { ...placeOf(failed), ...counts, broker: -1, deadline: env.uptime + state.shape.parameters.sendTimeoutUs })
}

const placeOf = ({ task, generation, offset }: Failed): Failed => ({ task, generation, offset })

function shownOf({ shape, tasks }: ConsumerState, { task, offset }: Failed, { message }: Held, broker: NodeId): SendBack['v'] {
  const { topic, name: queue } = tasks[task] as Task
  return { group: shape.group, topic, queue, offset, message: message.message, broker: shape.nodeNames[broker] ?? '' }
}

function out(state: ConsumerState, env: ClientEnv, one: Returning): void {
  env.record.sendBack(one.request, 'invoke', one.shown)
  state.returning.push(one)
  armReturns(state, env)
}

export function armReturns(state: ConsumerState, env: ClientEnv): void {
  const first = state.returning.reduce((due, { deadline }) => Math.min(due, deadline), Infinity)
  if (first === Infinity) env.cancel(RETURN_TIMER)
  else env.timer(RETURN_TIMER, Math.max(0, first - env.uptime))
}

export type Unsent = Omit<Returning, 'request' | 'shown' | 'address'>

/** False when there is no time or no broker for it. */
export function sendCopy(state: ConsumerState, env: ClientEnv, last: Unsent): boolean {
  const { shape } = state
  const places = routeOf(state, retryTopic(shape.group))?.places ?? []
  // RMQ-084: another broker than the last one, where there is one.
  const place = places.find(({ broker }) => broker !== last.broker) ?? places[0]
  const held = heldOf(state, last)
  if (place === undefined || held === undefined) return false
  if (last.copies >= shape.parameters.sendAttempts || env.uptime >= last.deadline) return false
  const request = ++state.serial
  const address = masterOf(state, retryTopic(shape.group), place.broker)
  const shown = { ...shownOf(state, last, held, address), copy: true as const }
  out(state, env, { ...last, request, shown, broker: place.broker, address, copies: last.copies + 1 })
  tellBroker(state, env, address, copyOf(state, env, last, held, place.queue, request))
  return true
}

function copyOf({ id, shape }: ConsumerState, env: ClientEnv, last: Unsent, held: Held, queue: number, request: number): SendRequest {
  const { message, msgId, key, digest, fails, labels } = held.message
  return {
    type: 'send',
    salt: salted('send', mix(mix(digest, id), last.offset), held.reconsumeTimes, env.uptime),
    op: message,
    attempt: request,
    msgId,
    key,
    topic: retryTopic(shape.group),
    queue,
    bytes: COPY_BYTES,
    digest,
    fails,
    labels,
    half: false,
    delay: last.level,
    oneway: false,
    born: env.now,
    batch: null,
    reconsumeTimes: last.reconsumeTimes,
    maxReconsumeTimes: shape.maxReconsumeTimes,
  }
}
/** The delay level of what is given up. */
const EXPIRED_LEVEL = 3
