/** What comes of a call for messages (RMQ-110). */
import type { Env } from '../../../sim/system.ts'
import type { PopAnswer, PoppedMessage } from '../pop-messages.ts'
import type { ConsumerState } from './consumer-state.ts'
import { armHeartbeat, onDisconnected } from './heartbeat.ts'
import { queueName, submitPopped } from './pop-listener.ts'
import { Popped, type PopCall, type PopClient } from './pop-state.ts'
import { pop, popFailed } from './pop.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>

export function onPopAnswer(state: ConsumerState, env: ClientEnv, answer: PopAnswer): void {
  const own = state.pop
  if (own === null) return
  const index = own.calls.findIndex(({ phase, request }) => phase === 'popping' && request === answer.request)
  const call = own.calls[index]
  if (call === undefined) return
  if (answer.status === 'NOT_SUBSCRIBED') armHeartbeat(state, env, true)
  if (answer.status === 'ERROR' || answer.status === 'NOT_SUBSCRIBED') return popFailed(state, env, index)
  call.phase = 'resting'
  call.inHand += answer.messages.length
  const messages = answer.messages.map((message) => taken(state, env, index, call, message))
  if (messages.length > 0) submitPopped(state, env, own, messages)
  if (call.phase === 'resting') pop(state, env, call, index)
}

function taken(state: ConsumerState, env: ClientEnv, index: number, { broker }: PopCall, message: PoppedMessage): Popped {
  const { receipt } = message
  return new Popped(index, broker, queueName(state, broker, receipt), message, env.uptime + receipt.invisibleUs)
}

/** A connection to the broker was refused or is gone: what is out on it has failed. */
export function onPopLost(state: ConsumerState, env: ClientEnv, own: PopClient, broker: number): void {
  onDisconnected(state, env, broker)
  for (const [index, call] of own.calls.entries()) if (call.broker === broker && call.request >= 0) popFailed(state, env, index)
}
