/**
 * A pop consumer (RMQ-110, RMQ-147): it calls each broker of its topics for whatever there is, over and over, and owns no queue. There is no
 * rebalance: members of a group take turns by asking.
 *
 * Left out: queues that the broker assigns for popping, and renewing the invisible time while a listener works.
 */
import { hashName, mix } from '../../../plan/hash.ts'
import type { Env } from '../../../sim/system.ts'
import { salted } from '../messages.ts'
import type { PopRequest } from '../pop-messages.ts'
import type { ConsumerState } from './consumer-state.ts'
import { tellBroker } from './heartbeat.ts'
import type { PopCall, PopClient } from './pop-state.ts'
import { armTimeout } from './pull.ts'
import { routeOf } from './routes.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>

/** Every broker of the topic's route is called; one that has left it is called no more. */
export function callAll(state: ConsumerState, env: ClientEnv, own: PopClient, topic: string): void {
  const brokers = [...new Set(routeOf(state, topic)?.places.map(({ broker }) => broker))]
  for (const broker of brokers) {
    if (own.calls.some((call) => call.topic === topic && call.broker === broker)) continue
    own.calls.push({ topic, broker, phase: 'resting', request: -1, deadline: 0, inHand: 0 })
    rest(state, env, own.calls.length - 1, state.shape.parameters.firstPullUs)
  }
}

const rest = (state: ConsumerState, env: ClientEnv, index: number, delay: number): void => {
  const call = state.pop?.calls[index]
  if (call === undefined) return
  call.phase = 'resting'
  call.request = -1
  env.later('popTurn', delay, index, ++state.serial)
}

const isRouted = (state: ConsumerState, { topic, broker }: PopCall): boolean =>
  routeOf(state, topic)?.places.some((place) => place.broker === broker) === true

export function onPopTurn(state: ConsumerState, env: ClientEnv, index: number): void {
  const call = state.pop?.calls[index]
  if (call?.phase === 'resting') pop(state, env, call, index)
}

export function pop(state: ConsumerState, env: ClientEnv, call: PopCall, index: number): void {
  const { parameters, group, orderly } = state.shape
  // A route that has lost the broker is looked at again as often as it is polled.
  if (!isRouted(state, call)) return rest(state, env, index, parameters.routePollUs)
  if (call.inHand > parameters.popThreshold) {
    call.phase = 'blocked'
    return
  }
  call.phase = 'popping'
  call.request = ++state.serial
  call.deadline = env.uptime + parameters.pullTimeoutUs
  armTimeout(state, env, call.deadline)
  const message: PopRequest = {
    type: 'pop',
    salt: salted('pop', mix(state.id, hashName(call.topic)), call.broker, env.uptime),
    request: call.request,
    group,
    clientId: state.clientId,
    topic: call.topic,
    max: parameters.popBatch,
    invisibleUs: parameters.popInvisibleUs,
    order: orderly,
  }
  tellBroker(state, env, call.broker, message)
}

/** RMQ-090: after an error the next call waits three seconds, as a pull does. */
export function popFailed(state: ConsumerState, env: ClientEnv, index: number): void {
  rest(state, env, index, state.shape.parameters.pullErrorDelayUs)
}

export function onPopTimeout(state: ConsumerState, env: ClientEnv, own: PopClient): void {
  for (const [index, call] of own.calls.entries())
    if (call.request >= 0 && call.deadline <= env.uptime) popFailed(state, env, index)
    else if (call.request >= 0) armTimeout(state, env, call.deadline)
}

/** A message was dealt with: a call that had too much in hand may go on. */
export function resumePop(state: ConsumerState, env: ClientEnv, own: PopClient, index: number): void {
  const call = own.calls[index]
  if (call === undefined) return
  call.inHand--
  if (call.phase === 'blocked') pop(state, env, call, index)
}
