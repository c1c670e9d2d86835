/** A listener has come to its end (RMQ-099): what it says of a message is settled, in any order; a failure goes back to the broker, or is run again locally. */
import type { Env } from '../../../sim/system.ts'
import { takeOut } from '../take-out.ts'
import { inOneCall, nextOf, verdictsOf } from './batch-call.ts'
import { isPulled, type ConsumerState, type Running, type Task } from './consumer-state.ts'
import { turnEnded } from './orderly.ts'
import { settleOrderly } from './orderly-verdict.ts'
import { concludePopped } from './pop-listener.ts'
import { resumePull } from './pull.ts'
import { find, note } from './process-queue.ts'
import { settlePolled } from './lite-pull.ts'
import { armPersist } from './progress.ts'
import { onWorked, type Report } from './receive.ts'
import { sendBack } from './send-back.ts'
import type { ClientRules } from './rules.ts'
import { traceReturn } from './trace.ts'
import { isOrderly } from './orderly-state.ts'
import { run } from './deliver.ts'
import { fillThreads } from './threads.ts'
import { runAgain } from './local-retry.ts'

type ClientEnv = Env<ClientRules>

export function onFinish(state: ConsumerState, env: ClientEnv, op: number): void {
  const running = state.running.find((one) => one.op === op)
  if (running !== undefined) conclude(state, env, op, onWorked(state, env, running))
}

/** The listener returns, if it has something to report and nothing more to do. */
export function conclude(state: ConsumerState, env: ClientEnv, op: number, success: Report): void {
  const which = state.running.findIndex((one) => one.op === op)
  const running = state.running[which]
  if (success === null || running === undefined) return
  takeOut(state.running, which)
  if (running.popped !== null && state.pop !== null) return concludePopped(state, env, state.pop, running.popped, running, success)
  const next = success ? nextOf(running) : null
  if (next !== null) return run(state, env, next)
  if (isOrderly(state, env)) reportInOrder(state, env, running, success)
  else if (running.batch === null) report(state, env, running, success, success)
  else for (const { one, isSuccess, isDone } of verdictsOf(state, env, running, success)) report(state, env, one, isSuccess, isDone)
  fillThreads(state, env)
}

/** An orderly listener has one verdict for all that it was given. */
function reportInOrder(state: ConsumerState, env: ClientEnv, running: Running, success: boolean): void {
  const call = inOneCall(running)
  for (const one of call) noteReturn(state, env, one, success)
  const isCurrent = (state.tasks[running.task] as Task).generation === running.generation
  const offsets = call.map(({ offset }) => offset)
  if (isCurrent) settleOrderly(state, env, running.task, offsets, success)
  else turnEnded(state, env, running.task)
}

/** `success`: what the listener says; `isDone`: what the client makes of that. */
function report(state: ConsumerState, env: ClientEnv, running: Running, success: boolean, isDone: boolean): void {
  noteReturn(state, env, running, success)
  const task = state.tasks[running.task] as Task
  const isCurrent = task.generation === running.generation
  if (isPulled(state)) {
    if (isCurrent) settlePolled(state, env, running, task, success)
  } else if (isCurrent || env.rules.reportsDropped()) settle(state, env, running, task, isDone)
}

function noteReturn(state: ConsumerState, env: ClientEnv, { op, task: index, offset, message }: Running, success: boolean): void {
  const { topic, name: queue } = state.tasks[index] as Task
  env.record.consumed(op, success ? 'ok' : 'fail', { group: state.shape.group, topic, queue, offset, message })
  traceReturn(state, env, op, success)
}

/** RMQ-099: what failed goes back to the broker, where that is configured; else it stays in the process queue and is run again. */
function settle(state: ConsumerState, env: ClientEnv, running: Running, task: Task, success: boolean): void {
  const held = find(task.processing, running.offset)
  if (held === undefined) {
    // What was given up meanwhile, which changes nothing; or, where a rule reports results of a dropped queue, they overwrite the corrected progress.
    task.processing.progress = Math.max(task.processing.progress, running.offset + 1)
    return armPersist(state, env)
  }
  held.reconsumeTimes++
  const over = success || (state.shape.broadcasting && env.rules.dropsFailedBroadcast())
  note(task.processing, held, over ? 'succeeded' : 'failed', env.rules)
  if (!over && state.shape.sendsBack) sendBack(state, env, running)
  else if (!over) runAgain(state, env, running)
  armPersist(state, env)
  resumePull(state, env, running.task)
}
