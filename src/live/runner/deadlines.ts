/** The deadlines of what is under way. All have the same limit, so they fall due in the order in which they began: a queue does. */

export interface Expiring {
  /** It has ended, or nobody waits for it any more. */
  readonly over: boolean
  readonly dueMs: number
  expire(): void
}

/** How exact a deadline is. */
const SWEEP_MS = 25

export class Deadlines {
  readonly limitMs: number
  private queue: Expiring[] = []
  private head = 0
  private readonly timer: NodeJS.Timeout

  constructor(limitMs: number) {
    this.limitMs = limitMs
    this.timer = setInterval(() => this.sweep(performance.now()), SWEEP_MS)
  }

  add(one: Expiring): void {
    this.queue.push(one)
  }

  private sweep(nowMs: number): void {
    for (let first = this.queue[this.head]; first !== undefined; first = this.queue[this.head]) {
      if (!first.over && first.dueMs > nowMs) break
      this.head++
      if (!first.over) first.expire()
    }
    if (this.head * 2 < this.queue.length) return
    this.queue = this.queue.slice(this.head)
    this.head = 0
  }

  close(): void {
    clearInterval(this.timer)
  }
}
