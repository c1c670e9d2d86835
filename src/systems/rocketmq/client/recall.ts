/**
 * A producer recalls a message of its own that waits for a time of its own (RMQ-125): it asks the master that acknowledged it, once, with the
 * handle that came with the acknowledgement, and waits as long as for a send.
 *
 * Simplified: of each topic the client keeps the handle of the message that was acknowledged last. A process that dies loses its handles.
 */
import type { RecallStep } from '../../../plan/script.ts'
import { EPOCH, type Us } from '../../../plan/units.ts'
import type { Entry } from '../../../sim/agenda.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted, type RocketmqMessage } from '../messages.ts'
import type { RecallAnswer, RecallRequest } from '../recall-messages.ts'
import type { Open, ProducerState } from './producer-state.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>
export const RECALL_TIMER = 'recall'
export const RECALL_LIMIT = 'recallLimit'

export interface Handle {
  readonly topic: string
  readonly op: number
  readonly msgId: string
  readonly broker: NodeId
  readonly dueUs: Us
}

/** A recall without an answer. */
export interface Recalling {
  readonly op: number
  readonly handle: Handle
}

/** A new process recalls at what times are still to come. */
export function startRecalls(state: ProducerState, env: ClientEnv): void {
  state.recalling = []
  state.handles = []
  for (const { op, atUs } of state.shape.recalls) if (atUs >= env.uptime) env.later(RECALL_TIMER, atUs - env.uptime, op)
}

/** Nothing where the client never recalls, or where the message does not wait. */
export function noteHandle(state: ProducerState, { step: { topic, op }, msgId, address: broker }: Open, dueUs: Us | undefined): void {
  if (dueUs === undefined || state.shape.recalls.length === 0) return
  state.handles = [...state.handles.filter((one) => one.topic !== topic), { topic, op, msgId, broker, dueUs }]
}

export function onRecallTimer(state: ProducerState, env: ClientEnv, op: number): void {
  const step: RecallStep | undefined = state.shape.recalls.find((one) => one.op === op)
  const handle = state.handles.find(({ topic }) => topic === step?.topic)
  if (step === undefined || handle === undefined) return
  const { topic, msgId, broker, dueUs } = handle
  env.record.recall({ type: 'invoke', op, v: { topic, of: handle.op, broker: state.shape.names[broker] ?? '', dueUs: dueUs - EPOCH } })
  state.recalling = [...state.recalling, { op, handle }]
  env.later(RECALL_LIMIT, state.shape.parameters.sendTimeoutUs, op)
  const request: RecallRequest = { type: 'recallMessage', salt: salted('recallMessage', step.salt), op, topic, msgId, dueUs }
  env.send(broker, request)
}

function close(state: ProducerState, op: number): Handle | undefined {
  const open = state.recalling.find((one) => one.op === op)
  if (open !== undefined) state.recalling = state.recalling.filter((one) => one !== open)
  return open?.handle
}

export function onRecallAnswer(state: ProducerState, env: ClientEnv, { op, status }: RecallAnswer): void {
  const handle = close(state, op)
  if (handle === undefined) return
  const v = { topic: handle.topic, of: handle.op }
  if (status === 'SUCCESS') env.record.recall({ type: 'ok', op, v })
  else env.record.recall({ type: 'fail', op, v: { ...v, reason: status } })
}

export function onRecallLimit(state: ProducerState, env: ClientEnv, op: number): void {
  const handle = close(state, op)
  if (handle !== undefined) env.record.recall({ type: 'info', op, v: { topic: handle.topic, of: handle.op, reason: 'TIMEOUT' } })
}

/** A connection was refused, with what was to be sent, which certainly was not; or is gone with everything on it. */
export function onRecallLost(state: ProducerState, env: ClientEnv, { kind, from, body }: Entry): void {
  const unsent = kind === 'refused' ? (body as RocketmqMessage) : null
  for (const { op, handle } of state.recalling.filter((one) => one.handle.broker === from)) {
    if (unsent !== null && (unsent.type !== 'recallMessage' || unsent.op !== op)) continue
    close(state, op)
    const [type, reason] = unsent === null ? (['info', 'CONNECTION_LOST'] as const) : (['fail', 'CONNECTION_REFUSED'] as const)
    env.record.recall({ type, op, v: { topic: handle.topic, of: handle.op, reason } })
  }
}
