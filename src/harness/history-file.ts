/** Histories as JSON lines: a header, then an event a line. Lines from outside are checked, and a bad one is named by its number and field. */
import { Account } from '../plan/access.ts'
import { z } from 'zod'
import type { Drain } from '../check/checker.ts'
import { HISTORY_FORMAT, KINDS, type Event, type Header, type History, type PhaseEvent } from '../history/event.ts'
import { POLL_STATUSES } from '../history/polls.ts'
import { FAULT_KINDS } from '../plan/faults.ts'
import { InputError, parseJson, parseWith } from '../plan/input-error.ts'
import {
  Consumption,
  Delay,
  Forward,
  Group,
  ListenerBatch,
  ListenerMode,
  Properties,
  Receiver,
  SendMode,
  Slave,
  StartAt,
  Strategy,
  TxnOutcome,
} from '../plan/plan.ts'
import * as queried from './query-schema.ts'

const name = z.string()
const whole = z.int()
const base = { i: z.int().nonnegative(), t: whole, p: name }
const place = { topic: name, queue: name, offset: whole }
const groupPlace = { ...place, group: name }
const groupQueue = { group: name, topic: name, queue: name }
const finished = z.strictObject({ ...groupPlace, message: whole })
const returned = finished.extend({ broker: name.optional(), copy: z.literal(true).optional() })

const op = <T extends string, F extends string, V extends z.ZodType>(type: T, f: F, v: V) =>
  z.strictObject({ ...base, type: z.literal(type), f: z.literal(f), op: whole, v })
const white = <F extends string, V extends z.ZodType>(f: F, v: V) =>
  z.strictObject({ ...base, type: z.literal('white'), f: z.literal(f), v })

const attempt = z.strictObject({
  attempt: whole,
  thread: whole,
  topic: name,
  queue: name,
  broker: name,
  by: z.enum(['turn', 'caller']),
  brokers: z.array(name).readonly(),
  queues: whole,
  after: name,
})
const subscribed = z.strictObject({ group: name, selector: name, reason: name })
const created = z.strictObject({ topic: name, queues: whole })
const churned = z.strictObject({ act: z.enum(['start', 'stop']) })
const resized = z.strictObject({
  topic: name,
  brokers: z.array(name).readonly(),
  readQueues: whole,
  writeQueues: whole,
  drained: z.boolean(),
  barrier: z.boolean().optional(),
})
const wiped = z.strictObject({ topic: name, broker: name })

const Invoke = z.discriminatedUnion('f', [
  op(
    'invoke',
    'send',
    z.strictObject({
      topic: name,
      queue: name.nullable(),
      mode: SendMode,
      half: z.boolean(),
      digest: whole,
      text: name,
      batch: whole.optional(),
      of: whole.optional(),
      key: name.optional(),
      select: z.literal('key').optional(),
      delay: Delay.optional(),
      tag: name.optional(),
      properties: Properties.optional(),
    }),
  ),
  op(
    'invoke',
    'consume',
    z.strictObject({
      ...groupPlace,
      message: whole,
      digest: whole,
      attempt: whole,
      msgId: name.optional(),
      broker: name.optional(),
      at: whole.optional(),
      hiddenForUs: whole.optional(),
    }),
  ),
  op('invoke', 'ack', finished),
  op('invoke', 'hide', finished),
  op('invoke', 'sendBack', returned),
  op('invoke', 'poll', z.strictObject({ ...groupPlace, waitUs: whole })),
  op('invoke', 'check', z.strictObject({ answer: TxnOutcome })),
  op('invoke', 'createTopic', created),
  op('invoke', 'resize', resized),
  op('invoke', 'wipeWritePerm', wiped),
  op('invoke', 'resetOffset', z.strictObject({ ...groupPlace, timestampUs: whole })),
  op('invoke', 'query', queried.asked),
  op('invoke', 'lag', queried.lag),
  op('invoke', 'recall', queried.recall),
  op('invoke', 'trace', queried.traceAsked),
])
const Ok = z.discriminatedUnion('f', [
  op('ok', 'send', z.strictObject({ ...place, status: name, broker: name, at: whole, msgId: name.optional() })),
  op('ok', 'consume', finished),
  op('ok', 'ack', finished),
  op('ok', 'hide', finished.extend({ hiddenForUs: whole })),
  op('ok', 'effect', z.strictObject({ group: name, key: name, message: whole })),
  op('ok', 'assign', z.strictObject({ ...groupPlace, from: z.enum(['stored', 'none', 'corrected']), asked: whole.optional() })),
  op(
    'ok',
    'poll',
    z.strictObject({
      ...groupPlace,
      status: z.enum(POLL_STATUSES),
      offsets: z.array(whole).readonly(),
      next: whole,
      min: whole,
      max: whole,
    }),
  ),
  op('ok', 'revoke', z.strictObject(groupPlace)),
  op('ok', 'subscribe', subscribed),
  op(
    'ok',
    'share',
    z.strictObject({
      group: name,
      topic: name,
      strategy: Strategy,
      member: name,
      members: z.array(name).readonly(),
      queues: z.array(name).readonly(),
      share: z.array(name).readonly(),
    }),
  ),
  op('ok', 'lock', z.strictObject({ ...groupQueue, validUs: whole })),
  op('ok', 'pull', z.strictObject({ ...place, message: whole, digest: whole })),
  op('ok', 'audit', z.strictObject({ topic: name, queue: name, min: whole, max: whole })),
  op('ok', 'replicaPull', z.strictObject({ ...place, slave: name, message: whole, digest: whole })),
  op('ok', 'replicaAudit', z.strictObject({ slave: name, topic: name, queue: name, min: whole, max: whole })),
  op('ok', 'sendBack', returned.extend({ status: name.optional() })),
  op('ok', 'local', z.strictObject({ outcome: TxnOutcome })),
  op('ok', 'createTopic', created),
  op('ok', 'resize', resized),
  op('ok', 'wipeWritePerm', wiped),
  op('ok', 'resetOffset', z.strictObject(groupPlace)),
  op('ok', 'query', queried.answered),
  op('ok', 'trace', queried.traceFound),
  op('ok', 'lag', queried.lagFound),
  op('ok', 'recall', queried.recalled),
  op('ok', 'route', z.strictObject({ topic: name, nameserver: name, brokers: z.array(name).readonly(), frozen: z.boolean().optional() })),
  op('ok', 'churn', churned),
])
const Fail = z.discriminatedUnion('f', [
  op('fail', 'send', z.strictObject({ reason: name })),
  op('fail', 'consume', finished),
  op('fail', 'sendBack', returned),
  op('fail', 'lock', z.strictObject(groupQueue)),
  op('fail', 'subscribe', subscribed),
  op('fail', 'churn', churned),
  op('fail', 'audit', z.strictObject({ topic: name, queue: name })),
  op('fail', 'resize', resized),
  op('fail', 'query', queried.unanswered),
  op('fail', 'trace', queried.unanswered),
  op('fail', 'lag', queried.lagUnknown),
  op('fail', 'recall', queried.notRecalled),
])
const Info = z.discriminatedUnion('f', [
  op('info', 'recall', queried.notRecalled),
  op('info', 'send', z.strictObject({ status: name })),
  op('info', 'attempt', attempt),
  op('info', 'expire', finished),
  op('info', 'commit', z.strictObject(groupPlace)),
  op('info', 'sendBack', returned),
  op('info', 'redirect', z.strictObject({ ...groupPlace, broker: name })),
  op('info', 'poll', z.strictObject({ ...groupPlace, reason: name })),
  op('info', 'unlock', z.strictObject(groupQueue)),
  op('info', 'endTxn', z.strictObject({ outcome: TxnOutcome, fromCheck: z.boolean() })),
  op('info', 'createTopic', created),
  op('info', 'resize', resized),
  op('info', 'wipeWritePerm', wiped),
  op('info', 'resetOffset', z.strictObject(groupQueue)),
])
const White = z.discriminatedUnion('f', [
  white('append', z.strictObject({ ...place, message: whole, at: whole, size: whole, half: z.boolean() })),
  white('force', z.strictObject({ to: whole })),
  white('dispatch', z.strictObject({ ...place, at: whole })),
  white('recovered', z.strictObject({ end: whole, clean: z.boolean() })),
  white('recoveredQueue', z.strictObject({ topic: name, queue: name, min: whole, max: whole })),
  white('recoveredIndex', z.strictObject({ from: whole, to: whole })),
  white('storedOffset', z.strictObject({ ...groupPlace, durable: z.boolean() })),
  white('endedTxn', z.strictObject({ message: whole, outcome: TxnOutcome })),
  white('released', z.strictObject({ ...place, message: whole, level: whole, from: whole, storedUs: whole, dueUs: whole, nowUs: whole })),
  white('missedSlot', z.strictObject({ message: whole, dueUs: whole, nowUs: whole })),
  white('discarded', z.strictObject({ message: whole, checks: whole })),
  white('registered', z.strictObject({ broker: name, topics: z.array(name).readonly() })),
  white('unregistered', z.strictObject({ broker: name, why: z.enum(['stopped', 'closed', 'demoted']) })),
  white('expired', z.strictObject({ broker: name })),
  white('reset', z.strictObject(groupPlace)),
  white('lock', z.strictObject({ ...groupQueue, client: name, act: z.enum(['granted', 'renewed', 'released', 'expired']), lifeUs: whole })),
  white(
    'cleaned',
    z.strictObject({
      nowUs: whole,
      usedPermille: whole,
      start: whole,
      oldestUs: whole.nullable(),
      files: z.array(z.strictObject({ from: whole, to: whole, writtenUs: whole })).readonly(),
    }),
  ),
  white('copied', z.strictObject({ ...place, message: whole, at: whole, size: whole })),
  white('copyRecovered', z.strictObject({ end: whole })),
  white('leads', z.strictObject({ broker: name, term: whole })),
  white('committed', z.strictObject({ ...place, message: whole, at: whole, term: whole, entryTerm: whole })),
  white('ledgerCut', z.strictObject({ to: whole })),
  white('elected', z.strictObject({ broker: name, master: name, epoch: whole })),
  white('inSync', z.strictObject({ broker: name, set: z.array(name).readonly() })),
  white('presides', z.strictObject({ term: whole })),
  white('role', z.strictObject({ role: z.enum(['master', 'slave']), epoch: whole, end: whole })),
  white('acting', z.strictObject({ as: z.enum(['acting master', 'slave', 'online']) })),
  white('up', z.strictObject({})),
  white('down', z.strictObject({})),
])
const Fault = z.strictObject({
  ...base,
  type: z.literal('fault'),
  kind: z.enum(FAULT_KINDS),
  on: name,
  effective: z.boolean(),
  where: z.string().optional(),
})
const Phase = z.strictObject({
  ...base,
  type: z.literal('phase'),
  phase: z.enum(['heal', 'drained', 'fresh', 'stuck', 'end', 'broken']),
  note: name,
})

export const EventLine = z.discriminatedUnion('type', [Invoke, Ok, Fail, Info, White, Fault, Phase])

export const HeaderLine = z.strictObject({
  format: z.literal(HISTORY_FORMAT),
  version: name,
  system: name,
  contract: name.optional(),
  config: z.json(),
  client: name,
  groups: z.array(
    z.strictObject({
      name,
      topics: z.array(name),
      consumers: z.array(name),
      mode: Group.shape.mode,
      listener: ListenerMode.optional(),
      consumption: Consumption.optional(),
      startAt: StartAt.optional(),
      batch: ListenerBatch.optional(),
      assign: z.array(whole).optional(),
      commitEvery: whole.optional(),
      maxReconsumeTimes: whole.optional(),
      tags: name.optional(),
      selector: name.optional(),
      forward: Forward.optional(),
      receiver: Receiver.optional(),
      allocate: Strategy.optional(),
    }),
  ),
  brokers: z.array(name),
  slaves: z.array(Slave).optional(),
  controllers: z.array(name).optional(),
  nameservers: z.array(name).optional(),
  resized: z.array(name).optional(),
  records: z.array(z.enum(KINDS)),
  sending: z
    .strictObject({
      timeoutUs: whole,
      attempts: z.strictObject({ sync: whole, async: whole }),
      retried: z.strictObject({ sync: z.array(name), async: z.array(name) }),
      isolation: z
        .strictObject({ table: z.array(z.strictObject({ latencyUs: whole, notAvailableUs: whole })), failureLatencyUs: whole })
        .optional(),
    })
    .optional(),
  delayLevels: z.array(whole).optional(),
  checks: z.strictObject({ immunityUs: whole, intervalUs: whole, max: whole }).optional(),
  retries: z.strictObject({ max: whole, delaysUs: z.array(whole) }).optional(),
  access: z
    .strictObject({ enabled: z.boolean(), accounts: z.array(Account), groups: z.array(z.strictObject({ name, topics: z.array(name) })) })
    .optional(),
  queries: z.literal(true).optional(),
  promotions: z.literal(true).optional(),
  groupTopics: z.array(z.strictObject({ group: name, topic: name, holds: z.enum(['retries', 'dead letters']) })).optional(),
  retention: z
    .strictObject({
      reservedUs: whole,
      deleteHours: z.array(whole),
      cleanPermille: whole,
      forcePermille: whole,
      fullPermille: whole,
      filesMax: whole,
    })
    .optional(),
  success: z.array(name).optional(),
})

export function writeHistory(history: History): string {
  return [history.header, ...history.events].map((line) => `${JSON.stringify(line)}\n`).join('')
}

/** @throws InputError naming the line and the field. */
export function readHistory(text: string, source: string): History {
  const lines = text.split('\n')
  if (lines[lines.length - 1] === '') lines.pop()
  const [first, ...rest] = lines
  if (first === undefined) throw new InputError(`${source}: empty: a history begins with a header line`)
  const header: Header = parseWith(HeaderLine, parseJson(first, `${source}:1`), `${source}:1`)
  const events = rest.map((line, index): Event => {
    const where = `${source}:${index + 2}`
    return parseWith(EventLine, parseJson(line, where), where)
  })
  return { header, events }
}

/** How a recorded run ended: a history that does not say has not come to rest, as far as anyone knows. */
export function drainOf(events: readonly Event[]): Drain {
  const phases = events.filter((event) => event.type === 'phase')
  const noteOf = (phase: PhaseEvent['phase']): string | undefined => phases.find((event) => event.phase === phase)?.note
  const fresh = noteOf('fresh') !== undefined
  const broken = noteOf('broken')
  if (broken !== undefined) return { drained: false, fresh, reason: broken, broken }
  // A run that came to rest may still get stuck in its audit.
  const last = phases.findLast(({ phase }) => phase === 'drained' || phase === 'stuck')
  if (last?.phase === 'drained') return { drained: true, fresh, reason: '' }
  return { drained: false, fresh, reason: last?.note ?? 'the history has no phase "drained"' }
}
