/**
 * A message whose listener has failed comes back (RMQ-113): it is read at its place in the log, and a copy of it, which counts one failure more,
 * waits by the level of its retry for the group's retry topic; on a message that has come again often enough the group is given up, and the
 * copy lies with the dead letters. The client is told at once, before anything is forced (RMQ-058, RMQ-156). The request names the message, too,
 * which the broker does not look at: where the log has lost its end since, another message may lie at the place, and be taken for it.
 *
 * Simplified: how often is the broker's configuration for every group, and clients ask for nothing else. Left out: levels that a listener asks
 * for; a group with no retry queue, of which nothing is kept.
 */
import { groupOfRetry } from '../../../plan/group-topics.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { NO_MORE, salted, type SendBackAnswer, type SendBackRequest, type SendRequest } from '../messages.ts'
import { waitingQueue } from './delay.ts'
import { readRecord } from './log.ts'
import { attemptOf, RetryMark } from './pop-record.ts'
import { answerOrWait, put, type Placed } from './put.ts'
import { DelayInfo, digestRead, LogRecord } from './record.ts'
import type { BrokerRules } from './rules.ts'
import { queueOf, Reply, type BrokerState } from './state.ts'

type BrokerEnv = Env<BrokerRules>

export function onSendBack(state: BrokerState, env: BrokerEnv, from: NodeId, request: SendBackRequest): void {
  const answer = (accepted: boolean): SendBackAnswer => ({
    type: 'sendBackAnswer',
    salt: salted('sendBackAnswer', request.salt),
    request: request.request,
    accepted,
  })
  const placed = state.stopping === null ? takeBack(state, env, request) : null
  const accepted = env.rules.isTakenBack(placed !== null)
  if (placed === null || placed === 'dropped' || !accepted || !state.shape.repairs.has('waitForInternalWrites'))
    return env.send(from, answer(accepted))
  answerOrWait(state, env, {
    start: placed.at,
    end: placed.end,
    deadline: env.uptime + state.shape.parameters.syncFlushTimeoutUs,
    since: state.log.forces,
    from,
    op: 0,
    attempt: 0,
    digest: 0,
    topic: '',
    queue: -1,
    offset: -1,
    more: NO_MORE,
    endsHalf: -1,
    answer: new Reply(answer(true), answer(false)),
  })
}

/** Null: nothing lies there any more, or there is no room for its copy. */
function takeBack(state: BrokerState, env: BrokerEnv, { group, at, msgId }: SendBackRequest): Placed | 'dropped' | null {
  const found = readRecord(env.disk, state.log, at)
  if (found === null) return null
  const { record } = found
  if (record.msgId !== msgId && state.shape.repairs.has('checksReturned')) return null
  const failures = attemptOf(record.pop)
  const digest = digestRead(found.extent, record)
  const isDead = env.rules.isDeadLetter(failures, state.shape.config.retryMaxTimes)
  const topic = isDead ? env.rules.topicOfDeadLetter(group) : env.rules.topicOfRetry(group, record.topic)
  if (topic === null) return 'dropped'
  const level = isDead ? 0 : env.rules.levelInForce(env.rules.levelOfRetry(failures), state.shape.delayLevels.length)
  const queue = level > 0 ? waitingQueue(state, env, level) : queueOf(state, topic, 0)
  if (queue === undefined) return null
  const { message, key, bytes, fails, labels, bornTime } = record
  const content = { message, msgId: env.rules.msgIdOfRetry(record.msgId, failures), key, digest, bytes, fails, labels }
  const delay = level > 0 ? { delay: new DelayInfo(topic, 0, level) } : {}
  const mark = new RetryMark(env.rules.failuresOfCopy(failures))
  return put(
    state,
    env,
    queue,
    (offset) =>
      new LogRecord({ topic: queue.topic, queue: queue.queue, offset }, content, { storeTime: env.now, bornTime }, { ...delay, pop: mark }),
  )
}

/** RMQ-116: a copy that a consumer sends itself is a dead letter by the same rule. */
export function retriedSend(state: BrokerState, env: BrokerEnv, request: SendRequest): SendRequest {
  const { failures = 0 } = request
  if (!env.rules.isDeadLetter(failures - 1, state.shape.config.retryMaxTimes)) return request
  const topic = env.rules.topicOfDeadLetter(groupOfRetry(request.topic))
  return topic === null ? request : { ...request, topic, delay: 0 }
}
