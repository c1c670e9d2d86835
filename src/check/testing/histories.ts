/** Histories told by hand, for tests of checkers: one broker, one topic, one group and short methods, unless a story says otherwise. */
import { HISTORY_FORMAT, KINDS, type Attempt, type Event, type Header, type LockTable, type Share } from '../../history/event.ts'
import type { Found, QueryInvoke, QueryOk } from '../../history/queries.ts'
import type { Span } from '../../history/traces.ts'
import type { PollStatus } from '../../history/polls.ts'
import type { SendBack } from '../../history/send-back.ts'
import type { FaultKind } from '../../plan/faults.ts'
import type { Delay, SendMode, TxnOutcome } from '../../plan/plan.ts'
import type { Properties } from '../../plan/labels.ts'
import { ms, seconds, type Us } from '../../plan/units.ts'
import { checkerOf } from '../catalogue.ts'
import type { Drain, Findings, GuaranteeId } from '../checker.ts'
import { runChecks } from '../run-checkers.ts'
import { SIZE, Witnessed, type Part, type Where } from './witnessed.ts'

export { SIZE, type Part }

export const HEADER: Header = {
  format: HISTORY_FORMAT,
  version: '0.0.0',
  system: 'test',
  config: {},
  client: 'test',
  groups: [{ name: 'g', topics: ['T'], consumers: ['c1', 'c2'] }],
  brokers: ['b1'],
  nameservers: ['n1'],
  records: KINDS,
  sending: {
    timeoutUs: seconds(3),
    attempts: { sync: 3, async: 3 },
    retried: { sync: ['CONNECTION_REFUSED', 'TIMEOUT', 'SYSTEM_BUSY'], async: ['CONNECTION_REFUSED', 'TIMEOUT'] },
  },
}

/** Messages were delayed, by levels of one second, two and four. */
export const DELAYING: Header = { ...HEADER, delayLevels: [seconds(1), seconds(2), seconds(4)] }

/** The group listens in order. */
export const IN_ORDER: Header = { ...HEADER, groups: HEADER.groups.map((group) => ({ ...group, listener: 'orderly' })) }

/** The group pops. */
export const POPPING: Header = { ...HEADER, groups: HEADER.groups.map((group) => ({ ...group, consumption: 'pop' })) }

export const DRAINED: Drain = { drained: true, fresh: false, reason: '' }
export const FRESH: Drain = { drained: true, fresh: true, reason: '' }
export const STUCK: Drain = { drained: false, fresh: true, reason: 'a sentinel is missing' }

export const msgIdOf = (message: number): string => `p1-0-${message}`
export const digestOf = (message: number): number => message * 31 + 7
/** How long a lock is valid to its holder, and lives at the broker. */
export const VALID = ms(30)
export const LIFE = ms(60)

interface Reading extends Where {
  readonly group?: string
  readonly digest?: number
}
interface Shown {
  readonly msgId?: string
  readonly broker?: string
  readonly nth?: number
}
export class Story extends Witnessed {
  invoke(
    op: number,
    where: Where & {
      half?: boolean
      text?: string
      key?: string
      anyQueue?: boolean
      mode?: SendMode
      batch?: number
      select?: 'key'
      level?: number
      delay?: Delay
      tag?: string | undefined
      properties?: Properties | undefined
    } = {},
  ): this {
    const { topic = 'T', queue = '0', p = 'p1', half = false, text = '', key, anyQueue = false, mode = 'sync', batch, select } = where
    const delay = where.delay ?? (where.level === undefined ? undefined : { level: where.level })
    const said = { text, key, batch, select, delay, tag: where.tag, properties: where.properties }
    return this.add({
      p,
      type: 'invoke',
      f: 'send',
      op,
      v: { topic, queue: anyQueue ? null : queue, mode, half, digest: digestOf(op), ...said },
    })
  }

  /** An attempt of a send; `brokers`: those that have the topic. */
  tried(op: number, v: Partial<Attempt['v']> = {}, p = 'p1'): this {
    const attempt = {
      attempt: 1,
      thread: 0,
      topic: 'T',
      queue: '0',
      broker: 'b1',
      by: 'turn' as const,
      brokers: ['b1', 'b2'],
      queues: 2,
      after: '',
    }
    return this.add({ p, type: 'info', f: 'attempt', op, v: { ...attempt, ...v } })
  }

  /** A member computes its share of T. */
  share(p: string, share: readonly string[], v: Partial<Share['v']> = {}): this {
    const usual = { group: 'g', topic: 'T', strategy: 'AVG' as const, member: p, members: ['c1', 'c2'], queues: ['0', '1'] }
    return this.add({ p, type: 'ok', f: 'share', op: 1_000_000 + this.events.length, v: { ...usual, ...v, share } })
  }

  /** The sender of a message recalls it, and is answered, or is not. */
  recall(of: number, end: 'ok' | 'fail' | 'info' | 'open' = 'ok'): this {
    const [op, v] = [2_000_000 + this.events.length, { topic: 'T', of }]
    this.add({ p: 'p1', type: 'invoke', f: 'recall', op, v: { ...v, broker: 'b1', dueUs: seconds(5) } })
    if (end === 'open') return this
    if (end === 'ok') return this.add({ p: 'p1', type: 'ok', f: 'recall', op, v })
    return this.add({ p: 'p1', type: end, f: 'recall', op, v: { ...v, reason: 'TIMEOUT' } })
  }

  churn(act: 'start' | 'stop', p: string, op = 1): this {
    return this.add({ p, type: 'ok', f: 'churn', op, v: { act } })
  }

  /** Nothing happens for a while. */
  wait(us: Us): this {
    this.now += us
    return this
  }

  /** `nth`: which record of the broker's log it is. */
  ack(op: number, offset: number, where: Where & { nth?: number; broker?: string; msgId?: string } = {}): this {
    const { topic = 'T', queue = '0', p = 'p1', nth = offset, broker = 'b1', msgId = msgIdOf(op) } = where
    return this.add({ p, type: 'ok', f: 'send', op, v: { status: 'SEND_OK', topic, queue, offset, broker, at: nth * SIZE, msgId } })
  }

  maybe(op: number, status = 'TIMEOUT'): this {
    return this.add({ p: 'p1', type: 'info', f: 'send', op, v: { status } })
  }

  refused(op: number, reason: string): this {
    return this.add({ p: 'p1', type: 'fail', f: 'send', op, v: { reason } })
  }

  sent(
    op: number,
    offset: number,
    where: Where & { nth?: number; broker?: string; text?: string; key?: string; msgId?: string } = {},
  ): this {
    return this.invoke(op, where).ack(op, offset, where)
  }

  /** `broker` and `nth`: which record it is, where the source shows that. */
  deliver(message: number, offset: number, reading: Reading & { attempt?: number; hiddenForUs?: Us } & Shown = {}): this {
    const { topic = 'T', queue = '0', p = 'c1', group = 'g', digest = digestOf(message), attempt = 0 } = reading
    const { msgId = msgIdOf(message), broker, nth, hiddenForUs } = reading
    const shown = { msgId, broker, at: nth === undefined ? undefined : nth * SIZE, hiddenForUs }
    return this.add({
      p,
      type: 'invoke',
      f: 'consume',
      op: 1_000_000 + this.events.length,
      v: { group, topic, queue, offset, message, digest, attempt, ...shown },
    })
  }

  finish(message: number, offset: number, reading: Reading & { result?: 'ok' | 'fail'; delivery?: number } = {}): this {
    const { topic = 'T', queue = '0', p = 'c1', group = 'g', result = 'ok' } = reading
    const isOf = (event: Event): boolean =>
      event.type === 'invoke' && event.f === 'consume' && event.p === p && event.v.offset === offset && event.v.message === message
    const begun = this.events.findLast(isOf) as { readonly op?: number } | undefined
    const { delivery = begun?.op ?? 1_000_000 + this.events.length } = reading
    return this.add({ p, type: result, f: 'consume', op: delivery, v: { group, topic, queue, offset, message } })
  }

  /** A consumer gives up what its listener works on for too long. */
  expire(message: number, offset: number): this {
    const v = { group: 'g', topic: 'T', queue: '0', offset, message }
    return this.add({ p: 'c1', type: 'info', f: 'expire', op: 9_000_000 + this.events.length, v })
  }

  consumed(message: number, offset: number, reading: Reading = {}): this {
    return this.deliver(message, offset, reading).finish(message, offset, reading)
  }

  /** A consumer acknowledges what it has popped; `taken`: and the broker takes note. */
  acks(
    message: number,
    offset: number,
    { topic = 'T', queue = '0', p = 'c1', group = 'g', taken = true }: Reading & { taken?: boolean } = {},
  ): this {
    const [op, v] = [8_000_000 + this.events.length, { group, topic, queue, offset, message }]
    this.add({ p, type: 'invoke', f: 'ack', op, v })
    return taken ? this.add({ p, type: 'ok', f: 'ack', op, v }) : this
  }

  /** It has the message hidden for another time. */
  hides(message: number, offset: number, hiddenForUs: Us, { topic = 'T', queue = '0', p = 'c1', group = 'g' }: Reading = {}): this {
    const [op, v] = [9_000_000 + this.events.length, { group, topic, queue, offset, message }]
    this.add({ p, type: 'invoke', f: 'hide', op, v })
    return this.add({ p, type: 'ok', f: 'hide', op, v: { ...v, hiddenForUs } })
  }

  effect(message: number, key = '', { group = 'g', p = 'g.db' }: Reading = {}): this {
    return this.add({ p, type: 'ok', f: 'effect', op: 1_000_000 + this.events.length, v: { group, key, message } })
  }

  commit(offset: number, { topic = 'T', queue = '0', p = 'c1', group = 'g' }: Reading = {}): this {
    return this.add({ p, type: 'info', f: 'commit', op: 2_000_000 + this.events.length, v: { group, topic, queue, offset } })
  }

  assign(offset: number, reading: Reading & { from?: 'stored' | 'none' | 'corrected'; asked?: number } = {}): this {
    const { topic = 'T', queue = '0', p = 'c1', group = 'g', from = 'stored', asked } = reading
    return this.add({ p, type: 'ok', f: 'assign', op: 3_000_000 + this.events.length, v: { group, topic, queue, offset, from, asked } })
  }

  /** An administrator has moved the group. */
  reset(offset: number, { topic = 'T', queue = '0', group = 'g' }: Reading = {}): this {
    return this.add({ p: 'b1', type: 'white', f: 'reset', v: { group, topic, queue, offset } })
  }

  /** Somebody asks for the messages of T with the key Aa, whenever they were stored. */
  query(op: number, v: Partial<QueryInvoke['v']> = {}): this {
    const usual = { topic: 'T', by: 'key' as const, key: 'Aa', sinceUs: -1, untilUs: -1, max: 64 }
    return this.add({ p: 'p1', type: 'invoke', f: 'query', op, v: { ...usual, ...v } })
  }

  /** b1 was asked, and has answered; `found`: how many messages it told of before the client compared keys. */
  found(op: number, messages: readonly Found[], more: { found?: number; answers?: QueryOk['v']['answers'] } = {}): this {
    const { found = messages.length, answers = [{ broker: 'b1', found }] } = more
    return this.add({ p: 'p1', type: 'ok', f: 'query', op, v: { asked: ['b1'], answers, messages } })
  }

  /** Somebody asks for the trace of a message; `asked` have been, and b1 has answered. */
  traced(message: number, spans: readonly Span[], { asked = ['b1'], found = 1 }: { asked?: readonly string[]; found?: number } = {}): this {
    const answers = [{ broker: 'b1', found }]
    return this.add({ p: 'p1', type: 'invoke', f: 'trace', op: 99, v: { topic: 'T', msgId: msgIdOf(message), of: message } }).add({
      p: 'p1',
      type: 'ok',
      f: 'trace',
      op: 99,
      v: { asked, answers, spans },
    })
  }

  /** A message that failed is on its way back, and the broker says so much of it. */
  sentBack(
    message: number,
    offset: number,
    { topic = 'T', queue = '0', p = 'c1', group = 'g' }: Reading = {},
    end: Exclude<SendBack['type'], 'invoke'> = 'ok',
  ): this {
    const op = 8_000_000 + this.events.length
    const v = { group, topic, queue, offset, message, broker: 'b1' }
    return this.add({ p, type: 'invoke', f: 'sendBack', op, v }).add({ p, type: end, f: 'sendBack', op, v })
  }

  /** A consumer is told that the queue is its own, or (`refused`) that it is not. */
  lock({ topic = 'T', queue = '0', p = 'c1', group = 'g', refused = false }: Reading & { refused?: boolean } = {}): this {
    const [op, v] = [6_000_000 + this.events.length, { group, topic, queue }]
    if (refused) return this.add({ p, type: 'fail', f: 'lock', op, v })
    return this.add({ p, type: 'ok', f: 'lock', op, v: { ...v, validUs: VALID } })
  }

  unlock({ topic = 'T', queue = '0', p = 'c1', group = 'g' }: Reading = {}): this {
    return this.add({ p, type: 'info', f: 'unlock', op: 7_000_000 + this.events.length, v: { group, topic, queue } })
  }

  /** What the lock table of the broker does. */
  table(act: LockTable['v']['act'], client: string, { topic = 'T', queue = '0', p = 'b1', group = 'g' }: Reading = {}): this {
    return this.add({ p, type: 'white', f: 'lock', v: { group, topic, queue, client, act, lifeUs: LIFE } })
  }

  poll(op: number, offset: number, { topic = 'T', queue = '0', p = 'c1', group = 'g' }: Reading = {}): this {
    return this.add({ p, type: 'invoke', f: 'poll', op, v: { group, topic, queue, offset, waitUs: seconds(15) } })
  }

  /** The queue holds five messages. */
  polled(op: number, offset: number, offsets: readonly number[], next: number, status?: PollStatus): this {
    const answer = status ?? (offsets.length > 0 ? 'FOUND' : 'NO_NEW_MSG')
    const v = { group: 'g', topic: 'T', queue: '0', offset, status: answer, offsets, next, min: 0, max: 5 }
    return this.add({ p: 'c1', type: 'ok', f: 'poll', op, v })
  }

  pollLost(op: number, offset: number, reason: string): this {
    return this.add({ p: 'c1', type: 'info', f: 'poll', op, v: { group: 'g', topic: 'T', queue: '0', offset, reason } })
  }

  pull(message: number, offset: number, { topic = 'T', queue = '0', digest = digestOf(message) }: Reading = {}): this {
    return this.add({ p: 'auditor', type: 'ok', f: 'pull', op: 4_000_000, v: { topic, queue, offset, message, digest } })
  }

  /** The auditor reads the queue and finds these messages from `min` on. */
  audit(messages: readonly number[], { topic = 'T', queue = '0', min = 0 }: Where & { min?: number } = {}): this {
    messages.forEach((message, k) => this.pull(message, min + k, { topic, queue }))
    return this.audited(min, min + messages.length, { topic, queue })
  }

  audited(min: number, max: number, { topic = 'T', queue = '0' }: Where = {}): this {
    return this.add({ p: 'auditor', type: 'ok', f: 'audit', op: 5_000_000, v: { topic, queue, min, max } })
  }

  local(op: number, outcome: TxnOutcome): this {
    return this.add({ p: 'p1', type: 'ok', f: 'local', op, v: { outcome } })
  }

  endTxn(op: number, outcome: TxnOutcome, fromCheck = false): this {
    return this.add({ p: 'p1', type: 'info', f: 'endTxn', op, v: { outcome, fromCheck } })
  }

  check(op: number, answer: TxnOutcome): this {
    return this.add({ p: 'p1', type: 'invoke', f: 'check', op, v: { answer } })
  }

  fault(kind: FaultKind, on = 'b1', effective = true): this {
    return this.add({ p: 'plan', type: 'fault', kind, on, effective })
  }

  /** The run is over; the note says what was left undone. */
  end(note = ''): this {
    return this.add({ p: 'plan', type: 'phase', phase: 'end', note })
  }

  phase(phase: 'heal' | 'drained' | 'fresh' | 'stuck' | 'end'): this {
    return this.add({ p: 'plan', type: 'phase', phase, note: '' })
  }

  /** Nothing happens for a while. */
  rest(us: Us): this {
    this.now += us
    return this
  }

  routed(brokers: readonly string[], { p = 'p1', topic = 'T', nameserver = 'n1' }: Where & { nameserver?: string } = {}): this {
    return this.add({ p, type: 'ok', f: 'route', op: 6_000_000 + this.events.length, v: { topic, nameserver, brokers } })
  }
}

interface Told {
  readonly events: readonly Event[]
}

export const story = (): Story => new Story()

export function judged(id: GuaranteeId, { events }: Told, drain: Drain = DRAINED, header: Header = HEADER): Findings {
  const findings = runChecks(header, events, drain, [id]).get(id)
  if (findings === undefined) throw new Error(`no checker for ${id}`)
  return findings
}

/** The names of the anomalies that are found. */
export const namesIn = (id: GuaranteeId, told: Story, drain: Drain = DRAINED, header: Header = HEADER): string[] =>
  judged(id, told, drain, header).anomalies.map((anomaly) => anomaly.name)

/** What is found in the sabotaged history, or null when the checker has no sabotage for it. */
export function sabotaged(id: GuaranteeId, { events }: Told, header: Header = HEADER): Findings | null {
  const edited = checkerOf(id)?.sabotage(events, header) ?? null
  return edited === null ? null : judged(id, { events: edited }, DRAINED, header)
}
