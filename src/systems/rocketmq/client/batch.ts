/**
 * Listeners that are given several messages at once (consumeMessageBatchMaxSize, RMQ-091): what a pull has brought is cut into batches, and a batch has
 * one thread, one call and one verdict (batch-call.ts). Orderly listeners take a batch from the head of their queue when its turn has come (orderly.ts).
 */
import type { Env } from '../../../sim/system.ts'
import type { PulledMessage } from '../messages.ts'
import type { ConsumerState } from './consumer-state.ts'
import { submit } from './threads.ts'
import { isOrderly } from './orderly-state.ts'
import { take } from './process-queue.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>

/** Takes up what a pull has brought, batch by batch. */
export function takeBatches(state: ConsumerState, env: ClientEnv, index: number, messages: readonly PulledMessage[]): void {
  const { tasks, shape } = state
  const processing = tasks[index]?.processing
  if (processing === undefined) return
  const taken = messages.flatMap((message) => (take(processing, message) === null ? [] : [message.offset]))
  if (isOrderly(state, env)) {
    if (taken[0] !== undefined) submit(state, env, index, taken[0])
    return
  }
  const most = shape.batch?.max ?? 1
  for (let from = 0; from < taken.length; from += most) {
    const [first, ...more] = taken.slice(from, from + most)
    if (first !== undefined) submit(state, env, index, first, more)
  }
}
