/**
 * A message that waits on the wheel is recalled (RMQ-125): a marker with its unique key and its time is stored where it waits itself, and when both
 * are due, in one slot, markers are looked at first, and what they name is left out. Whether there is such a message nobody looks at before, so that a
 * recall is acknowledged once its marker is stored; one that is stored without its force counts, too, as a flush timeout does for a transaction.
 *
 * Simplified: a broker that does not find a marker in time, since it stood still or had to read it anew, gives the message out. Left out: the recall
 * that fails for a message which was rolled an odd number of times (#7991), whose cause the facts do not tell; that a starting broker refuses.
 */
import { NO_LABELS } from '../../../plan/labels.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted } from '../messages.ts'
import type { RecallAnswer, RecallRequest, RecallStatus } from '../recall-messages.ts'
import { put } from './put.ts'
import { replyOrWait } from './waiting.ts'
import { LogRecord, RecallInfo } from './record.ts'
import type { BrokerRules } from './rules.ts'
import { isSlave, Reply, topicOf, type BrokerState } from './state.ts'
import { timerQueue } from './timer.ts'

type BrokerEnv = Env<BrokerRules>

/** Its body is "0". */
const MARKER_BYTES = 1

/** Why a recall is refused before anything is stored, or null. */
function refusal(state: BrokerState, env: BrokerEnv, { topic, dueUs }: RecallRequest): RecallStatus | null {
  if (!state.shape.config.recallMessageEnable) return 'NO_PERMISSION'
  if (isSlave(state)) return 'SLAVE_NOT_AVAILABLE'
  if (state.stopping !== null) return 'SYSTEM_ERROR'
  if (topicOf(state, topic) === undefined) return 'TOPIC_NOT_EXIST'
  return env.rules.mayRecall(dueUs, env.now) ? null : 'ILLEGAL_OPERATION'
}

export function onRecall(state: BrokerState, env: BrokerEnv, from: NodeId, request: RecallRequest): void {
  const answer = (status: RecallStatus): RecallAnswer => ({
    type: 'recallMessageAnswer',
    salt: salted('recallMessageAnswer', request.salt),
    op: request.op,
    status,
  })
  const refused = refusal(state, env, request)
  if (refused !== null) return env.send(from, answer(refused))
  const { topic, msgId, dueUs } = request
  const queue = timerQueue(state)
  const content = { message: 0, msgId, key: '', digest: 0, bytes: MARKER_BYTES, fails: 0, labels: NO_LABELS }
  const times = { storeTime: env.now, bornTime: env.now }
  const delay = new RecallInfo(topic, 0, dueUs, env.now)
  const placed = put(
    state,
    env,
    queue,
    (offset) => new LogRecord({ topic: queue.topic, queue: queue.queue, offset }, content, times, { delay }),
  )
  if (placed === null) return env.send(from, answer('SYSTEM_ERROR'))
  replyOrWait(state, env, from, placed, new Reply(answer('SUCCESS')))
}
