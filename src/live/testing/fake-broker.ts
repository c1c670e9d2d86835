/** A broker in memory for the runner's tests: honest, unless a quirk says otherwise. It keeps what it acknowledged over restarts. */
import { NO_LABELS, type Labels } from '../../plan/labels.ts'
import { wantsOf } from '../../plan/subscription.ts'
import type { ConsumerEvents, ConsumerSpec, Delivery, GroupSetup, Shown, TopicSetup } from '../target.ts'

/** What it does wrong. `every` n: to each n-th message that it stores. */
export interface Quirks {
  readonly losesEvery?: number
  readonly storesTwiceEvery?: number
  readonly corruptsEvery?: number
  /** Every n-th message takes the place of the one before it. */
  readonly swapsEvery?: number
  /** A restart forgets what was not consumed. */
  readonly forgets?: boolean
  /** What a listener fails does not come back. */
  readonly dropsFailed?: boolean
  /** Consumers are forgotten by a restart, and get nothing until they come anew. */
  readonly forgetsConsumers?: boolean
  /** Groups that choose are given everything. */
  readonly givesUnwanted?: boolean
  /** After a restart this group is given nothing, whoever asks. */
  readonly deafens?: string
}

const PREFETCH = 100

interface Taker {
  readonly spec: ConsumerSpec
  readonly events: ConsumerEvents
}

/** A listener that keeps order is given the next message when it has finished the one before. */
const atATime = ({ spec }: Taker): number => (spec.listener === 'orderly' ? 1 : PREFETCH)

/** A group's view of one queue. */
interface Cursor {
  readonly group: string
  readonly topic: string
  readonly queue: number
  next: number
  committed: number
  readonly again: number[]
  readonly out: Set<number>
  readonly done: Set<number>
  readonly attempts: Map<number, number>
  taker: Taker | null
  /** Deliveries of an earlier one can't be settled any more. */
  epoch: number
}

export class FakeBroker {
  up = true
  paused = false
  private stored = 0
  private turn = 0
  private readonly quirks: Quirks
  private readonly offsets: boolean
  private readonly commits: boolean
  private readonly logs = new Map<string, Uint8Array[][]>()
  private cursors: Cursor[] = []
  private restarted = false
  private readonly labels = new WeakMap<Uint8Array, Labels>()

  constructor(quirks: Quirks, shows: { readonly offsets: boolean; readonly commits: boolean }) {
    this.quirks = quirks
    this.offsets = shows.offsets
    this.commits = shows.commits
  }

  setUp(topics: readonly TopicSetup[], groups: readonly GroupSetup[]): void {
    for (const { topic, queues } of topics)
      this.logs.set(
        topic,
        Array.from({ length: queues }, () => []),
      )
    for (const { group, topics: wanted } of groups) for (const topic of wanted) this.addCursors(group, topic)
  }

  private addCursors(group: string, topic: string): void {
    this.logs.get(topic)?.forEach((_, queue) => {
      const empty = {
        next: 0,
        committed: 0,
        again: [],
        out: new Set<number>(),
        done: new Set<number>(),
        attempts: new Map<number, number>(),
      }
      this.cursors.push({ group, topic, queue, ...empty, taker: null, epoch: 0 })
    })
  }

  tearDown(topics: readonly TopicSetup[], groups: readonly GroupSetup[]): void {
    for (const { topic } of topics) this.logs.delete(topic)
    this.cursors = this.cursors.filter((cursor) => groups.every(({ group }) => group !== cursor.group))
  }

  log(topic: string, queue: number): readonly Uint8Array[] {
    return this.logs.get(topic)?.[queue] ?? []
  }

  get isEmpty(): boolean {
    return this.logs.size === 0 && this.cursors.length === 0
  }

  private hits(every: number | undefined): boolean {
    return every !== undefined && this.stored % every === 0
  }

  append(topic: string, wanted: number | null, payload: Uint8Array, labels = NO_LABELS): Shown {
    const queues = this.logs.get(topic)
    if (queues === undefined) throw new Error(`no topic ${topic}`)
    const number = wanted ?? this.turn++ % queues.length
    const log = queues[number] ?? []
    this.stored++
    this.labels.set(payload, labels)
    const offset = this.hits(this.quirks.swapsEvery) && log.length > 0 ? log.length - 1 : log.length
    if (!this.hits(this.quirks.losesEvery)) log.splice(offset, 0, this.hits(this.quirks.corruptsEvery) ? damaged(payload) : payload)
    if (this.hits(this.quirks.storesTwiceEvery)) log.push(payload)
    for (const cursor of this.cursors) if (cursor.topic === topic && cursor.queue === number) setImmediate(() => this.pump(cursor))
    return { queue: number, offset: this.offsets ? offset : -1, at: -1, broker: 'b1' }
  }

  private pump(cursor: Cursor): void {
    const log = this.log(cursor.topic, cursor.queue)
    const deaf = this.restarted && this.quirks.deafens !== undefined && cursor.group.includes(this.quirks.deafens)
    while (this.up && !this.paused && !deaf && cursor.taker !== null && cursor.out.size < atATime(cursor.taker)) {
      const offset = cursor.again.shift() ?? (cursor.next < log.length ? cursor.next++ : -1)
      const payload = log[offset]
      if (payload === undefined) return
      if (wantsOf(cursor.taker.spec)?.(this.labels.get(payload) ?? NO_LABELS) === false && this.quirks.givesUnwanted !== true) {
        this.pass(cursor, offset)
        continue
      }
      cursor.out.add(offset)
      const attempt = cursor.attempts.get(offset) ?? 0
      cursor.attempts.set(offset, attempt + 1)
      cursor.taker.events.delivered(this.delivery(cursor, offset, payload, attempt))
    }
  }

  private delivery(cursor: Cursor, offset: number, payload: Uint8Array, attempt: number): Delivery {
    const { topic, queue, epoch } = cursor
    return {
      topic,
      queue,
      offset: this.offsets ? offset : -1,
      payload,
      attempt,
      settle: (done) => {
        if (this.up && cursor.epoch === epoch) this.settled(cursor, offset, done)
        return Promise.resolve()
      },
    }
  }

  private settled(cursor: Cursor, offset: number, done: boolean): void {
    if (!cursor.out.delete(offset)) return
    if (done || this.quirks.dropsFailed === true) this.pass(cursor, offset)
    else cursor.again.push(offset)
    setImmediate(() => this.pump(cursor))
  }

  /** The group is done with it. */
  private pass(cursor: Cursor, offset: number): void {
    cursor.done.add(offset)
    const before = cursor.committed
    while (cursor.done.has(cursor.committed)) cursor.committed++
    if (this.commits && cursor.committed > before) cursor.taker?.events.committed(cursor.topic, cursor.queue, cursor.committed)
  }

  /** Its consumer is gone: what that had in hand goes to the next. */
  private release(cursor: Cursor): void {
    cursor.epoch++
    cursor.again.unshift(...[...cursor.out].sort((x, y) => x - y))
    cursor.out.clear()
  }

  join(spec: ConsumerSpec, events: ConsumerEvents): () => void {
    const taker = { spec, events }
    const own = this.cursors.filter(
      ({ group, topic, queue }) =>
        group === spec.group && spec.topics.some((one) => one.topic === topic) && spec.members[queue % spec.members.length] === spec.name,
    )
    for (const cursor of own) {
      cursor.taker = taker
      if (this.commits) events.assigned(cursor.topic, cursor.queue, cursor.committed, cursor.committed > 0 ? 'stored' : 'none')
      setImmediate(() => this.pump(cursor))
    }
    return () => {
      for (const cursor of own) {
        if (cursor.taker !== taker) continue
        cursor.taker = null
        this.release(cursor)
      }
    }
  }

  stop(): void {
    this.up = false
    this.paused = false
    this.restarted = true
    for (const cursor of this.cursors) {
      this.release(cursor)
      if (this.quirks.forgetsConsumers === true) cursor.taker = null
    }
    if (this.quirks.forgets !== true) return
    for (const [topic, queues] of this.logs)
      for (const queue of queues.keys()) queues[queue] = this.log(topic, queue).slice(0, this.firstOpen(topic, queue))
  }

  private firstOpen(topic: string, queue: number): number {
    return Math.min(...this.cursors.filter((one) => one.topic === topic && one.queue === queue).map((one) => one.next), Infinity)
  }

  goOn(): void {
    this.up = true
    this.paused = false
    for (const cursor of this.cursors) this.pump(cursor)
  }
}

const damaged = (payload: Uint8Array): Uint8Array => payload.map((byte, k) => (k === payload.length - 12 ? byte ^ 1 : byte))
