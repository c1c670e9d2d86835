/** A listener thread is given a message, or several in one call. */
import { mix } from '../../../plan/hash.ts'
import type { Env } from '../../../sim/system.ts'
import { inBatch } from './batch-call.ts'
import type { ConsumerState, Running, Task } from './consumer-state.ts'
import { armExpiry } from './expire.ts'
import { find, note, type Held } from './process-queue.ts'
import { armPersist } from './progress.ts'
import { begin, handlingOf } from './receive.ts'
import type { ClientRules } from './rules.ts'
import { traceCall } from './trace.ts'

type ClientEnv = Env<ClientRules>

/** No message after the first. */
export const ALONE: readonly number[] = []

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

export function run(state: ConsumerState, env: ClientEnv, running: Running): void {
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
