/** A consumer has sent a copy to its group's retry topic itself, as a producer does: the broker counts there, too (RMQ-116). */
import { groupOfRetry } from '../../../plan/group-topics.ts'
import type { Env } from '../../../sim/system.ts'
import type { SendRequest } from '../messages.ts'
import { hasLiveLock } from './locks.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState } from './state.ts'
import { createOwnTopic } from './topics.ts'

/** What is to be stored: the copy, or a dead letter in its place. A group that holds locks is an orderly one, and waits for nothing. */
export function retriedSend(state: BrokerState, env: Env<BrokerRules>, request: SendRequest): SendRequest {
  const { reconsumeTimes, maxReconsumeTimes } = request
  if (reconsumeTimes === undefined) return request
  const group = groupOfRetry(request.topic)
  const max = maxReconsumeTimes ?? state.shape.config.retryMaxTimes
  // What has failed once more than it may come again: the count of a copy includes the failure that made it.
  const isDead = env.rules.isDeadLetter(reconsumeTimes - 1, max) || env.rules.isBuriedInOrder(hasLiveLock(state, env, group))
  const topic = isDead ? env.rules.topicOfDeadLetter(group) : null
  if (topic !== null) createOwnTopic(state, env, group, topic)
  return topic === null ? request : { ...request, topic, delay: 0 }
}
