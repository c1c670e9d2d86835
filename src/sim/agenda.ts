/** What is still to happen, ordered by (time, tie, key, age). The tie is a choice, so simultaneous events come in every order. */
import { ms, seconds, type Us } from '../plan/units.ts'

export type EntryKind = 'message' | 'refused' | 'reset' | 'timer' | 'clock' | 'forced' | 'saved' | 'fault' | 'churn' | 'start' | 'wake'

/**
 * One thing to happen at one node: one class for every kind, so that the loop stays monomorphic. A value: never changed, shared freely.
 * `name` is a timer's or a file's; `a` and `b` are small numbers whose meaning is the kind's; `body` is a message or a saved value.
 * A message's `a` is the incarnation of its sender; that of a `reset` is the first whose connections are not concerned.
 */
export class Entry {
  readonly time: Us
  readonly tie: number
  /** Names content and cause; choices made while handling this entry derive from it. */
  readonly key: number
  readonly kind: EntryKind
  readonly to: number
  readonly from: number
  /** The incarnation it is meant for; -1: any. A timer of a dead process is dropped by it. */
  readonly epoch: number
  readonly name: string
  readonly a: number
  readonly b: number
  readonly body: unknown
  constructor(
    time: Us,
    tie: number,
    key: number,
    kind: EntryKind,
    to: number,
    from: number,
    epoch: number,
    name: string,
    a: number,
    b: number,
    body: unknown,
  ) {
    this.time = time
    this.tie = tie
    this.key = key
    this.kind = kind
    this.to = to
    this.from = from
    this.epoch = epoch
    this.name = name
    this.a = a
    this.b = b
    this.body = body
  }
}

const before = (x: Entry, y: Entry): boolean => {
  if (x.time !== y.time) return x.time < y.time
  if (x.tie !== y.tie) return x.tie >>> 0 < y.tie >>> 0
  return x.key >>> 0 < y.key >>> 0
}

/** What is due within this time is kept in order. */
const SOON = ms(250)
/** What is due within this time is looked through whenever soon begins anew. */
const LATER = seconds(8)

function firstTime(entries: readonly Entry[]): Us {
  let first = Infinity
  for (const { time } of entries) if (time < first) first = time
  return first
}

/**
 * A binary heap of what is due soon, a list of what is due later, and one of the rest: most entries are due at once, and need not be
 * compared with timers that are far off; a load has thousands of those. Equal entries (same time, tie and key) can only be copies of one
 * another.
 */
export class Agenda {
  private readonly heap: Entry[]
  private later: Entry[]
  private rest: Entry[]
  /** Entries below `horizon` are in the heap, others below `farHorizon` in `later`. Invariant: horizon ≤ farHorizon. */
  private horizon: Us
  private farHorizon: Us

  constructor(heap: Entry[] = [], later: Entry[] = [], rest: Entry[] = [], horizon: Us = SOON, farHorizon: Us = LATER) {
    this.heap = heap
    this.later = later
    this.rest = rest
    this.horizon = horizon
    this.farHorizon = farHorizon
  }

  copy(): Agenda {
    return new Agenda(this.heap.slice(), this.later.slice(), this.rest.slice(), this.horizon, this.farHorizon)
  }

  get size(): number {
    return this.heap.length + this.later.length + this.rest.length
  }

  peek(): Entry | undefined {
    if (this.heap.length === 0) this.moveOn()
    return this.heap[0]
  }

  /** Nothing is due soon: soon begins at the first of what is due later, and later, if nothing is, at the first of the rest. */
  private moveOn(): void {
    if (this.later.length === 0) {
      if (this.rest.length === 0) return
      const waiting = this.rest
      this.farHorizon = LATER + firstTime(waiting)
      this.rest = []
      for (const entry of waiting) this.push(entry)
    }
    const waiting = this.later
    this.horizon = Math.min(SOON + firstTime(waiting), this.farHorizon)
    this.later = []
    for (const entry of waiting) this.push(entry)
  }

  push(entry: Entry): void {
    const { time } = entry
    if (time >= this.horizon) {
      if (time >= this.farHorizon) this.rest.push(entry)
      else this.later.push(entry)
      return
    }
    const heap = this.heap
    let child = heap.length
    heap.push(entry)
    while (child > 0) {
      const parent = (child - 1) >> 1
      const above = heap[parent] as Entry
      if (!before(entry, above)) break
      heap[child] = above
      child = parent
    }
    heap[child] = entry
  }

  pop(): Entry | undefined {
    const heap = this.heap
    const top = this.peek()
    const last = heap.pop()
    if (top === undefined || last === undefined || top === last) return top
    const size = heap.length
    let hole = 0
    for (;;) {
      let child = 2 * hole + 1
      if (child >= size) break
      const right = child + 1
      if (right < size && before(heap[right] as Entry, heap[child] as Entry)) child = right
      const below = heap[child] as Entry
      if (!before(below, last)) break
      heap[hole] = below
      hole = child
    }
    heap[hole] = last
    return top
  }
}
