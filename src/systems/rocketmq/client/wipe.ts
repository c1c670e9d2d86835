/**
 * An operator takes from a broker, at every NameServer, the permission to be written (WIPE_WRITE_PERM_OF_BROKER, RMQ-011): producers that ask for
 * the topic from then on are not sent there. The broker itself knows nothing of it and goes on taking what comes (RMQ-021).
 *
 * RocketMQ wipes all topics of the broker; here the plan names one.
 */
import type { WipeStep } from '../../../plan/script.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted } from '../messages.ts'
import type { WipeWritePerm, WipeWritePermAnswer } from '../admin-messages.ts'
import { advance } from './producer.ts'
import type { ProducerState } from './producer-state.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>
export const WIPE_TIMER = 'wipe'

/** NameServers are told one after the other. */
export interface Wiping {
  readonly step: WipeStep
  readonly thread: number
  target: number
}

export function beginWipe(state: ProducerState, env: ClientEnv, step: WipeStep, thread: number): void {
  env.record.wipeWritePerm(step.op, 'invoke', { topic: step.topic, broker: step.broker })
  state.wiping.push({ step, thread, target: 0 })
  tell(state, env, state.wiping[state.wiping.length - 1] as Wiping)
}

const targetOf = ({ routing }: ProducerState, { target }: Wiping): NodeId => routing.nameservers[target] ?? -1

function tell(state: ProducerState, env: ClientEnv, one: Wiping): void {
  const to = targetOf(state, one)
  if (to < 0) return end(state, env, one, 'ok')
  const { op, topic, broker, salt } = one.step
  env.later(WIPE_TIMER, state.shape.parameters.clientTimeoutUs, op, one.target)
  const content = { op, topic, broker: state.shape.names.indexOf(broker), target: one.target }
  const message: WipeWritePerm = { type: 'wipeWritePerm', salt: salted('wipeWritePerm', salt, one.target), ...content }
  env.send(to, message)
}

function end(state: ProducerState, env: ClientEnv, { step, thread }: Wiping, type: 'ok' | 'info'): void {
  env.record.wipeWritePerm(step.op, type, { topic: step.topic, broker: step.broker })
  state.wiping = state.wiping.filter((other) => other.step.op !== step.op)
  const owner = state.threads[thread]
  if (owner !== undefined) owner.busy = false
  advance(state, env, thread)
}

export function onWiped(state: ProducerState, env: ClientEnv, { op, target }: WipeWritePermAnswer): void {
  const one = state.wiping.find((other) => other.step.op === op && other.target === target)
  if (one === undefined) return
  one.target++
  tell(state, env, one)
}

/** No answer has come in time: who was asked may have done what he was told. */
export function onWipeTimer(state: ProducerState, env: ClientEnv, op: number, target: number): void {
  const one = state.wiping.find((other) => other.step.op === op && other.target === target)
  if (one !== undefined) end(state, env, one, 'info')
}

/** A connection was refused or is gone. */
export function onWipeLost(state: ProducerState, env: ClientEnv, node: NodeId): void {
  for (const one of state.wiping.filter((other) => targetOf(state, other) === node)) end(state, env, one, 'info')
}
