/** Listener threads (RMQ-091, RMQ-099): up to twenty messages at a time, in any order of completion; a failure is run again locally. */
import { mix } from '../../../plan/hash.ts'
import { label } from '../../../sim/choices.ts'
import type { Env } from '../../../sim/system.ts'
import type { ConsumerState, Running, Task } from './consumer-state.ts'
import { resumePull } from './pull.ts'
import { find, note } from './process-queue.ts'
import { armPersist } from './progress.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>
const DURATION = label('client.listener')
/** More queues than a consumer has: a retry's number names the generation and the queue. */
const TASKS_MAX = 4096

/** A message waits for a thread, and takes one if there is one. */
export function submit(state: ConsumerState, env: ClientEnv, task: number, offset: number): void {
  const owner = state.tasks[task] as Task
  if (state.ready.length === 0 && state.running.length < state.shape.parameters.consumeThreads)
    return deliver(state, env, task, owner, offset)
  state.ready.push({ task, generation: owner.generation, offset })
  fillThreads(state, env)
}

function fillThreads(state: ConsumerState, env: ClientEnv): void {
  while (state.running.length < state.shape.parameters.consumeThreads) {
    const next = state.ready.shift()
    if (next === undefined) return
    const task = state.tasks[next.task] as Task
    if (task.generation === next.generation) deliver(state, env, next.task, task, next.offset)
  }
}

function deliver(state: ConsumerState, env: ClientEnv, index: number, task: Task, offset: number): void {
  const held = find(task.processing, offset)
  if (held === undefined) return
  const { message, attempts } = held
  const { group, parameters } = state.shape
  const op = ++state.serial
  env.record.deliver(op, {
    group,
    topic: task.topic,
    queue: task.name,
    offset,
    message: message.message,
    digest: message.digest,
    attempt: attempts,
  })
  const running: Running = {
    op,
    task: index,
    generation: task.generation,
    offset,
    message: message.message,
    succeeds: attempts >= message.fails,
  }
  state.running.push(running)
  const key = mix(mix(mix(message.digest, state.id), offset), attempts)
  env.later('finish', 1 + env.choose(DURATION, key, parameters.listenerUs), op)
  note(task.processing, held, 'delivered', env.rules)
  armPersist(state, env)
}

export function onFinish(state: ConsumerState, env: ClientEnv, op: number): void {
  const which = state.running.findIndex((one) => one.op === op)
  const running = state.running[which]
  if (running === undefined) return
  state.running.splice(which, 1)
  const task = state.tasks[running.task] as Task
  const { group } = state.shape
  env.record.consumed(op, running.succeeds ? 'ok' : 'fail', {
    group,
    topic: task.topic,
    queue: task.name,
    offset: running.offset,
    message: running.message,
  })
  if (task.generation === running.generation || env.rules.reportsDropped()) settle(state, env, running, task)
  fillThreads(state, env)
}

/** RMQ-099: what failed stays in the process queue and is run again after five seconds. Sending it back to the broker is left out so far. */
function settle(state: ConsumerState, env: ClientEnv, running: Running, task: Task): void {
  const held = find(task.processing, running.offset)
  if (held === undefined) {
    // Only under a rule that reports results of a dropped queue: they overwrite the corrected progress.
    task.processing.progress = Math.max(task.processing.progress, running.offset + 1)
    return armPersist(state, env)
  }
  held.attempts++
  const over = running.succeeds || (state.shape.broadcasting && env.rules.dropsFailedBroadcast())
  note(task.processing, held, over ? 'succeeded' : 'failed', env.rules)
  if (!over) env.later('retry', state.shape.parameters.localRetryUs, running.generation * TASKS_MAX + running.task, running.offset)
  armPersist(state, env)
  resumePull(state, env, running.task)
}

/** A retry of a queue that was dropped since is void: its offset may hold another message, which has a delivery of its own. */
export function onRetry(state: ConsumerState, env: ClientEnv, which: number, offset: number): void {
  const index = which % TASKS_MAX
  const task = state.tasks[index] as Task
  const generation = Math.floor(which / TASKS_MAX)
  if (task.generation === generation && find(task.processing, offset) !== undefined) submit(state, env, index, offset)
}
