/** Producers and consumers over an adapter. The adapter knows them by name only, so a client that dies is one that mqproof forgets. */
import { delayOfLevel } from '../../plan/delay-levels.ts'
import type { TxnOutcome } from '../../plan/plan.ts'
import { ms, seconds } from '../../plan/units.ts'
import type {
  Consumer,
  ConsumerEvents,
  ConsumerSpec,
  Delivery,
  HalfResult,
  Outgoing,
  Producer,
  ProducerEvents,
  SendResult,
  Shown,
} from '../target.ts'
import type { Adapter } from './adapter.ts'
import { BadLine } from './reading.ts'
import { toBytes, toText, type Answer, type Deliver, type HelloAnswer, type Place } from './protocol.ts'

/** How long messages are delayed: short, for rounds wait for the last one, and long enough that coming at once is seen. */
export const DELAYS = [ms(300), seconds(1), seconds(3)] as const

/** What clients need to know of the target that they belong to. */
export interface Home {
  readonly adapter: Adapter
  readonly hello: HelloAnswer
  /** How many queues a topic has. */
  queuesOf(topic: string): number
}

/** Where an answer says that a message lies. One queue needs no number. */
function shownBy({ hello, queuesOf }: Home, { topic, queue }: Outgoing, answer: Place): Shown {
  const only = queuesOf(topic) === 1 ? 0 : -1
  const [broker = ''] = hello.brokers.length === 1 ? hello.brokers : []
  return {
    queue: answer.queue ?? queue ?? only,
    offset: hello.capabilities.offsets ? (answer.offset ?? -1) : -1,
    at: answer.at ?? -1,
    broker: answer.broker ?? broker,
  }
}

function resultOf(home: Home, message: Outgoing, answer: Answer<'send'> | Answer<'begin'>): SendResult {
  switch (answer.type) {
    case 'ok':
      return { type: 'ok', status: answer.status ?? home.hello.success[0] ?? 'ok', shown: shownBy(home, message, answer) }
    case 'unsupported':
      return { type: 'fail', status: 'unsupported' }
    default:
      return { type: answer.type, status: answer.status }
  }
}

/**
 * Who has topics of several queues says where a message went, and who shows offsets shows them of every message. A half, or what is delayed,
 * lies where no client can look, and needs none. @throws TargetBroken
 */
function complete(home: Home, topic: string, result: SendResult): SendResult {
  if (result.type !== 'ok') return result
  const { queue, offset } = result.shown
  const lacks = (field: string, why: string): Error => home.adapter.misbehaves(`an answer "ok" to send lacks "${field}", and ${why}`)
  if (queue < 0) throw lacks('queue', `${topic} has ${home.queuesOf(topic)} queues`)
  if (offset < 0 && home.hello.capabilities.offsets) throw lacks('offset', 'its hello says "offsets": true')
  return result
}

export class StdioProducer implements Producer {
  readonly name: string
  readonly events: ProducerEvents
  private readonly home: Home
  private readonly leave: () => void
  /** What the others lack who are gone: an end to the waiting for their answers. */
  private readonly waiting = new Set<() => void>()

  constructor(home: Home, name: string, events: ProducerEvents, leave: () => void) {
    this.home = home
    this.name = name
    this.events = events
    this.leave = leave
  }

  private body({ topic, queue, payload }: Outgoing): { client: string; topic: string; queue: number | null; payload: string } {
    return { client: this.name, topic, queue, payload: toText(payload) }
  }

  /** A producer that dies hears no answer any more. */
  private async unlessAborted<T extends { type: string }>(answer: Promise<T>): Promise<T | { type: 'info'; id: number; status: string }> {
    let stop: () => void = () => undefined
    const aborted = new Promise<{ type: 'info'; id: number; status: string }>((resolve) => {
      stop = () => {
        resolve({ type: 'info', id: 0, status: 'the producer is gone' })
      }
    })
    this.waiting.add(stop)
    try {
      return await Promise.race([answer, aborted])
    } finally {
      this.waiting.delete(stop)
    }
  }

  async send(message: Outgoing): Promise<SendResult> {
    const delayUs = delayOfLevel(DELAYS, message.delayLevel ?? 0)
    const delay = delayUs > 0 ? { delayMs: delayUs / ms(1) } : {}
    const answer = this.home.adapter.request('send', { ...this.body(message), mode: message.mode, ...delay })
    const result = resultOf(this.home, message, await this.unlessAborted(answer))
    return delayUs > 0 ? result : complete(this.home, message.topic, result)
  }

  async begin(message: Outgoing): Promise<HalfResult> {
    const answer = await this.unlessAborted(this.home.adapter.request('begin', this.body(message)))
    return {
      result: resultOf(this.home, message, answer),
      handle: answer.type === 'ok' && 'transaction' in answer ? answer.transaction : null,
    }
  }

  async end({ handle }: HalfResult, outcome: TxnOutcome): Promise<void> {
    if (typeof handle !== 'string' && typeof handle !== 'number') return
    await this.home.adapter.request('end', { client: this.name, transaction: handle, outcome })
  }

  close(): Promise<void> {
    this.leave()
    return Promise.resolve()
  }

  abort(): void {
    this.leave()
    for (const stop of this.waiting) stop()
  }
}

/** How soon a subscription that a fault has prevented is tried again. */
const RETRY_MS = 500

export class StdioConsumer implements Consumer {
  readonly spec: ConsumerSpec
  readonly events: ConsumerEvents
  private readonly home: Home
  private readonly leave: (gone: Promise<unknown>) => void
  /** What is not settled yet: delivery → its message. */
  private readonly open = new Map<Deliver['delivery'], string>()
  private closed = false
  /** Counts the lives of the broker: what an earlier one has delivered can't be settled with this one. */
  private life = 0
  private timer: NodeJS.Timeout | null = null

  constructor(home: Home, spec: ConsumerSpec, events: ConsumerEvents, leave: (gone: Promise<unknown>) => void) {
    this.home = home
    this.spec = spec
    this.events = events
    this.leave = leave
  }

  /** Tries until the broker takes it, since a fault may be on. @throws TargetBroken */
  async subscribe(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    this.life++
    this.open.clear()
    const { name: consumer, group, topics, members } = this.spec
    const answer = await this.home.adapter.request('subscribe', { consumer, group, topics: [...topics], members: [...members] })
    if (answer.type === 'ok' || this.closed || !this.home.adapter.up) return
    this.timer = setTimeout(() => {
      // Whoever asks the adapter next is told what broke it.
      if (!this.closed) this.subscribe().catch(() => undefined)
    }, RETRY_MS)
  }

  /** @throws BadLine when it lacks what this target has promised to show. */
  deliver(push: Deliver): void {
    const { delivery, topic, payload, attempt } = push
    const { queue, offset } = this.placeOf(push)
    const message = `${topic} ${queue} ${offset} ${payload}`
    // The same message again is the broker's doing, and for checkers to judge; another one can't be told from it when it is settled.
    if ((this.open.get(delivery) ?? message) !== message)
      throw new BadLine(
        `the delivery ${JSON.stringify(delivery)} is not settled yet, and names another message: each needs a name of its own`,
      )
    this.open.set(delivery, message)
    const { life } = this
    const settle = async (done: boolean): Promise<void> => {
      if (this.closed || this.life !== life || !this.open.delete(delivery)) return
      await this.home.adapter.request('settle', { consumer: this.spec.name, delivery, done })
    }
    const given: Delivery = { topic, queue, offset, payload: toBytes(payload), attempt, settle }
    this.events.delivered(given)
  }

  private placeOf({ topic, queue, offset }: Deliver): { queue: number; offset: number } {
    const queues = this.home.queuesOf(topic)
    if (queue === undefined && queues > 1) throw new BadLine(`"queue" is missing, and ${topic} has ${queues} queues`)
    if (!this.home.hello.capabilities.offsets) return { queue: queue ?? 0, offset: -1 }
    if (offset === undefined) throw new BadLine('"offset" is missing, and hello said "offsets": true')
    return { queue: queue ?? 0, offset }
  }

  private async unsubscribe(abrupt: boolean): Promise<void> {
    if (this.closed) return
    this.closed = true
    if (this.timer !== null) clearTimeout(this.timer)
    const gone = this.home.adapter.request('unsubscribe', { consumer: this.spec.name, abrupt })
    this.leave(gone)
    await gone
  }

  close(): Promise<void> {
    return this.unsubscribe(false)
  }

  abort(): void {
    this.unsubscribe(true).catch(() => undefined)
  }
}
