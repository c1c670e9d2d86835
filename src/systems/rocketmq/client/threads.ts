/** Listener threads (RMQ-091): up to twenty messages at a time; what finds none waits for one. */
import type { Env } from '../../../sim/system.ts'
import { isPulled, type ConsumerState, type Task } from './consumer-state.ts'
import { ALONE, deliver } from './deliver.ts'
import { armAutoCommit, onPoll } from './lite-pull.ts'
import { isOrderly } from './orderly-state.ts'
import { takeTurn, work } from './orderly.ts'
import type { ClientRules } from './rules.ts'
import { waits } from './send-back.ts'

type ClientEnv = Env<ClientRules>

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
