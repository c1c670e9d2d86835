/**
 * One life of the reference broker behind the adapter protocol: requests become inputs of the simulated clients, and what these record
 * becomes answers and pushes. Each round of a campaign gets a life of its own: a flipped bit or a clock that jumped lasts, and no
 * contract could say what it does to the rounds after.
 */
import type { PlanQueue, QueueName } from '../plan/queues.ts'
import type { z } from 'zod'
import type { ClientEvent, Event } from '../history/event.ts'
import { BrokerDown, type TopicSetup } from '../live/target.ts'
import type { Body, OK, Push, RequestType } from '../live/stdio/protocol.ts'
import { Fault } from '../plan/faults.ts'
import { InputError, parseWith } from '../plan/input-error.ts'
import { NO_LABELS } from '../plan/labels.ts'
import type { SendStep, TransactionStep } from '../plan/script.ts'
import type { CheckTransaction } from '../systems/rocketmq/messages.ts'
import { Administrator } from './administrator.ts'
import { modelOf, rulesOf, type ReferenceConfig } from './config.ts'
import type { HalfPlace } from './gates.ts'
import { OpenWorld, type Client } from './open-world.ts'
import { Payloads } from './payloads.ts'
import { Strikes } from './strikes.ts'

/** An answer without its number. */
export type Reply<T extends RequestType = RequestType> =
  Omit<z.input<(typeof OK)[T]>, 'id'> | { readonly type: 'fail' | 'info'; readonly status: string } | { readonly type: 'unsupported' }

type Content = Pick<SendStep, 'op' | 'atUs' | 'salt' | 'bytes' | 'fails' | 'digest' | 'text' | 'key' | 'labels'>

interface HeldHalf {
  readonly place: HalfPlace
  readonly producer: Client
}

type Sent = Extract<ClientEvent, { f: 'send'; type: 'ok' | 'info' | 'fail' }>

const DONE = { type: 'ok' } as const

export class Reference {
  private readonly world: OpenWorld
  private readonly admin: Administrator
  private readonly strikes: Strikes
  private readonly payloads = new Payloads()
  private readonly push: (push: Push) => void
  private readonly topics: TopicSetup[] = []
  /** Sends that wait for their end, by message. */
  private readonly sends = new Map<number, (sent: Sent | null) => void>()
  private readonly producers = new Map<string, Client>()
  private readonly consumers = new Map<string, Client>()
  /** Transactions that are open, and checks that were passed on, by number. */
  private readonly halves = new Map<number, HeldHalf>()
  private readonly checks = new Map<number, HeldHalf>()
  private checksMade = 0

  constructor(config: ReferenceConfig, push: (push: Push) => void) {
    this.push = push
    this.admin = new Administrator(() => this.world)
    this.world = new OpenWorld(modelOf(config), rulesOf(config), (event) => this.hear(event), {
      checked: (at, check) => this.checked(at, check),
      answered: (answer) => this.admin.answered(answer),
      lost: (message) => this.admin.lost(message),
    })
    this.strikes = new Strikes(this.world, this.admin)
  }

  /** What still waits for an answer gets one: it came too late to be told. */
  close(): void {
    this.world.stop()
    for (const settle of this.sends.values()) settle(null)
    this.sends.clear()
  }

  async createTopic(topic: Body<'createTopic'>): Promise<Reply<'createTopic'>> {
    const result = await this.admin.createTopic(topic)
    if (result.type !== 'ok') return result
    this.topics.push(topic)
    return DONE
  }

  send(body: Body<'send'>): Promise<Reply<'send'>> {
    const { topic, mode } = body
    const step = { ...this.stepOf(body), to: askedOf(body) }
    const sent = this.whenSettled(step.op)
    this.begin(body.client, { do: 'send', ...step, topic, mode, byKey: false, sentinel: false, delay: null })
    return sent.then(replyOf)
  }

  async beginHalf(body: Body<'begin'>): Promise<Reply<'begin'>> {
    const { topic } = body
    const step = { ...this.stepOf(body), to: askedOf(body) }
    const { op } = step
    const sent = this.whenSettled(op)
    // What the application decides it will say later: until then the model's own producer knows nothing.
    this.begin(body.client, { do: 'transaction', ...step, topic, outcome: 'unknown', answer: 'unknown' })
    const event = await sent
    const reply = replyOf(event)
    if (event?.type !== 'ok') return reply as Reply<'begin'>
    const producer = this.producerOf(body.client)
    this.halves.set(op, { place: { message: op, halfOffset: event.v.offset, halfAt: event.v.at }, producer })
    return { ...reply, transaction: op } as Reply<'begin'>
  }

  end({ transaction, outcome }: Body<'end'>): Reply<'end'> {
    const half = this.halves.get(Number(transaction))
    if (half === undefined) return { type: 'fail', status: `no transaction is called ${transaction}` }
    this.world.request(half.producer, { do: 'end', to: this.world.broker, half: half.place, outcome, fromCheck: false })
    return DONE
  }

  answerCheck({ check, outcome }: Body<'checked'>): Reply<'checked'> {
    const half = this.checks.get(Number(check))
    if (half === undefined) return { type: 'fail', status: `no check is called ${check}` }
    this.checks.delete(Number(check))
    this.world.request(half.producer, { do: 'end', to: this.world.broker, half: half.place, outcome, fromCheck: true })
    return DONE
  }

  subscribe({ consumer, group, topics, members }: Body<'subscribe'>): Reply<'subscribe'> {
    if (this.consumers.has(consumer)) return DONE
    const membership = { group, topics: topics.map(({ topic }) => topic), members }
    this.consumers.set(consumer, this.world.open(consumer, membership))
    return DONE
  }

  /** What a consumer that is gone has finished is nobody's business any more. */
  settle({ consumer, delivery, done }: Body<'settle'>): Reply<'settle'> {
    const client = this.consumers.get(consumer)
    if (client !== undefined) this.world.request(client, { do: 'settle', op: Number(delivery), done })
    return DONE
  }

  unsubscribe({ consumer, abrupt }: Body<'unsubscribe'>): Reply<'unsubscribe'> {
    const client = this.consumers.get(consumer)
    if (client !== undefined) this.world.close(client, !abrupt)
    this.consumers.delete(consumer)
    return DONE
  }

  async read({ topic, queue }: Body<'read'>): Promise<Reply<'read'>> {
    const { min, max, messages } = await this.admin.read(topic, queue)
    const stored = messages.map(({ offset, message, digest }) => ({ offset, payload: this.payloads.read(message, digest) }))
    return { type: 'ok', min, max, messages: stored }
  }

  ready(): Promise<Reply<'ready'>> {
    return unlessDown(() => this.admin.ready())
  }

  fault({ phase, fault: named }: Body<'fault'>): Promise<Reply<'fault'>> {
    return unlessDown(async () => {
      const fault = parseWith(Fault, named, 'fault')
      if (phase === 'begin') return (await this.strikes.begin(fault)) ? null : 'it changed nothing'
      await this.strikes.end(fault, this.topics)
      return null
    })
  }

  private stepOf({ payload }: { readonly payload: string }): Content {
    const op = this.payloads.keep(payload)
    const digest = this.payloads.digestOf(op)
    return { op, atUs: 0, salt: digest, bytes: Math.max(1, payload.length), fails: 0, digest, text: '', key: '', labels: NO_LABELS }
  }

  private whenSettled(op: number): Promise<Sent | null> {
    return new Promise((resolve) => this.sends.set(op, resolve))
  }

  /** A producer's process starts with its first message: the protocol knows no other sign of it. */
  private producerOf(name: string): Client {
    const known = this.producers.get(name)
    if (known !== undefined) return known
    const opened = this.world.open(name, null)
    this.producers.set(name, opened)
    return opened
  }

  private begin(client: string, step: SendStep | TransactionStep): void {
    this.world.request(this.producerOf(client), { do: 'begin', step })
  }

  private checked(at: number, { message, digest, halfOffset, halfAt }: CheckTransaction): void {
    const found = [...this.producers].find(([, { id }]) => id === at)
    if (found === undefined) return
    const [client, producer] = found
    const check = ++this.checksMade
    this.checks.set(check, { place: { message, halfOffset, halfAt }, producer })
    this.push({ type: 'check', check, client, payload: this.payloads.read(message, digest) })
  }

  private hear(event: Event): void {
    if (event.type === 'fault') return this.strikes.heard(event)
    if (event.type === 'phase' || event.type === 'white') return
    switch (event.f) {
      case 'send':
        if (event.type === 'invoke') return
        this.sends.get(event.op)?.(event)
        this.sends.delete(event.op)
        return
      case 'consume':
      case 'assign':
      case 'commit':
        if (this.consumers.has(event.p)) this.pass(event)
        return
      default:
        return
    }
  }

  /** What a consumer has recorded, to whoever stands behind it. */
  private pass(event: Extract<ClientEvent, { f: 'consume' | 'assign' | 'commit' }>): void {
    const { topic, queue, offset } = event.v
    const at = { consumer: event.p, topic, queue: numberOf(queue), offset }
    if (event.f === 'commit') this.push({ type: 'committed', ...at })
    else if (event.f === 'assign') this.push({ type: 'assigned', ...at, from: event.v.from })
    else if (event.type === 'invoke') {
      const { message, digest, attempt } = event.v
      this.push({ type: 'deliver', delivery: event.op, ...at, payload: this.payloads.read(message, digest), attempt })
    }
  }
}

/** Done, or why not: a reason that is given, a broker that does not come up, a request that makes no sense. */
async function unlessDown(work: () => Promise<string | null | void>): Promise<typeof DONE | { type: 'fail'; status: string }> {
  try {
    const reason = (await work()) ?? null
    return reason === null ? DONE : { type: 'fail', status: reason }
  } catch (error) {
    if (error instanceof InputError || error instanceof BrokerDown) return { type: 'fail', status: error.message }
    throw error
  }
}

/** This cluster has one broker, whose queues are called by their numbers. */
const askedOf = ({ topic, queue }: { topic: string; queue: number | null }): PlanQueue | null =>
  queue === null ? null : { topic, broker: null, queue, name: `${queue}` }
const numberOf = (queue: QueueName): number => Number(queue)

/** An acknowledgement that shows no place (a planted bug makes some) is passed on without one. */
function replyOf(sent: Sent | null): Reply<'send'> {
  if (sent === null) return { type: 'info', status: 'the round is over' }
  if (sent.type === 'fail') return { type: 'fail', status: sent.v.reason }
  if (sent.type === 'info') return { type: 'info', status: sent.v.status }
  const { status, queue, offset, at, broker } = sent.v
  return { type: 'ok', status, queue: numberOf(queue), broker, ...(offset < 0 ? {} : { offset }), ...(at < 0 ? {} : { at }) }
}
