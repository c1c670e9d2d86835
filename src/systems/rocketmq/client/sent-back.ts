/** What comes of a message on its way back (RMQ-113, RMQ-114): taken, or not, or nobody can say. */
import type { Env, NodeId } from '../../../sim/system.ts'
import type { SendAnswer, SendBackAnswer, SendStatus } from '../messages.ts'
import type { ConsumerState, Task } from './consumer-state.ts'
import { expireHead } from './expire.ts'
import { runAgain } from './local-retry.ts'
import { awayEnded } from './orderly-verdict.ts'
import { turnEnded } from './orderly.ts'
import { note, type Held } from './process-queue.ts'
import { armPersist } from './progress.ts'
import { resumePull } from './pull.ts'
import type { ClientRules } from './rules.ts'
import { armReturns, heldOf, sendCopy, type Returning, type Unsent } from './send-back.ts'
import { isStored } from './sending.ts'
import { fillThreads } from './threads.ts'

type ClientEnv = Env<ClientRules>

/** How a request ended: nobody can say, where there was no answer. */
type End = 'ok' | 'fail' | 'info'

/** The request is over, if it is still out; true when it was. */
function ended(state: ConsumerState, env: ClientEnv, request: number, end: End, status?: SendStatus): boolean {
  const one = state.returning.find((other) => other.request === request)
  if (one === undefined) return false
  state.returning = state.returning.filter((other) => other !== one)
  armReturns(state, env)
  env.record.sendBack(request, end, status === undefined ? { ...one.shown } : { ...one.shown, status })
  settle(state, env, one, end)
  return true
}

export function onSendBackAnswer(state: ConsumerState, env: ClientEnv, { request, accepted }: SendBackAnswer): void {
  ended(state, env, request, accepted ? 'ok' : 'fail')
}

/** True when the answer was that to a copy. Any of the answers with a place is none that a client takes for an error (RMQ-055). */
export function onReturnedCopy(state: ConsumerState, env: ClientEnv, { attempt, status }: SendAnswer): boolean {
  if (!isStored(status)) return ended(state, env, attempt, 'fail')
  return status === 'SEND_OK' ? ended(state, env, attempt, 'ok') : ended(state, env, attempt, 'ok', status)
}

/** A connection was refused, so that nothing has arrived, or is gone. */
export function onReturnLost(state: ConsumerState, env: ClientEnv, address: NodeId, refused: boolean): void {
  for (const one of state.returning.filter((other) => other.address === address)) ended(state, env, one.request, refused ? 'fail' : 'info')
}

export function onReturnTimer(state: ConsumerState, env: ClientEnv): void {
  for (const { request } of state.returning.filter(({ deadline }) => deadline <= env.uptime)) ended(state, env, request, 'info')
}

function settle(state: ConsumerState, env: ClientEnv, one: Returning, end: End): void {
  const held = heldOf(state, one)
  if (held === undefined) leftBehind(state, env, one)
  else if (env.rules.isReturned(end === 'ok')) taken(state, env, one, held)
  else if (!sendCopy(state, env, copyAfter(env, state, one))) keep(state, env, one, held)
  fillThreads(state, env)
}

/** What was on its way is not held any more: its queue was dropped; or its listener, which was given up, has ended after all. */
function leftBehind(state: ConsumerState, env: ClientEnv, { task, generation, expired }: Returning): void {
  const isCurrent = (state.tasks[task] as Task).generation === generation
  if (isCurrent && expired !== null) expireHead(state, env, task, expired)
  else turnEnded(state, env, task)
}

/** It has been taken back, or its copy has. */
function taken(state: ConsumerState, env: ClientEnv, one: Returning, held: Held): void {
  const { processing, orderly } = state.tasks[one.task] as Task
  if (orderly !== null && orderly.failed !== null) return awayEnded(state, env, one.task, orderly.failed, held, true)
  note(processing, held, 'succeeded', env.rules)
  armPersist(state, env)
  resumePull(state, env, one.task)
  if (one.expired !== null) expireHead(state, env, one.task, one.expired)
}

/** Nobody has taken it back. */
function keep(state: ConsumerState, env: ClientEnv, one: Returning, held: Held): void {
  const { processing, orderly } = state.tasks[one.task] as Task
  if (orderly !== null && orderly.failed !== null) awayEnded(state, env, one.task, orderly.failed, held, false)
  else if (one.expired === null) runAgain(state, env, one)
  else if (env.rules.dropsExpired()) note(processing, held, 'succeeded', env.rules)
}

/** RMQ-114: the first copy has the time of a send, and the next ones what is left of it. */
const copyAfter = ({ uptime }: ClientEnv, { shape }: ConsumerState, one: Returning): Unsent =>
  one.copies === 0 ? { ...one, deadline: uptime + shape.parameters.sendTimeoutUs } : one
