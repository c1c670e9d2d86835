/**
 * Where events are made. Recipes call one method for each kind of event, so how a history is stored can change without them, and
 * each event is folded into the trace hash as it comes.
 */
import type { FaultKind } from '../plan/faults.ts'
import type { TxnOutcome } from '../plan/plan.ts'
import type { QueueName } from '../plan/queues.ts'
import type { Us } from '../plan/units.ts'
import type {
  Assign,
  Attempt,
  Delivery,
  Expire,
  PhaseEvent,
  Reset,
  ResetOffset,
  Resize,
  Route,
  SendInvoke,
  Share,
  WipeWritePerm,
} from './event.ts'
import type { PollInfo, PollInvoke, PollOk } from './polls.ts'
import type { Taken } from './popped.ts'
import type { Lag, Query } from './queries.ts'
import type { Recall } from './recalls.ts'
import type { Trace } from './traces.ts'
import type { Redirect, ReplicaAudit, ReplicaPull } from './replicas.ts'
import type { SendBack } from './send-back.ts'
import type { Subscribe } from './subscribing.ts'
import { IMPRINTS, type Imprint } from './imprint.ts'
import { WitnessRecorder } from './witness-recorder.ts'

/** What a caller says of an event; the rest is known. */
type Told<E> = E extends { readonly type: unknown; readonly op: number; readonly v: unknown } ? Pick<E, 'type' | 'op' | 'v'> : never

/** What not every source says of an acknowledgement. */
interface SendMore {
  readonly status?: string
  readonly msgId?: string
}

export class Recorder extends WitnessRecorder {
  sendInvoke(op: number, v: SendInvoke['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'invoke', f: 'send', op, v }, IMPRINTS['invoke send'], v, op)
  }

  sendOk(op: number, topic: string, queue: QueueName, offset: number, broker: string, at: number, more: SendMore = {}): void {
    const { status = 'SEND_OK', msgId } = more
    const v = { status, topic, queue, offset, broker, at, msgId }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'send', op, v }, IMPRINTS['ok send'], v, op)
  }

  sendInfo(op: number, status: string): void {
    const v = { status }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'info', f: 'send', op, v }, IMPRINTS['info send'], v, op)
  }

  sendFail(op: number, reason: string): void {
    const v = { reason }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'fail', f: 'send', op, v }, IMPRINTS['fail send'], v, op)
  }

  attempt(op: number, v: Attempt['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'info', f: 'attempt', op, v }, IMPRINTS['info attempt'], v, op)
  }

  deliver(op: number, v: Delivery): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'invoke', f: 'consume', op, v }, IMPRINTS['invoke consume'], v, op)
  }

  consumed(op: number, type: 'ok' | 'fail', v: Taken['v']): void {
    this.emit(
      { i: this.count, t: this.t, p: this.p, type, f: 'consume', op, v },
      type === 'ok' ? IMPRINTS['ok consume'] : IMPRINTS['fail consume'],
      v,
      op,
    )
  }

  sendBack(op: number, type: SendBack['type'], v: SendBack['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type, f: 'sendBack', op, v }, IMPRINTS[`${type} sendBack` as const], v, op)
  }

  expire(op: number, v: Expire['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'info', f: 'expire', op, v }, IMPRINTS['info expire'], v, op)
  }

  ack(op: number, type: 'invoke' | 'ok', v: Taken['v']): void {
    this.emit(
      { i: this.count, t: this.t, p: this.p, type, f: 'ack', op, v },
      type === 'ok' ? IMPRINTS['ok ack'] : IMPRINTS['invoke ack'],
      v,
      op,
    )
  }

  hide(op: number, v: Taken['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'invoke', f: 'hide', op, v }, IMPRINTS['invoke hide'], v, op)
  }

  hidden(op: number, v: Taken['v'] & { hiddenForUs: Us }): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'hide', op, v }, IMPRINTS['ok hide'], v, op)
  }

  effect(op: number, group: string, key: string, message: number): void {
    const v = { group, key, message }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'effect', op, v }, IMPRINTS['ok effect'], v, op)
  }

  commit(op: number, group: string, topic: string, queue: QueueName, offset: number): void {
    const v = { group, topic, queue, offset }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'info', f: 'commit', op, v }, IMPRINTS['info commit'], v, op)
  }

  assign(op: number, group: string, topic: string, queue: QueueName, offset: number, from: Assign['v']['from'], asked?: number): void {
    const v = { group, topic, queue, offset, from, ...(asked === undefined ? {} : { asked }) }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'assign', op, v }, IMPRINTS['ok assign'], v, op)
  }

  poll(op: number, v: PollInvoke['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'invoke', f: 'poll', op, v }, IMPRINTS['invoke poll'], v, op)
  }

  polled(op: number, v: PollOk['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'poll', op, v }, IMPRINTS['ok poll'], v, op)
  }

  pollLost(op: number, v: PollInfo['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'info', f: 'poll', op, v }, IMPRINTS['info poll'], v, op)
  }

  revoke(op: number, group: string, topic: string, queue: QueueName, offset: number): void {
    const v = { group, topic, queue, offset }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'revoke', op, v }, IMPRINTS['ok revoke'], v, op)
  }

  subscribe(op: number, type: Subscribe['type'], v: Subscribe['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type, f: 'subscribe', op, v }, IMPRINTS[`${type} subscribe` as const], v, op)
  }

  share(op: number, v: Share['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'share', op, v }, IMPRINTS['ok share'], v, op)
  }

  locked(op: number, group: string, topic: string, queue: QueueName, validUs: Us): void {
    const v = { group, topic, queue, validUs }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'lock', op, v }, IMPRINTS['ok lock'], v, op)
  }

  lockRefused(op: number, group: string, topic: string, queue: QueueName): void {
    const v = { group, topic, queue }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'fail', f: 'lock', op, v }, IMPRINTS['fail lock'], v, op)
  }

  unlock(op: number, group: string, topic: string, queue: QueueName): void {
    const v = { group, topic, queue }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'info', f: 'unlock', op, v }, IMPRINTS['info unlock'], v, op)
  }

  pull(op: number, topic: string, queue: QueueName, offset: number, message: number, digest: number): void {
    const v = { topic, queue, offset, message, digest }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'pull', op, v }, IMPRINTS['ok pull'], v, op)
  }

  audit(op: number, topic: string, queue: QueueName, min: number, max: number): void {
    const v = { topic, queue, min, max }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'audit', op, v }, IMPRINTS['ok audit'], v, op)
  }

  replicaPull(op: number, v: ReplicaPull['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'replicaPull', op, v }, IMPRINTS['ok replicaPull'], v, op)
  }

  replicaAudit(op: number, v: ReplicaAudit['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'replicaAudit', op, v }, IMPRINTS['ok replicaAudit'], v, op)
  }

  redirect(op: number, v: Redirect['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'info', f: 'redirect', op, v }, IMPRINTS['info redirect'], v, op)
  }

  noAudit(op: number, topic: string, queue: QueueName): void {
    const v = { topic, queue }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'fail', f: 'audit', op, v }, IMPRINTS['fail audit'], v, op)
  }

  local(op: number, outcome: TxnOutcome): void {
    const v = { outcome }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'local', op, v }, IMPRINTS['ok local'], v, op)
  }

  endTxn(op: number, outcome: TxnOutcome, fromCheck: boolean): void {
    const v = { outcome, fromCheck }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'info', f: 'endTxn', op, v }, IMPRINTS['info endTxn'], v, op)
  }

  check(op: number, answer: TxnOutcome): void {
    const v = { answer }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'invoke', f: 'check', op, v }, IMPRINTS['invoke check'], v, op)
  }

  createTopic(op: number, type: 'invoke' | 'ok' | 'info', topic: string, queues: number): void {
    const v = { topic, queues }
    this.emit({ i: this.count, t: this.t, p: this.p, type, f: 'createTopic', op, v }, IMPRINTS[`${type} createTopic` as const], v, op)
  }

  resize(op: number, type: Resize['type'], v: Resize['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type, f: 'resize', op, v }, IMPRINTS[`${type} resize` as const], v, op)
  }

  wipeWritePerm(op: number, type: WipeWritePerm['type'], v: WipeWritePerm['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type, f: 'wipeWritePerm', op, v }, IMPRINTS[`${type} wipeWritePerm` as const], v, op)
  }

  query(told: Told<Query>): void {
    const imprint: Imprint<never> = IMPRINTS[`${told.type} query` as const]
    this.emit({ i: this.count, t: this.t, p: this.p, f: 'query', ...told }, imprint, told.v as never, told.op)
  }

  trace(told: Told<Trace>): void {
    const imprint: Imprint<never> = IMPRINTS[`${told.type} trace` as const]
    this.emit({ i: this.count, t: this.t, p: this.p, f: 'trace', ...told }, imprint, told.v as never, told.op)
  }

  lag(told: Told<Lag>): void {
    const imprint: Imprint<never> = IMPRINTS[`${told.type} lag` as const]
    this.emit({ i: this.count, t: this.t, p: this.p, f: 'lag', ...told }, imprint, told.v as never, told.op)
  }

  recall(told: Told<Recall>): void {
    const imprint: Imprint<never> = IMPRINTS[`${told.type} recall` as const]
    this.emit({ i: this.count, t: this.t, p: this.p, f: 'recall', ...told }, imprint, told.v as never, told.op)
  }

  resetOffset(told: Told<ResetOffset>): void {
    const imprint: Imprint<never> = IMPRINTS[`${told.type} resetOffset` as const]
    this.emit({ i: this.count, t: this.t, p: this.p, f: 'resetOffset', ...told }, imprint, told.v as never, told.op)
  }

  reset(v: Reset['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'reset', v }, IMPRINTS['white reset'], v, 0)
  }

  fault(kind: FaultKind, on: string, effective: boolean, where?: string): void {
    const v = { kind, on, effective, ...(where === undefined ? {} : { where }) }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'fault', ...v }, IMPRINTS.fault, v, 0)
  }

  phase(phase: PhaseEvent['phase'], note: string): void {
    const v = { phase, note }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'phase', ...v }, IMPRINTS.phase, v, 0)
  }

  route(op: number, v: Route['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'route', op, v }, IMPRINTS['ok route'], v, op)
  }

  churn(op: number, act: 'start' | 'stop', effective: boolean): void {
    const [type, v]: ['ok' | 'fail', { act: typeof act }] = [effective ? 'ok' : 'fail', { act }]
    this.emit({ i: this.count, t: this.t, p: this.p, type, f: 'churn', op, v }, IMPRINTS[`${type} churn` as const], v, op)
  }
}
