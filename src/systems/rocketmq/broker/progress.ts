/**
 * How far a group is behind, as a broker counts it (GET_CONSUME_STATS): up to where each queue can be pulled, and what the group was last said to want
 * next, which is 0 where nobody has said anything. Neither of the two is what consumers have done.
 *
 * Left out: what was pulled and is being worked on, and when the last message was stored that is done.
 */
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted } from '../messages.ts'
import type { GetProgress, Progress } from '../query-messages.ts'
import { storedOffset } from './offsets.ts'
import type { BrokerRules } from './rules.ts'
import { queueOf, topicOf, type BrokerState } from './state.ts'

export function onGetProgress(state: BrokerState, env: Env<BrokerRules>, from: NodeId, { salt, op, group, topic }: GetProgress): void {
  const queues = Array.from({ length: topicOf(state, topic)?.readQueues ?? 0 }, (_, queue) => ({
    queue,
    brokerOffset: queueOf(state, topic, queue)?.max ?? 0,
    consumerOffset: storedOffset(state, group, topic, queue) ?? 0,
  }))
  const answer: Progress = { type: 'progress', salt: salted('progress', salt), op, queues }
  env.send(from, answer)
}
