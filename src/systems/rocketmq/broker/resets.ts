/**
 * An administrator moves a group (RMQ-098): the broker notes where to, takes it for the group's progress, and says so to the next pull of the queue,
 * once. Until then it does not listen to what consumers commit.
 *
 * Left out: the older way, in which the broker asks consumers to move themselves. Inferred, not measured: that notes lie in memory alone, that a
 * pull which is held already stays held, and that an offset beyond the queue is moved to its nearest end.
 */
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted } from '../messages.ts'
import type { ResetOffset, ResetOffsetAnswer } from '../admin-messages.ts'
import { storeOffset } from './offsets.ts'
import type { BrokerRules } from './rules.ts'
import { offsetSince } from './search.ts'
import { queueOf, type BrokerState, type QueueState } from './state.ts'

type BrokerEnv = Env<BrokerRules>

function target(state: BrokerState, env: BrokerEnv, queue: QueueState, { offset, timestampUs }: ResetOffset): number {
  if (offset >= 0) return Math.min(Math.max(offset, queue.min), queue.max)
  return timestampUs >= 0 ? offsetSince(state, env, queue, timestampUs) : queue.max
}

export function onResetOffset(state: BrokerState, env: BrokerEnv, from: NodeId, asked: ResetOffset): void {
  const { group, topic, queue: number, op } = asked
  const queue = queueOf(state, topic, number)
  if (queue === undefined) return
  const offset = target(state, env, queue, asked)
  state.resets = state.resets.filter((one) => one.queue !== number || one.group !== group || one.topic !== topic)
  storeOffset(state, env, env.rules.groupOfOffset(group), topic, number, offset)
  if (env.rules.handsOutReset()) state.resets = [...state.resets, { group, topic, queue: number, offset }]
  env.record.reset({ group, topic, queue: queue.name, offset })
  const answer: ResetOffsetAnswer = { type: 'resetOffsetAnswer', salt: salted('resetOffsetAnswer', asked.salt), op, offset }
  env.send(from, answer)
}
