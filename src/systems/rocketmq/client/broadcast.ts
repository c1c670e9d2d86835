/**
 * Broadcasting (RMQ-096): every instance of a group reads every queue, and keeps its progress to itself (local-offsets.ts). Nobody else knows it, and
 * nothing is tried again.
 */
import type { Env } from '../../../sim/system.ts'
import { isHeld, newTask, type ConsumerState } from './consumer-state.ts'
import { askOffset } from './pull.ts'
import { routeOf } from './routes.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>

/** No member is asked about: all queues are this instance's. */
export function takeAll(state: ConsumerState, env: ClientEnv, topic: string): void {
  for (const place of routeOf(state, topic)?.places ?? []) {
    const known = state.tasks.find((task) => task.topic === topic && task.queue === place.queue && task.broker === place.broker)
    if (known === undefined) state.tasks.push(newTask(topic, place, false))
    const task = known ?? state.tasks[state.tasks.length - 1]
    if (task !== undefined && !isHeld(task)) askOffset(state, env, task)
  }
}
