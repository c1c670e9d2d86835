/**
 * A clock that a test owns: timers and `performance.now` of this thread run by it, and it moves as soon as nobody has anything to do.
 * A live round of ten seconds takes as long as its work takes.
 */
import { vi } from 'vitest'

interface Due {
  readonly atMs: number
  readonly order: number
  readonly everyMs: number | null
  readonly run: () => void
}

/** Turns of the event loop after which streams and promises have passed on what they had. */
const TURNS = 2

export class VirtualTime {
  private nowMs = 1000
  private order = 0
  private readonly due = new Map<object, Due>()

  install(): void {
    const arm = (run: () => void, afterMs: number, everyMs: number | null): object => {
      const handle = { ref: () => handle, unref: () => handle, hasRef: () => true, [Symbol.toPrimitive]: () => 0 }
      this.due.set(handle, { atMs: this.nowMs + Math.max(0, afterMs), order: this.order++, everyMs, run })
      return handle
    }
    const clear = (handle: object | undefined): void => {
      if (handle !== undefined) this.due.delete(handle)
    }
    vi.stubGlobal('setTimeout', (run: () => void, afterMs = 0) => arm(run, afterMs, null))
    vi.stubGlobal('setInterval', (run: () => void, everyMs: number) => arm(run, everyMs, everyMs))
    vi.stubGlobal('clearTimeout', clear)
    vi.stubGlobal('clearInterval', clear)
    vi.spyOn(performance, 'now').mockImplementation(() => this.nowMs)
  }

  uninstall(): void {
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  }

  /** Lets time pass until the work is done. */
  async during<T>(work: Promise<T>): Promise<T> {
    let over = false
    const done = work.finally(() => (over = true))
    done.catch(() => undefined)
    for (;;) {
      for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve))
      if (over) return done
      this.next()
    }
  }

  private next(): void {
    let first: [object, Due] | undefined
    for (const one of this.due) {
      if (first === undefined || one[1].atMs < first[1].atMs || (one[1].atMs === first[1].atMs && one[1].order < first[1].order))
        first = one
    }
    if (first === undefined) throw new Error('everybody waits, and nobody for the clock')
    const [handle, due] = first
    this.nowMs = Math.max(this.nowMs, due.atMs)
    if (due.everyMs === null) this.due.delete(handle)
    else this.due.set(handle, { ...due, atMs: this.nowMs + due.everyMs, order: this.order++ })
    due.run()
  }
}
