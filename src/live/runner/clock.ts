/**
 * The two clocks of a live round. Events carry the time that really passed. Plans are paced by a second clock, which can be held: where
 * a broker takes longer to come up than the plan says, what was planned for afterwards still happens afterwards.
 */
import type { Us } from '../../plan/units.ts'

/** Real time since the round began; whole microseconds, and never back. */
export class RoundClock {
  private startMs = -1

  start(): void {
    this.startMs = performance.now()
  }

  /** Before the start it is always the beginning. */
  now(): Us {
    return this.startMs < 0 ? 0 : Math.floor((performance.now() - this.startMs) * 1000)
  }
}

interface Waiting {
  readonly dueUs: Us
  /** Whatever is due later waits until this has been acted upon, however late it is: it may hold the time. */
  readonly first: boolean
  readonly wake: () => void
}

/** How long a busy round may go on before everybody else has a turn. */
const TURN_MS = 4

/** Waits by the plan's own time. One timer for all: a round may have hundreds of threads that wait. */
export class Pacer {
  private readonly clock: RoundClock
  /** A binary heap, the earliest first. */
  private readonly heap: Waiting[] = []
  private timer: NodeJS.Timeout | null = null
  private armedUs = Infinity
  private holds = 0
  private heldSinceUs = 0
  private heldUs = 0
  private turnEndMs = 0
  private turn: Promise<void> | null = null

  constructor(clock: RoundClock) {
    this.clock = clock
  }

  now(): Us {
    return (this.holds > 0 ? this.heldSinceUs : this.clock.now()) - this.heldUs
  }

  /** The plan's time stands still until as many releases. */
  hold(): void {
    if (this.holds++ === 0) this.heldSinceUs = this.clock.now()
    this.arm()
  }

  release(): void {
    if (--this.holds === 0) this.heldUs += this.clock.now() - this.heldSinceUs
    this.arm()
  }

  until(dueUs: Us, first = false): Promise<void> {
    return new Promise((wake) => {
      this.push({ dueUs, first, wake })
      if (dueUs < this.armedUs) this.arm()
    })
  }

  /** Whether timers, sockets and signals have waited for long enough. */
  get crowded(): boolean {
    return performance.now() > this.turnEndMs
  }

  /** Lets them have their turn. */
  giveWay(): Promise<void> {
    this.turn ??= new Promise((resolve) => {
      setImmediate(() => {
        this.turn = null
        this.turnEndMs = performance.now() + TURN_MS
        resolve()
      })
    })
    return this.turn
  }

  /** Nobody is woken any more. */
  close(): void {
    this.heap.length = 0
    if (this.timer !== null) clearTimeout(this.timer)
  }

  private arm(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    const [first] = this.heap
    this.armedUs = Infinity
    if (first === undefined || this.holds > 0) return
    this.armedUs = first.dueUs
    this.timer = setTimeout(() => this.wakeAll(), Math.max(0, (first.dueUs - this.now()) / 1000))
  }

  /** The timer is armed again at once where somebody is already due. */
  private wakeAll(): void {
    const now = this.now()
    for (let next = this.heap[0]; next !== undefined && next.dueUs <= now; next = this.heap[0]) {
      this.pop()
      next.wake()
      if (next.first) break
    }
    this.arm()
  }

  private push(one: Waiting): void {
    const { heap } = this
    let k = heap.length
    heap.push(one)
    while (k > 0) {
      const parent = (k - 1) >> 1
      const above = heap[parent] as Waiting
      if (above.dueUs <= one.dueUs) break
      heap[k] = above
      k = parent
    }
    heap[k] = one
  }

  private pop(): void {
    const { heap } = this
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let k = 0
    for (let child = 1; child < heap.length; child = 2 * k + 1) {
      if (child + 1 < heap.length && (heap[child + 1] as Waiting).dueUs < (heap[child] as Waiting).dueUs) child++
      if ((heap[child] as Waiting).dueUs >= last.dueUs) break
      heap[k] = heap[child] as Waiting
      k = child
    }
    heap[k] = last
  }
}
