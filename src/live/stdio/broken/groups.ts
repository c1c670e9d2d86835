/**
 * Consumer groups of the small broker. Each queue is worked on by one consumer of a group, in order, with a window of messages under
 * way; the group's progress moves over what is finished, and is what a successor begins from.
 */
import type { Rules } from './rules.ts'

/** A queue's messages; null is an offset that holds nothing. A hole (undefined) is one that will still be filled. */
export interface Queue {
  readonly topic: string
  readonly number: number
  readonly messages: (string | null | undefined)[]
  /** The first offset that nothing was put at. */
  free: number
}

interface Sink {
  say(message: Record<string, unknown>): void
  /** Keeps a group's progress. */
  keep(group: string, queue: Queue, offset: number): void
}

interface Work {
  readonly queue: Queue
  owner: string | null
  progress: number
  next: number
  /** The progress that was kept at a delivery. */
  kept: number
  readonly finished: Set<number>
  /** delivery → offset */
  readonly underWay: Map<number, number>
  /** Offsets that failed, with the attempts made. */
  readonly again: number[]
  readonly attempts: Map<number, number>
}

const WINDOW = 16
let deliveries = 0

export class Group {
  readonly name: string
  readonly topics: readonly string[]
  private readonly works: Work[] = []
  private readonly live = new Map<string, readonly string[]>()
  private readonly gone = new Set<string>()
  private readonly subscribed = new Map<string, number>()
  private readonly rules: Rules
  private readonly sink: Sink
  private readonly life: () => number

  constructor(name: string, topics: readonly string[], rules: Rules, sink: Sink, life: () => number) {
    this.name = name
    this.topics = topics
    this.rules = rules
    this.sink = sink
    this.life = life
  }

  add(queue: Queue): void {
    const empty = { owner: null, progress: 0, next: 0, kept: 0 }
    this.works.push({ queue, ...empty, finished: new Set(), underWay: new Map(), again: [], attempts: new Map() })
  }

  /** Progress as the log tells it. */
  recover(topic: string, queue: number, offset: number): void {
    const work = this.works.find((one) => one.queue.topic === topic && one.queue.number === queue)
    if (work !== undefined) work.progress = offset
  }

  subscribe(consumer: string, members: readonly string[]): void {
    if (this.live.has(consumer)) return
    const nth = (this.subscribed.get(consumer) ?? 0) + 1
    this.subscribed.set(consumer, nth)
    this.gone.delete(consumer)
    if (!this.rules.serves(this.name, nth, this.life())) return
    this.live.set(consumer, members)
    this.deal()
  }

  unsubscribe(consumer: string): void {
    this.gone.add(consumer)
    if (this.live.delete(consumer)) this.deal()
  }

  has(consumer: string): boolean {
    return this.live.has(consumer) || this.subscribed.has(consumer)
  }

  /** A queue belongs to the member whose turn it is; to another one only once that one has left. */
  private ownerOf(index: number): string | null {
    const [members = []] = this.live.values()
    const turn = members[index % members.length] ?? ''
    if (this.live.has(turn)) return turn
    const left = [...this.live.keys()]
    return this.gone.has(turn) ? (left[index % left.length] ?? null) : null
  }

  private deal(): void {
    for (const [index, work] of this.works.entries()) {
      const owner = this.ownerOf(index)
      if (owner === work.owner) continue
      work.owner = owner
      work.underWay.clear()
      work.finished.clear()
      work.again.length = 0
      if (owner === null) continue
      const { topic, number, messages } = work.queue
      work.progress = this.rules.resumes(work.progress, messages.length, this.name, this.life())
      work.next = work.progress
      const from = work.progress === 0 ? 'none' : 'stored'
      if (this.rules.tellsProgress) this.sink.say({ type: 'assigned', consumer: owner, topic, queue: number, offset: work.progress, from })
    }
    this.pump()
  }

  /** Delivers what the windows have room for. */
  pump(): void {
    for (const work of this.works) {
      const { messages } = work.queue
      while (work.owner !== null && work.underWay.size < WINDOW) {
        const again = work.again.shift()
        if (again === undefined && (work.next >= messages.length || messages[work.next] === undefined)) break
        this.deliver(work, work.owner, again ?? work.next++)
      }
    }
  }

  private deliver(work: Work, consumer: string, offset: number): void {
    const payload = work.queue.messages[offset]
    if (typeof payload !== 'string') {
      this.finish(work, consumer, offset)
      return
    }
    const kept = this.rules.keptAtDelivery(offset)
    if (kept !== null && kept > work.kept) this.sink.keep(this.name, work.queue, (work.kept = kept))
    const delivery = ++deliveries
    const { topic, number: queue } = work.queue
    const attempt = work.attempts.get(offset) ?? 0
    for (let copy = 0; copy < this.rules.copies(delivery); copy++) {
      const name = copy === 0 ? delivery : ++deliveries
      work.underWay.set(name, offset)
      this.sink.say({
        type: 'deliver',
        delivery: name,
        consumer,
        topic,
        queue,
        offset,
        payload: this.rules.shown(payload, delivery),
        attempt,
      })
    }
  }

  settle(consumer: string, delivery: number, done: boolean): void {
    const work = this.works.find((one) => one.owner === consumer && one.underWay.has(delivery))
    const offset = work?.underWay.get(delivery)
    if (work === undefined || offset === undefined) return
    work.underWay.delete(delivery)
    if (done) this.finish(work, consumer, offset)
    else {
      work.attempts.set(offset, (work.attempts.get(offset) ?? 0) + 1)
      work.again.push(offset)
    }
    this.pump()
  }

  private finish(work: Work, consumer: string, offset: number): void {
    work.finished.add(offset)
    work.attempts.delete(offset)
    const to = this.rules.progress(work.progress, work.finished)
    if (to <= work.progress) return
    for (const one of work.finished) if (one < to) work.finished.delete(one)
    work.progress = to
    const { topic, number } = work.queue
    if (this.rules.keptAtDelivery(to) === null) this.sink.keep(this.name, work.queue, to)
    if (this.rules.tellsProgress) this.sink.say({ type: 'committed', consumer, topic, queue: number, offset: to })
  }
}
