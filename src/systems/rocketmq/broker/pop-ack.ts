/**
 * Acknowledging what was popped, and hiding it for longer (RMQ-110): both are messages to the revive topic, or, for an orderly pop, a change
 * of what blocks the queue. An acknowledgement that comes when the message was stored anew is accepted too, and changes nothing.
 */
import type { Env, Message, NodeId } from '../../../sim/system.ts'
import { salted } from '../messages.ts'
import type { AckAnswer, AckRequest, ChangeInvisible, ChangeInvisibleAnswer, Receipt } from '../pop-messages.ts'
import { acceptStored, answerHeldPops, writeCheckpoint, writeMark } from './pop.ts'
import { ackInOrder, armOrderWake, hideInOrder } from './pop-order.ts'
import { AckMark, Checkpoint } from './pop-record.ts'
import type { BrokerRules } from './rules.ts'
import { queueOf, type BrokerState } from './state.ts'

type BrokerEnv = Env<BrokerRules>

/** AckMessageProcessor: an offset that the queue does not have is refused. */
function isThere(state: BrokerState, { topic, queue, offset }: Receipt): boolean {
  const known = queueOf(state, topic, queue)
  return known !== undefined && offset >= known.min && offset < known.max
}

export function onAck(state: BrokerState, env: BrokerEnv, from: NodeId, asked: AckRequest): void {
  const answer = (accepted: boolean): AckAnswer => ({ type: 'ackAnswer', salt: salted('ackAnswer', asked.salt), asked, accepted })
  if (state.pop === null || state.stopping !== null || !isThere(state, asked.receipt)) return env.send(from, answer(false))
  if (asked.receipt.reviveQueue < 0) {
    env.send(from, answer(ackInOrder(state, env, state.pop, asked)))
    return answerHeldPops(state, env)
  }
  const end = acknowledge(state, env, asked.group, asked.receipt)
  tell(state, env, from, end, answer(end !== null))
}

const acknowledge = (state: BrokerState, env: BrokerEnv, group: string, receipt: Receipt): number | null =>
  writeMark(state, env, new AckMark(group, receipt), receipt.offset, receipt.reviveQueue)

/** A yes waits for what it wrote. */
function tell(state: BrokerState, env: BrokerEnv, to: NodeId, end: number | null, answer: Message): void {
  if (end === null) env.send(to, answer)
  else acceptStored(state, env, to, answer, end)
}

/** First a checkpoint of its own for the one message, then an acknowledgement of the old taking. */
export function onChangeInvisible(state: BrokerState, env: BrokerEnv, from: NodeId, asked: ChangeInvisible): void {
  const until = env.now + asked.invisibleUs
  const answer = (accepted: boolean): ChangeInvisibleAnswer => ({
    type: 'changeInvisibleAnswer',
    salt: salted('changeInvisibleAnswer', asked.salt),
    asked,
    accepted,
    until,
  })
  const { group, receipt, invisibleUs } = asked
  if (state.pop === null || state.stopping !== null || !isThere(state, receipt)) return env.send(from, answer(false))
  if (receipt.reviveQueue < 0) {
    env.send(from, answer(hideInOrder(state, env, state.pop, asked, until)))
    return armOrderWake(state, env)
  }
  const mark = new Checkpoint(group, { ...receipt, startOffset: receipt.offset, popTime: env.now, invisibleUs }, [receipt.offset])
  if (writeCheckpoint(state, env, mark, receipt.reviveQueue) === null) return env.send(from, answer(false))
  tell(state, env, from, acknowledge(state, env, group, receipt) ?? state.log.end, answer(true))
}
