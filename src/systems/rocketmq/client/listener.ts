/** Listener threads (RMQ-091, RMQ-099): up to twenty messages at a time, in any order of completion; a failure goes back to the broker, or is run again locally. */
import { mix } from '../../../plan/hash.ts'
import type { Env } from '../../../sim/system.ts'
import { takeOut } from '../take-out.ts'
import { inBatch, inOneCall, nextOf, verdictsOf } from './batch.ts'
import type { ConsumerState, Running, Task } from './consumer-state.ts'
import { armExpiry } from './expire.ts'
import { settleOrderly, takeTurn, turnEnded, work } from './orderly.ts'
import { concludePopped } from './pop-listener.ts'
import { resumePull } from './pull.ts'
import { find, note, type Held } from './process-queue.ts'
import { armAutoCommit, isPulled, onPoll, settlePolled } from './lite-pull.ts'
import { armPersist } from './progress.ts'
import { begin, handlingOf, onWorked, type Report } from './receive.ts'
import { sendBack, waits, type Failed } from './send-back.ts'
import type { ClientRules } from './rules.ts'
import { traceCall, traceReturn } from './trace.ts'

type ClientEnv = Env<ClientRules>
/** More queues than a consumer has: a retry's number names the generation and the queue. */
const TASKS_MAX = 4096
/** No message after the first. */
const ALONE: readonly number[] = []

/** A message waits for a thread, and takes one if there is one. */
export function submit(state: ConsumerState, env: ClientEnv, task: number, offset: number, more = ALONE): void {
  if (isOrderly(state, env)) {
    takeTurn(state, env, task)
    return fillThreads(state, env)
  }
  const owner = state.tasks[task] as Task
  if (state.ready.length === 0 && busy(state) < threadsOf(state)) return deliver(state, env, task, owner, offset, more)
  state.ready.push({ task, generation: owner.generation, offset, more })
  fillThreads(state, env)
}

export const isOrderly = ({ shape }: ConsumerState, { rules }: ClientEnv): boolean => shape.orderly && rules.takesTurns()

/** RMQ-091; an application that asks for messages works on one at a time. */
const threadsOf = (state: ConsumerState): number => (isPulled(state) ? 1 : state.shape.parameters.consumeThreads)

/** Whoever sends a message back waits for the answer. */
const busy = ({ running, returning }: ConsumerState): number =>
  running.length + (returning.length === 0 ? 0 : returning.filter(waits).length)

export function fillThreads(state: ConsumerState, env: ClientEnv): void {
  while (busy(state) < threadsOf(state)) {
    if (isPulled(state)) onPoll(state, env)
    const next = state.ready.shift()
    if (next === undefined) return armAutoCommit(state, env)
    const task = state.tasks[next.task] as Task
    if (task.generation !== next.generation) continue
    if (isOrderly(state, env)) work(state, env, next.task)
    else deliver(state, env, next.task, task, next.offset, next.more)
  }
}

/** A thread is given a message, and those after it in the same call. */
export function deliver(state: ConsumerState, env: ClientEnv, index: number, task: Task, offset: number, more = ALONE): void {
  const held = find(task.processing, offset)
  if (held === undefined) return
  const first = newRunning(state, env, index, task, held)
  // Mostly a call is for one.
  const fellows = more.length === 0 ? [] : more.flatMap((one) => find(task.processing, one) ?? [])
  const after = fellows.map((one) => newRunning(state, env, index, task, one))
  run(state, env, inBatch(first, after))
  given(held, task, env)
  for (const one of fellows) given(one, task, env)
  armPersist(state, env)
  armExpiry(state, env)
}

function given(held: Held, { processing }: Task, env: ClientEnv): void {
  held.givenAt = env.now
  note(processing, held, 'delivered', env.rules)
}

function run(state: ConsumerState, env: ClientEnv, running: Running): void {
  state.running.push(running)
  begin(state, env, state.running[state.running.length - 1] as Running)
}

function newRunning(state: ConsumerState, env: ClientEnv, index: number, task: Task, { message, reconsumeTimes }: Held): Running {
  const { offset } = message
  const { group } = state.shape
  const op = ++state.serial
  const broker = state.shape.nodeNames[task.broker] ?? ''
  env.record.deliver(op, {
    group,
    topic: task.topic,
    queue: task.name,
    offset,
    message: message.message,
    digest: message.digest,
    attempt: reconsumeTimes,
    msgId: env.rules.msgIdShown(message.msgId, broker, message.at),
    broker,
    at: message.at,
  })
  traceCall(state, env, op, { msgId: message.msgId, message: message.message, topic: task.topic })
  return {
    op,
    task: index,
    generation: task.generation,
    offset,
    message: message.message,
    key: message.key,
    labels: message.labels,
    succeeds: reconsumeTimes >= message.fails,
    luck: mix(mix(mix(message.digest, state.id), offset), reconsumeTimes),
    handling: handlingOf(state, env, op, message),
    copy: -1,
    popped: null,
    batch: null,
  }
}

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

export const runAgain = ({ shape }: ConsumerState, env: ClientEnv, { generation, task, offset }: Failed): void =>
  env.later('retry', shape.parameters.localRetryUs, generation * TASKS_MAX + task, offset)

/** A retry of a queue that was dropped since is void: its offset may hold another message, which has a delivery of its own. */
export function onRetry(state: ConsumerState, env: ClientEnv, which: number, offset: number): void {
  const index = which % TASKS_MAX
  const task = state.tasks[index] as Task
  const generation = Math.floor(which / TASKS_MAX)
  if (task.generation === generation && find(task.processing, offset) !== undefined) submit(state, env, index, offset)
}
