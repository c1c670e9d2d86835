/** What nobody takes back is run again here, five seconds later (RMQ-099). */
import type { Env } from '../../../sim/system.ts'
import type { ConsumerState, Task } from './consumer-state.ts'
import { find } from './process-queue.ts'
import type { ClientRules } from './rules.ts'
import type { Failed } from './send-back.ts'
import { submit } from './threads.ts'

type ClientEnv = Env<ClientRules>

/** More queues than a consumer has: a retry's number names the generation and the queue. */
const TASKS_MAX = 4096

export const runAgain = ({ shape }: ConsumerState, env: ClientEnv, { generation, task, offset }: Failed): void =>
  env.later('retry', shape.parameters.localRetryUs, generation * TASKS_MAX + task, offset)

/** A retry of a queue that was dropped since is void: its offset may hold another message, which has a delivery of its own. */
export function onRetry(state: ConsumerState, env: ClientEnv, which: number, offset: number): void {
  const index = which % TASKS_MAX
  const task = state.tasks[index] as Task
  const generation = Math.floor(which / TASKS_MAX)
  if (task.generation === generation && find(task.processing, offset) !== undefined) submit(state, env, index, offset)
}
