/** The small broker: topics, sends, transactions and reading, over a log. Its groups are in groups.ts, what may be wrong with it in rules.ts. */
import { join } from 'node:path'
import type { Answer, Body, Request, RequestType } from '../protocol.ts'
import { Group, type Queue } from './groups.ts'
import { RecordLog, type LogRecord } from './records.ts'
import type { Rules } from './rules.ts'

type Fields = Record<string, unknown>
type Half = Extract<LogRecord, { is: 'half' }>
type Delayed = Extract<LogRecord, { is: 'delayed' }>
/** What an answer says, without the number of its request. */
export type Said = Fields & { readonly type: Answer<RequestType>['type'] }

const OK: Said = { type: 'ok' }
/** How long a half may be open before its producer is asked, and how often it is asked then. */
const CHECK_MS = 400

export class Broker {
  private readonly rules: Rules
  private readonly say: (message: Fields) => void
  private readonly topics = new Map<string, Queue[]>()
  private readonly groups = new Map<string, Group>()
  private readonly halves = new Map<number, Half>()
  private readonly delayed = new Map<number, Delayed>()
  private readonly log: RecordLog
  private lives = 0
  private accepted = 0
  private transactions = 0
  private delays = 0
  /** Sends that came in together. */
  private sending = 0

  constructor(dir: string, rules: Rules, say: (message: Fields) => void) {
    this.rules = rules
    this.say = say
    this.log = new RecordLog(join(dir, 'log.jsonl'), rules.writeBehindMs, (record) => {
      this.apply(record)
    })
    for (const queues of this.topics.values()) for (const { messages } of queues) messages.length = rules.recovered(messages.length)
    this.keep({ is: 'life' })
    for (const one of this.delayed.values()) this.await(one)
    setInterval(() => {
      for (const { transaction, client, payload } of this.halves.values()) say({ type: 'check', check: transaction, client, payload })
    }, CHECK_MS).unref()
  }

  private keep(record: LogRecord): void {
    this.log.write(record)
    this.apply(record)
  }

  /** What is in the log is what is true, when it is written and when it is read again. */
  private apply(record: LogRecord): void {
    switch (record.is) {
      case 'life':
        this.lives++
        return
      case 'topic':
        this.topics.set(
          record.topic,
          Array.from({ length: record.queues }, (_, number) => ({ topic: record.topic, number, messages: [], free: 0 })),
        )
        return
      case 'group':
        this.groups.set(record.group, this.newGroup(record.group, record.topics))
        return
      case 'message':
        this.queueOf(record.topic, record.queue).messages[record.offset] = record.payload
        return
      case 'half':
        this.halves.set(record.transaction, record)
        this.transactions = Math.max(this.transactions, record.transaction)
        return
      case 'delayed':
        this.delayed.set(record.number, record)
        this.delays = Math.max(this.delays, record.number)
        return
      case 'due':
        this.delayed.delete(record.number)
        return
      case 'end':
        if (record.outcome !== 'unknown') this.halves.delete(record.transaction)
        return
      case 'progress':
        this.groups.get(record.group)?.recover(record.topic, record.queue, record.offset)
        return
    }
  }

  private newGroup(name: string, topics: readonly string[]): Group {
    const keep = (group: string, { topic, number }: Queue, offset: number): void => {
      this.log.write({ is: 'progress', group, topic, queue: number, offset })
    }
    const group = new Group(name, topics, this.rules, { say: this.say, keep }, () => this.lives)
    for (const topic of topics) for (const queue of this.topics.get(topic) ?? []) group.add(queue)
    return group
  }

  private queueOf(topic: string, number: number): Queue {
    const queue = this.topics.get(topic)?.[number]
    if (queue === undefined) throw new Error(`there is no queue ${number} of ${topic}`)
    return queue
  }

  /** The queue with the fewest messages, where the sender leaves it open. */
  private choose(topic: string, queue: number | null): Queue {
    const all = this.topics.get(topic) ?? []
    const [first, ...others] = all
    if (queue !== null || first === undefined) return this.queueOf(topic, queue ?? 0)
    return others.reduce((best, one) => (one.messages.length < best.messages.length ? one : best), first)
  }

  private append(queue: Queue, payload: string): number {
    const n = ++this.accepted
    const { topic, number, messages } = queue
    while (messages[queue.free] !== undefined) queue.free++
    const offset = this.rules.offsetOf(queue.free, n, this.sending)
    this.keep({ is: 'message', topic, queue: number, offset, payload: this.rules.keeps(n) ? payload : null })
    return offset
  }

  private send({ topic, queue, payload, delayMs }: Body<'send'>): Said {
    const to = this.choose(topic, queue)
    if (delayMs !== undefined) return this.delay(to, payload, delayMs)
    const offset = this.append(to, payload)
    return { type: 'ok', status: this.rules.status(this.accepted), queue: to.number, offset }
  }

  private delay({ topic, number: queue }: Queue, payload: string, asked: number): Said {
    const number = ++this.delays
    const waitsMs = this.rules.waitsMs(asked, number)
    const one: Delayed = { is: 'delayed', number, dueMs: Date.now() + (waitsMs ?? 0), topic, queue, payload }
    if (waitsMs !== null) {
      this.keep(one)
      this.await(one)
    }
    return { type: 'ok', status: this.rules.status(this.accepted), queue }
  }

  /** A timer may fire before its time is up by the wall clock: then it is set again. First the message, then its end, as with transactions. */
  private await(one: Delayed): void {
    const leftMs = one.dueMs - Date.now()
    if (leftMs > 0) return void setTimeout(() => this.await(one), leftMs + 1)
    // Its round may be over, and its topic gone.
    if (this.topics.has(one.topic)) this.append(this.queueOf(one.topic, one.queue), one.payload)
    this.keep({ is: 'due', number: one.number })
    this.pump()
  }

  private begin({ client, topic, queue, payload }: Body<'begin'>): Said {
    const transaction = ++this.transactions
    this.keep({ is: 'half', transaction, client, topic, queue: this.choose(topic, queue).number, payload })
    return { type: 'ok', status: this.rules.status(this.accepted), transaction }
  }

  private end(transaction: number, outcome: Body<'end'>['outcome']): Said {
    const half = this.halves.get(transaction)
    if (half === undefined) return OK
    // First the message, then the end: a crash between the two delivers it again rather than never.
    if (this.rules.becomesVisible(outcome)) this.append(this.queueOf(half.topic, half.queue), half.payload)
    this.keep({ is: 'end', transaction, outcome })
    return OK
  }

  private read({ topic, queue }: Body<'read'>): Said {
    const { messages } = this.queueOf(topic, queue)
    const held = [...messages.entries()].flatMap(([offset, payload]) => (typeof payload === 'string' ? [{ offset, payload }] : []))
    return { type: 'ok', min: 0, max: messages.length, messages: held }
  }

  private tearDown({ topics, groups }: Body<'tearDown'>): Said {
    for (const group of groups) this.groups.delete(group)
    for (const topic of topics) this.topics.delete(topic)
    return OK
  }

  /** How many sends arrived together: what a broker under load looks like from inside. */
  load(sending: number): void {
    this.sending = sending
  }

  answer(request: Exclude<Request, { type: 'hello' | 'fault' }>): Said {
    switch (request.type) {
      case 'createTopic':
        if (!this.topics.has(request.topic)) this.keep({ is: 'topic', topic: request.topic, queues: request.queues })
        return OK
      case 'createGroup':
        if (!this.groups.has(request.group)) this.keep({ is: 'group', group: request.group, topics: request.topics })
        return OK
      case 'send':
        return this.send(request)
      case 'subscribe':
        this.groups.get(request.group)?.subscribe(request.consumer, request.members)
        return OK
      case 'settle':
        for (const group of this.groups.values()) group.settle(request.consumer, Number(request.delivery), request.done)
        return OK
      case 'unsubscribe':
        for (const group of this.groups.values()) if (group.has(request.consumer)) group.unsubscribe(request.consumer)
        return OK
      case 'read':
        return this.read(request)
      case 'begin':
        return this.begin(request)
      case 'end':
        return this.end(Number(request.transaction), request.outcome)
      case 'checked':
        return this.end(Number(request.check), request.outcome)
      case 'tearDown':
        return this.tearDown(request)
      case 'ready':
        return OK
      case 'probe':
        return { type: 'unsupported' }
    }
  }

  pump(): void {
    for (const group of this.groups.values()) group.pump()
  }
}
