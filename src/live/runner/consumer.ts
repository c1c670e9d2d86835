/** A consumer process of a live round: listeners that take up to twenty messages at a time, fail as the plan says, and answer for each. */
import { shownQueue } from './names.ts'
import type { GroupPlace } from '../../history/event.ts'
import type { SendBack } from '../../history/send-back.ts'
import { crc32 } from 'node:zlib'
import type { Group } from '../../plan/plan.ts'
import { ms } from '../../plan/units.ts'
import { readPayload } from '../payload.ts'
import type { Consumer, ConsumerEvents, Delivery } from '../target.ts'
import type { RoundContext } from './context.ts'
import { failingMs, listenerMs, type GroupWork } from './outstanding.ts'
import type { ClientProcess } from './process.ts'

const LISTENERS = 20

/** What is recorded of a payload that is no message of this round: nobody sent number 0. */
const NOBODYS = 0

/** The message that a payload is, or pretends to be: what was changed on its way gets another digest than was sent. */
export function identify(round: string, payload: Uint8Array): { readonly message: number; readonly digest: number } {
  const reading = readPayload(round, payload)
  if (reading.kind === 'ok') return { message: reading.op, digest: reading.digest }
  return { message: (reading.kind === 'corrupted' ? reading.op : null) ?? NOBODYS, digest: crc32(payload) }
}

export class ConsumerProcess implements ClientProcess, ConsumerEvents {
  private alive = true
  private taking = true
  private paused = false
  private filling = false
  private running = 0
  /** Deliveries that wait for a listener, from `head` on. */
  private ready: Delivery[] = []
  private head = 0
  private consumer: Consumer | null = null
  /** What is on its way back, and the number of the operation. */
  private readonly returning = new Map<Delivery, number>()
  private readonly context: RoundContext
  private readonly name: string
  private readonly group: string
  private readonly selector: string
  private readonly work: GroupWork

  private constructor(context: RoundContext, name: string, group: string, selector = '') {
    this.context = context
    this.name = name
    this.group = group
    this.selector = selector
    this.work = context.outstanding.of(group)
  }

  static async open(
    context: RoundContext,
    name: string,
    { name: group, topics, consumers, listener, consumption, tags, selector }: Group,
  ): Promise<ConsumerProcess> {
    const { names, target } = context
    const process = new ConsumerProcess(context, name, group, selector)
    const wanted = names.topics.filter(({ topic }) => topics.includes(names.planTopic(topic)))
    const spec = { name, group: names.group(group), topics: wanted, members: consumers, listener, consumption, tags, selector }
    process.consumer = await target.openConsumer(spec, process)
    return process
  }

  start(): void {
    this.fill()
  }

  delivered(delivery: Delivery): void {
    if (!this.alive || !this.taking) return
    this.ready.push(delivery)
    this.fill()
  }

  assigned(topic: string, queue: number, offset: number, from: 'stored' | 'none' | 'corrected'): void {
    if (!this.alive) return
    const { names, serial } = this.context
    this.context.record(this.name).assign(serial(), this.group, names.planTopic(topic), shownQueue(queue), offset, from)
  }

  subscribed(refused: string): void {
    if (!this.alive) return
    const { group, selector, context } = this
    context.record(this.name).subscribe(context.serial(), refused === '' ? 'ok' : 'fail', { group, selector, reason: refused })
  }

  committed(topic: string, queue: number, offset: number): void {
    if (!this.alive) return
    const { names, serial } = this.context
    this.context.record(this.name).commit(serial(), this.group, names.planTopic(topic), shownQueue(queue), offset)
  }

  sendBack(delivery: Delivery, what: SendBack['type']): void {
    if (!this.alive) return
    const { names, serial, round } = this.context
    const { group, name } = this
    const place = { group, topic: names.planTopic(delivery.topic), queue: shownQueue(delivery.queue), offset: delivery.offset }
    const op = what === 'invoke' ? serial() : (this.returning.get(delivery) ?? serial())
    if (what === 'invoke') this.returning.set(delivery, op)
    else this.returning.delete(delivery)
    const { message } = identify(round, delivery.payload)
    this.context.record(name).sendBack(op, what, { ...place, message })
    if (what === 'ok') this.work.takenBack(message, delivery.attempt)
  }

  locked(topic: string, queue: number, validMs: number): void {
    if (!this.alive) return
    const { names, serial } = this.context
    this.context.record(this.name).locked(serial(), this.group, names.planTopic(topic), shownQueue(queue), ms(validMs))
  }

  lockRefused(topic: string, queue: number): void {
    if (!this.alive) return
    const { names, serial } = this.context
    this.context.record(this.name).lockRefused(serial(), this.group, names.planTopic(topic), shownQueue(queue))
  }

  unlocked(topic: string, queue: number): void {
    if (!this.alive) return
    const { names, serial } = this.context
    this.context.record(this.name).unlock(serial(), this.group, names.planTopic(topic), shownQueue(queue))
  }

  /** Listeners that are free take what is ready. A listener may end, and the next delivery come, within the loop. */
  private fill(): void {
    if (this.filling) return
    this.filling = true
    while (this.running < LISTENERS && this.taking && !this.paused) {
      const next = this.ready[this.head]
      if (next === undefined) break
      this.head++
      if (next.begin?.() !== false) this.listen(next)
    }
    this.filling = false
    if (this.head < 1024 && this.head < this.ready.length) return
    this.ready = this.ready.slice(this.head)
    this.head = 0
  }

  private listen(delivery: Delivery): void {
    const { names, round, serial } = this.context
    const { message, digest } = identify(round, delivery.payload)
    const op = serial()
    const { queue, offset, attempt } = delivery
    const { group } = this
    const topic = names.planTopic(delivery.topic)
    const place = { group, topic, queue: shownQueue(queue), offset, message }
    // Written out: a spread costs as much as all the rest of it.
    this.context.record(this.name).deliver(op, { group, topic, queue: place.queue, offset, message, digest, attempt })
    this.running++
    const forMs = this.work.succeeds(message) ? listenerMs(digest, attempt) : failingMs(digest)
    if (forMs === 0) this.finish(op, place, delivery)
    else setTimeout(() => this.finish(op, place, delivery), forMs)
  }

  private finish(op: number, place: GroupPlace & { message: number }, delivery: Delivery): void {
    // A listener of a process that is gone: nobody has seen the end of its work.
    if (!this.alive || !this.taking) return
    const { message } = place
    const done = this.work.succeeds(message)
    if (done) this.work.finished(message)
    else this.work.failedOnce(message)
    this.context.record(this.name).consumed(op, done ? 'ok' : 'fail', place)
    this.running--
    delivery.settle(done).catch((error: unknown) => {
      if (this.alive) this.context.trouble.raise(error)
    })
    this.fill()
  }

  /** What is under way is left to the next process; progress that is told while it closes still counts. */
  async close(): Promise<void> {
    this.taking = false
    await this.consumer?.close()
    this.alive = false
  }

  abort(): void {
    this.alive = false
    this.consumer?.abort()
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
    this.fill()
  }

  get unsettled(): string | null {
    return this.running > 0 || this.head < this.ready.length ? `${this.name} has unfinished messages` : null
  }
}
