/** Deadlines by the thousand: one coarse timer for all of them, since a timer for each request would cost more than the request. */

const TICK_MS = 50

export class Wheel<T> {
  private readonly slots = new Map<number, T[]>()
  private readonly due: (item: T) => void
  private timer: NodeJS.Timeout | null = null
  /** The next slot to look at. */
  private at = 0

  /** `due` is told of each item whose time has come; whether that still matters is its own business. */
  constructor(due: (item: T) => void) {
    this.due = due
  }

  add(item: T, afterMs: number): void {
    if (this.timer === null) {
      this.at = Math.floor(performance.now() / TICK_MS)
      this.timer = setInterval(() => {
        this.turn()
      }, TICK_MS)
    }
    // Rounded up: nobody is called late before their time.
    const slot = Math.ceil((performance.now() + afterMs) / TICK_MS)
    const items = this.slots.get(slot)
    if (items === undefined) this.slots.set(slot, [item])
    else items.push(item)
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer)
    this.timer = null
    this.slots.clear()
  }

  private turn(): void {
    const now = Math.floor(performance.now() / TICK_MS)
    for (; this.at <= now; this.at++) {
      const items = this.slots.get(this.at)
      this.slots.delete(this.at)
      for (const item of items ?? []) this.due(item)
    }
    if (this.slots.size === 0) this.stop()
  }
}
