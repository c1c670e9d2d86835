/** Whoever has had something stored waits for the disk, for other copies or for a majority, as the configuration says (RMQ-022, RMQ-055). */
import type { Env, NodeId } from '../../../sim/system.ts'
import { awaitMajority } from '../dledger/waits.ts'
import { NO_MORE, type StoredStatus } from '../messages.ts'
import { conclude } from './answers.ts'
import { armDeadline, armFlush } from './force.ts'
import { awaitCopies } from './ha-wait.ts'
import type { Placed } from './put.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState, Reply, Waiting } from './state.ts'

type BrokerEnv = Env<BrokerRules>

/** The disk is done with a waiting send, or with the end of a transaction. */
export function settle(state: BrokerState, env: BrokerEnv, waiting: Waiting, status: StoredStatus): void {
  if (state.ha === null || !awaitCopies(state, env, waiting, status)) conclude(state, env, waiting, status)
}

/** RMQ-022 steps 13 to 15: at once if the rules allow it, else when the force that covers the record is done. */
export function answerOrWait(state: BrokerState, env: BrokerEnv, waiting: Waiting): void {
  if (state.ledger !== null) return awaitMajority(state, env, state.ledger, waiting)
  if (env.rules.mayAnswerSend(waiting, { end: state.log.end, flushedTo: state.log.flushedTo, sync: state.shape.sync }))
    return settle(state, env, waiting, 'SEND_OK')
  state.waiting.push(waiting)
  armDeadline(state, env)
  armFlush(state, env)
}

/** A reply to what is nobody's send: a copy of what came back, the marker of a recall, what POP writes. */
export const waitingReply = (
  { shape, log }: BrokerState,
  env: BrokerEnv,
  from: NodeId,
  { at, end }: Pick<Placed, 'at' | 'end'>,
  answer: Reply,
): Waiting => ({
  start: at,
  end,
  deadline: env.uptime + shape.parameters.syncFlushTimeoutUs,
  since: log.forces,
  from,
  op: 0,
  attempt: 0,
  digest: 0,
  topic: '',
  queue: -1,
  offset: -1,
  more: NO_MORE,
  endsHalf: -1,
  answer,
})

/** It waits as an acknowledgement does. */
export const replyOrWait = (state: BrokerState, env: BrokerEnv, from: NodeId, placed: Placed, answer: Reply): void =>
  answerOrWait(state, env, waitingReply(state, env, from, placed, answer))
