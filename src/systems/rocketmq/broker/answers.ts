/** What a broker says to whom it has kept waiting. */
import type { Env, NodeId } from '../../../sim/system.ts'
import { holdsLease } from '../controller/lease.ts'
import { NO_MORE, salted, type SendAnswer, type SendRequest, type SendStatus } from '../messages.ts'
import { toGrid } from './grid.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState, Waiting } from './state.ts'

type BrokerEnv = Env<BrokerRules>

/** Remembers, until the next op record, that a half is done. */
export function markHalfEnded(state: BrokerState, env: BrokerEnv, waiting: { readonly endsHalf: number }): void {
  state.txn.batch.push(waiting.endsHalf)
  env.timer('opBatch', toGrid(env.uptime, state.shape.parameters.transactionOpBatchUs))
}

export function conclude(state: BrokerState, env: BrokerEnv, waiting: Waiting, status: SendStatus): void {
  if (!holdsLease(state, env)) return
  if (waiting.endsHalf >= 0) {
    // RMQ-128: a flush timeout counts as success for the real message; what a group could not commit in time does not.
    if (status !== 'SYSTEM_ERROR') markHalfEnded(state, env, waiting)
    return
  }
  if (waiting.answer !== null) return env.send(waiting.from, status === 'SEND_OK' ? waiting.answer.message : waiting.answer.late)
  const message: SendAnswer = {
    type: 'sendAnswer',
    salt: salted('sendAnswer', waiting.digest, waiting.attempt),
    op: waiting.op,
    attempt: waiting.attempt,
    status,
    topic: waiting.topic,
    queue: waiting.queue,
    offset: waiting.offset,
    at: waiting.start,
    more: waiting.more.length === 0 ? NO_MORE : [...waiting.more],
    ...(waiting.dueUs === undefined ? {} : { dueUs: waiting.dueUs }),
  }
  env.send(waiting.from, message)
}

export function answer(
  env: BrokerEnv,
  to: NodeId,
  request: SendRequest,
  status: SendStatus,
  topic: string,
  queue: number,
  offset: number,
  at: number,
): void {
  if (request.oneway) return
  env.send(to, {
    type: 'sendAnswer',
    salt: salted('sendAnswer', request.digest, request.attempt),
    op: request.op,
    attempt: request.attempt,
    status,
    topic,
    queue,
    offset,
    at,
    more: NO_MORE,
  } as SendAnswer)
}
