/**
 * A message whose listener has failed comes back (RMQ-113): it is read at its place in the log, and a copy of it, which counts one failure more,
 * waits by the level of its retry for the group's retry topic; on a message that has come again often enough the group is given up, and the
 * copy lies with the dead letters. The client is told at once, before anything is forced (RMQ-058, RMQ-156). The request names the message, too,
 * which the broker does not look at: where the log has lost its end since, another message may lie at the place, and be taken for it.
 *
 * Left out: levels that a listener asks for; a group with no retry queue, of which nothing is kept.
 */
import { retryTopic } from '../../../plan/group-topics.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { holdsLease } from '../controller/lease.ts'
import { salted, type SendBackAnswer, type SendBackRequest } from '../messages.ts'
import { waitingQueue } from './delay.ts'
import { readRecord } from './log.ts'
import { reconsumeTimesOf, RetryMark } from './pop-record.ts'
import { put, type Placed } from './put.ts'
import { replyOrWait } from './waiting.ts'
import { DelayInfo, digestRead, LogRecord } from './record.ts'
import type { BrokerRules } from './rules.ts'
import { waitsForOwnWrites } from './safe-end.ts'
import { isSystemTopic } from './shape.ts'
import { isSlave, queueOf, Reply, type BrokerState } from './state.ts'
import { createOwnTopic } from './topics.ts'

type BrokerEnv = Env<BrokerRules>

export function onSendBack(state: BrokerState, env: BrokerEnv, from: NodeId, request: SendBackRequest): void {
  const answer = (accepted: boolean): SendBackAnswer => ({
    type: 'sendBackAnswer',
    salt: salted('sendBackAnswer', request.salt),
    request: request.request,
    accepted,
  })
  const placed = state.stopping === null && !isSlave(state) && holdsLease(state, env) ? takeBack(state, env, request) : null
  const accepted = env.rules.isTakenBack(placed !== null)
  if (placed === null || placed === 'dropped' || !accepted || !waitsForOwnWrites(state)) return env.send(from, answer(accepted))
  replyOrWait(state, env, from, placed, new Reply(answer(true), answer(false)))
}

/** Null: nothing lies there any more, or there is no room for its copy. */
function takeBack(state: BrokerState, env: BrokerEnv, request: SendBackRequest): Placed | 'dropped' | null {
  const { group, at, msgId, level: asked, maxReconsumeTimes } = request
  createOwnTopic(state, env, group, retryTopic(group))
  const found = readRecord(env.disk, state.log, at)
  if (found === null) return null
  const { record } = found
  // What waits for its time bears the name of what it is a copy of; nobody was ever given it.
  const isOther = record.msgId !== msgId || isSystemTopic(state, record.topic)
  if (isOther && state.shape.repairs.has('checksReturned')) return null
  const reconsumeTimes = reconsumeTimesOf(record.pop)
  const digest = digestRead(found.extent, record)
  const isDead = env.rules.isDeadLetter(reconsumeTimes, maxReconsumeTimes ?? state.shape.config.retryMaxTimes)
  const topic = isDead ? env.rules.topicOfDeadLetter(group) : env.rules.topicOfRetry(group, record.topic)
  if (topic === null) return 'dropped'
  const wanted = env.rules.levelOfReturned(asked, env.rules.levelOfRetry(reconsumeTimes))
  const level = isDead ? 0 : env.rules.levelInForce(wanted, state.shape.delayLevels.length)
  if (isDead) createOwnTopic(state, env, group, topic)
  const queue = level > 0 ? waitingQueue(state, env, level) : queueOf(state, topic, 0)
  if (queue === undefined) return null
  const { message, key, bytes, fails, labels, bornTime } = record
  const content = { message, msgId: env.rules.msgIdOfRetry(record.msgId, reconsumeTimes), key, digest, bytes, fails, labels }
  const delay = level > 0 ? { delay: new DelayInfo(topic, 0, level) } : {}
  const mark = new RetryMark(env.rules.reconsumeTimesOfCopy(reconsumeTimes))
  return put(
    state,
    env,
    queue,
    (offset) =>
      new LogRecord({ topic: queue.topic, queue: queue.queue, offset }, content, { storeTime: env.now, bornTime }, { ...delay, pop: mark }),
  )
}
