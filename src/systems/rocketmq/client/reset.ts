/** Resetting a group's offset, as an administrator's tool does it (RMQ-098): one request to the queue's broker, and a time limit. */
import { EPOCH } from '../../../sim/clock.ts'
import type { Env } from '../../../sim/system.ts'
import type { ResetStep } from '../../../plan/script.ts'
import { salted } from '../messages.ts'
import type { ResetOffset, ResetOffsetAnswer } from '../admin-messages.ts'
import type { ProducerState } from './producer-state.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>
export const RESET_TIMER = 'reset'
export const RESET_LIMIT = 'resetLimit'

/** A new process asks for what is still to come. */
export function startResets(state: ProducerState, env: ClientEnv): void {
  state.resetting = []
  for (const { op, atUs } of state.shape.resets) if (atUs >= env.uptime) env.later(RESET_TIMER, atUs - env.uptime, op)
}

const stepOf = (state: ProducerState, op: number): ResetStep | undefined => state.shape.resets.find((step) => step.op === op)

export function onResetTimer(state: ProducerState, env: ClientEnv, op: number): void {
  const step = stepOf(state, op)
  if (step === undefined) return
  const { group, topic, to, offset, timestampUs, salt } = step
  const asks = { group, topic, queue: to.name, offset: offset ?? -1, timestampUs: timestampUs ?? -1 }
  env.record.resetOffset({ type: 'invoke', op, v: asks })
  state.resetting = [...state.resetting, op]
  const asked: ResetOffset = {
    type: 'resetOffset',
    salt: salted('resetOffset', salt),
    op,
    group,
    topic,
    queue: to.queue,
    offset: offset ?? -1,
    timestampUs: timestampUs === null ? -1 : EPOCH + timestampUs,
  }
  env.send(brokerOf(state, step), asked)
  env.later(RESET_LIMIT, state.shape.parameters.clientTimeoutUs, op)
}

const brokerOf = ({ shape }: ProducerState, { to }: ResetStep): number =>
  (to.broker === null ? shape.brokers[0] : shape.brokers.find((broker) => shape.names[broker] === to.broker)) ?? -1

export function onResetAnswer(state: ProducerState, env: ClientEnv, { op, offset }: ResetOffsetAnswer): void {
  const step = stepOf(state, op)
  if (step === undefined || !state.resetting.includes(op)) return
  state.resetting = state.resetting.filter((one) => one !== op)
  env.record.resetOffset({ type: 'ok', op, v: { group: step.group, topic: step.topic, queue: step.to.name, offset } })
}

/** No answer came: nobody can say whether the group was moved. */
export function onResetLimit(state: ProducerState, env: ClientEnv, op: number): void {
  const step = stepOf(state, op)
  if (step === undefined || !state.resetting.includes(op)) return
  state.resetting = state.resetting.filter((one) => one !== op)
  env.record.resetOffset({ type: 'info', op, v: { group: step.group, topic: step.topic, queue: step.to.name } })
}
