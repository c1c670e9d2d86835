/**
 * Where events are made. Recipes call one method for each kind of event, so how a history is stored can change without them, and
 * the trace hash folds the numbers as they come instead of walking objects afterwards.
 */
import { hashName, mix, mixWide } from '../plan/hash.ts'
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
import type { Trace } from './traces.ts'
import type { Redirect, ReplicaAudit, ReplicaPull } from './replicas.ts'
import type { SendBack } from './send-back.ts'
import type { Subscribe } from './subscribing.ts'
import { queueHash, WitnessRecorder } from './witness-recorder.ts'

/** What a caller says of an event; the rest is known. */
type Told<E> = E extends { readonly type: unknown; readonly op: number; readonly v: unknown } ? Pick<E, 'type' | 'op' | 'v'> : never

/** What not every source says of an acknowledgement. */
interface SendMore {
  readonly status?: string
  readonly msgId?: string
}

/** How each end of a request to take a message back is folded into the hash. */
const SEND_BACK: Readonly<Record<SendBack['type'], number>> = { ok: 61, invoke: 140, fail: 141, info: 142 }

export class Recorder extends WitnessRecorder {
  sendInvoke(op: number, v: SendInvoke['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'invoke', f: 'send', op, v }, 1, op, hashName(v.topic), v.digest)
  }

  sendOk(op: number, topic: string, queue: QueueName, offset: number, broker: string, at: number, more: SendMore = {}): void {
    const { status = 'SEND_OK', msgId } = more
    this.emit(
      { i: this.count, t: this.t, p: this.p, type: 'ok', f: 'send', op, v: { status, topic, queue, offset, broker, at, msgId } },
      2,
      op,
      mix(hashName(queue), offset),
      at,
    )
  }

  sendInfo(op: number, status: string): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'info', f: 'send', op, v: { status } }, 3, op, hashName(status), 0)
  }

  sendFail(op: number, reason: string): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'fail', f: 'send', op, v: { reason } }, 4, op, hashName(reason), 0)
  }

  attempt(op: number, v: Attempt['v']): void {
    const at = mix(hashName(v.broker), hashName(v.queue))
    const why = v.after === '' ? v.queues : hashName(v.after)
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'info', f: 'attempt', op, v }, 32, mix(op, v.attempt), at, why)
  }

  deliver(op: number, v: Delivery): void {
    this.taken({ i: this.count, t: this.t, p: this.p, type: 'invoke', f: 'consume', op, v }, 5, mix(hashName(v.group), v.digest))
  }

  consumed(op: number, type: 'ok' | 'fail', v: Taken['v']): void {
    this.taken({ i: this.count, t: this.t, p: this.p, type, f: 'consume', op, v }, type === 'ok' ? 6 : 7, hashName(v.group))
  }

  sendBack(op: number, type: SendBack['type'], v: SendBack['v']): void {
    const last = mix(hashName(v.group), hashName(v.broker ?? ''))
    this.taken({ i: this.count, t: this.t, p: this.p, type, f: 'sendBack', op, v }, SEND_BACK[type], v.copy === true ? mix(last, 1) : last)
  }

  expire(op: number, v: Expire['v']): void {
    this.taken({ i: this.count, t: this.t, p: this.p, type: 'info', f: 'expire', op, v }, 160, hashName(v.group))
  }

  ack(op: number, type: 'invoke' | 'ok', v: Taken['v']): void {
    this.taken({ i: this.count, t: this.t, p: this.p, type, f: 'ack', op, v }, type === 'ok' ? 74 : 75, hashName(v.group))
  }

  hide(op: number, v: Taken['v']): void {
    this.taken({ i: this.count, t: this.t, p: this.p, type: 'invoke', f: 'hide', op, v }, 76, hashName(v.group))
  }

  hidden(op: number, v: Taken['v'] & { hiddenForUs: Us }): void {
    this.taken({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'hide', op, v }, 77, mixWide(hashName(v.group), v.hiddenForUs))
  }

  private taken(event: Taken, kind: number, last: number): void {
    const { op, v } = event
    this.emit(event, kind, mix(op, v.message), mix(hashName(v.queue), v.offset), last)
  }

  effect(op: number, group: string, key: string, message: number): void {
    this.emit(
      { i: this.count, t: this.t, p: this.p, type: 'ok', f: 'effect', op, v: { group, key, message } },
      34,
      mix(op, message),
      hashName(key),
      hashName(group),
    )
  }

  commit(op: number, group: string, topic: string, queue: QueueName, offset: number): void {
    const [v, at] = [{ group, topic, queue, offset }, queueHash(topic, queue)]
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'info', f: 'commit', op, v }, 8, hashName(group), at, offset)
  }

  assign(op: number, group: string, topic: string, queue: QueueName, offset: number, from: Assign['v']['from'], asked?: number): void {
    const at = queueHash(topic, queue)
    const v = { group, topic, queue, offset, from, ...(asked === undefined ? {} : { asked }) }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'assign', op, v }, 9, hashName(group), at, offset)
  }

  poll(op: number, v: PollInvoke['v']): void {
    this.emit(
      { i: this.count, t: this.t, p: this.p, type: 'invoke', f: 'poll', op, v },
      29,
      op,
      mix(hashName(v.group), hashName(v.topic)),
      v.offset,
    )
  }

  polled(op: number, v: PollOk['v']): void {
    this.emit(
      { i: this.count, t: this.t, p: this.p, type: 'ok', f: 'poll', op, v },
      30,
      op,
      mix(hashName(v.status), v.offsets.length),
      v.next,
    )
  }

  pollLost(op: number, v: PollInfo['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'info', f: 'poll', op, v }, 31, op, hashName(v.reason), v.offset)
  }

  revoke(op: number, group: string, topic: string, queue: QueueName, offset: number): void {
    const [v, at] = [{ group, topic, queue, offset }, queueHash(topic, queue)]
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'revoke', op, v }, 33, hashName(group), at, offset)
  }

  subscribe(op: number, type: Subscribe['type'], v: Subscribe['v']): void {
    const what = mix(hashName(v.selector), hashName(v.reason))
    this.emit({ i: this.count, t: this.t, p: this.p, type, f: 'subscribe', op, v }, 105, hashName(type), hashName(v.group), what)
  }

  share(op: number, v: Share['v']): void {
    const digest = (names: readonly string[]): number => names.reduce((sum, name) => mix(sum, hashName(name)), names.length)
    const [seen, whose] = [mix(digest(v.members), digest(v.queues)), mix(hashName(v.group), hashName(v.topic))]
    const got = mix(digest(v.share), hashName(v.strategy))
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'share', op, v }, 62, whose, seen, got)
  }

  locked(op: number, group: string, topic: string, queue: QueueName, validUs: Us): void {
    const [v, at] = [{ group, topic, queue, validUs }, queueHash(topic, queue)]
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'lock', op, v }, 50, hashName(group), at, validUs)
  }

  lockRefused(op: number, group: string, topic: string, queue: QueueName): void {
    const v = { group, topic, queue }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'fail', f: 'lock', op, v }, 51, hashName(group), queueHash(topic, queue), 0)
  }

  unlock(op: number, group: string, topic: string, queue: QueueName): void {
    const v = { group, topic, queue }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'info', f: 'unlock', op, v }, 52, hashName(group), queueHash(topic, queue), 0)
  }

  pull(op: number, topic: string, queue: QueueName, offset: number, message: number, digest: number): void {
    this.emit(
      { i: this.count, t: this.t, p: this.p, type: 'ok', f: 'pull', op, v: { topic, queue, offset, message, digest } },
      10,
      queueHash(topic, queue),
      mix(offset, message),
      digest,
    )
  }

  audit(op: number, topic: string, queue: QueueName, min: number, max: number): void {
    this.emit(
      { i: this.count, t: this.t, p: this.p, type: 'ok', f: 'audit', op, v: { topic, queue, min, max } },
      11,
      queueHash(topic, queue),
      min,
      max,
    )
  }

  replicaPull(op: number, v: ReplicaPull['v']): void {
    const at = mix(v.offset, v.message)
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'replicaPull', op, v }, 90, queueHash(v.topic, v.queue), at, v.digest)
  }

  replicaAudit(op: number, v: ReplicaAudit['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'replicaAudit', op, v }, 91, queueHash(v.topic, v.queue), v.min, v.max)
  }

  redirect(op: number, v: Redirect['v']): void {
    const [whose, to] = [mix(hashName(v.group), queueHash(v.topic, v.queue)), hashName(v.broker)]
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'info', f: 'redirect', op, v }, 120, whose, v.offset, to)
  }

  noAudit(op: number, topic: string, queue: QueueName): void {
    const v = { topic, queue }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'fail', f: 'audit', op, v }, 63, queueHash(topic, queue), 0, 0)
  }

  local(op: number, outcome: TxnOutcome): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'local', op, v: { outcome } }, 28, op, hashName(outcome), 0)
  }

  endTxn(op: number, outcome: TxnOutcome, fromCheck: boolean): void {
    this.emit(
      { i: this.count, t: this.t, p: this.p, type: 'info', f: 'endTxn', op, v: { outcome, fromCheck } },
      12,
      op,
      hashName(outcome),
      fromCheck ? 1 : 0,
    )
  }

  check(op: number, answer: TxnOutcome): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'invoke', f: 'check', op, v: { answer } }, 13, op, hashName(answer), 0)
  }

  createTopic(op: number, type: 'invoke' | 'ok' | 'info', topic: string, queues: number): void {
    this.emit(
      { i: this.count, t: this.t, p: this.p, type, f: 'createTopic', op, v: { topic, queues } },
      14,
      hashName(type),
      hashName(topic),
      queues,
    )
  }

  resize(op: number, type: Resize['type'], v: Resize['v']): void {
    const numbers = mix(v.readQueues, v.writeQueues)
    this.emit({ i: this.count, t: this.t, p: this.p, type, f: 'resize', op, v }, 64, mix(op, hashName(type)), hashName(v.topic), numbers)
  }

  wipeWritePerm(op: number, type: WipeWritePerm['type'], v: WipeWritePerm['v']): void {
    this.emit(
      { i: this.count, t: this.t, p: this.p, type, f: 'wipeWritePerm', op, v },
      110,
      mix(op, hashName(type)),
      hashName(v.topic),
      hashName(v.broker),
    )
  }

  query(told: Told<Query>): void {
    const { op, type, v } = told
    const said = 'key' in v ? [v.topic, v.by, v.key] : 'reason' in v ? [v.reason] : v.messages.map((one) => `${one.broker} ${one.at}`)
    const words = said.reduce((sum, word) => mix(sum, hashName(word)), mix(150, said.length))
    this.emit({ i: this.count, t: this.t, p: this.p, f: 'query', ...told }, 150, op, hashName(type), words)
  }

  trace(told: Told<Trace>): void {
    const { op, type, v } = told
    const said =
      'msgId' in v
        ? [v.msgId]
        : 'reason' in v
          ? [v.reason]
          : v.spans.map((one) => `${one.kind} ${one.client} ${one.delivery} ${one.toldUs}`)
    const words = said.reduce((sum, word) => mix(sum, hashName(word)), mix(165, said.length))
    this.emit({ i: this.count, t: this.t, p: this.p, f: 'trace', ...told }, 165, op, hashName(type), words)
  }

  lag(told: Told<Lag>): void {
    const { op, type, v } = told
    const queues = 'queues' in v ? v.queues : []
    const figures = queues.reduce((sum, one) => mix(mix(mix(sum, hashName(one.queue)), one.brokerOffset), one.consumerOffset), 151)
    this.emit(
      { i: this.count, t: this.t, p: this.p, f: 'lag', ...told },
      151,
      mix(op, hashName(type)),
      queueHash(v.topic, v.group),
      figures,
    )
  }

  resetOffset(told: Told<ResetOffset>): void {
    const { v } = told
    const to = 'offset' in v ? v.offset : -1
    this.emit({ i: this.count, t: this.t, p: this.p, f: 'resetOffset', ...told }, 70, hashName(told.type), queueHash(v.topic, v.queue), to)
  }

  reset(v: Reset['v']): void {
    const at = queueHash(v.topic, v.queue)
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'reset', v }, 71, hashName(v.group), at, v.offset)
  }

  fault(kind: FaultKind, on: string, effective: boolean, where?: string): void {
    this.emit(
      { i: this.count, t: this.t, p: this.p, type: 'fault', kind, on, effective, ...(where === undefined ? {} : { where }) },
      15,
      hashName(kind),
      hashName(on),
      effective ? 1 : 0,
    )
  }

  phase(phase: PhaseEvent['phase'], note: string): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'phase', phase, note }, 16, hashName(phase), hashName(note), 0)
  }

  route(op: number, v: Route['v']): void {
    const { topic, nameserver, brokers } = v
    const digest = brokers.reduce((sum, broker) => mix(sum, hashName(broker)), hashName(nameserver))
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'ok', f: 'route', op, v }, 40, op, hashName(topic), digest)
  }

  churn(op: number, act: 'start' | 'stop', effective: boolean): void {
    const type = effective ? 'ok' : 'fail'
    this.emit({ i: this.count, t: this.t, p: this.p, type, f: 'churn', op, v: { act } }, 60, op, hashName(act), effective ? 1 : 0)
  }
}
