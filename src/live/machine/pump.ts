/** One direction of a proxy: the faults that lie on it, and for each connection the pump that moves its bytes. */
import type { Socket } from 'node:net'

/** Bytes held back beyond this make the sender wait. */
const HELD_MAX = 1_048_576

interface Cutting {
  readonly effect: () => void
}
interface Delaying {
  readonly byMs: number
  readonly effect: () => void
}

/** One direction of all of a proxy's connections. */
export class Lane {
  private readonly cuts = new Set<Cutting>()
  private readonly delays = new Set<Delaying>()
  /** Their sum. */
  delayMs = 0

  get isCut(): boolean {
    return this.cuts.size > 0
  }

  cut(effect: () => void): () => void {
    const one = { effect }
    this.cuts.add(one)
    return () => void this.cuts.delete(one)
  }

  delay(byMs: number, effect: () => void): () => void {
    const one = { byMs, effect }
    this.delays.add(one)
    this.delayMs += byMs
    return () => {
      if (this.delays.delete(one)) this.delayMs -= byMs
    }
  }

  /** Asked with something at hand: whether a cut takes it. */
  swallows(): boolean {
    for (const { effect } of this.cuts) effect()
    return this.isCut
  }

  /** Told that something is held back. */
  holds(): void {
    for (const { effect } of this.delays) effect()
  }
}

/** What is held back: bytes, or with null the end of the stream. */
interface Held {
  readonly dueMs: number
  readonly bytes: Buffer | null
}

export class Pump {
  private readonly from: Socket
  private readonly to: Socket
  private readonly lane: Lane
  private readonly swallowed: () => void
  private readonly held: Held[] = []
  private heldBytes = 0
  private timer: NodeJS.Timeout | undefined

  constructor(from: Socket, to: Socket, lane: Lane, swallowed: () => void) {
    this.from = from
    this.to = to
    this.lane = lane
    this.swallowed = swallowed
    from.on('data', (bytes: Buffer) => this.pass(bytes))
    from.on('end', () => this.pass(null))
    from.on('error', () => undefined)
    from.on('close', (failed) => this.closed(failed))
    to.on('drain', () => this.resume())
  }

  private pass(bytes: Buffer | null): void {
    if (this.lane.swallows()) return this.swallowed()
    if (this.lane.delayMs > 0 || this.held.length > 0) this.hold(bytes)
    else this.forward(bytes)
  }

  private forward(bytes: Buffer | null): void {
    if (bytes === null) this.to.end()
    else if (!this.to.write(bytes)) this.from.pause()
  }

  private hold(bytes: Buffer | null): void {
    if (this.lane.delayMs > 0) this.lane.holds()
    const last = this.held.at(-1)?.dueMs ?? 0
    this.held.push({ dueMs: Math.max(last, performance.now() + this.lane.delayMs), bytes })
    this.heldBytes += bytes?.length ?? 0
    if (this.heldBytes > HELD_MAX) this.from.pause()
    this.timer ??= setTimeout(() => this.release(), this.waitMs())
  }

  private waitMs(): number {
    return Math.max(0, Math.ceil((this.held[0]?.dueMs ?? 0) - performance.now()))
  }

  private release(): void {
    this.timer = undefined
    while (this.held.length > 0 && this.waitMs() === 0) {
      const bytes = this.held.shift()?.bytes ?? null
      this.heldBytes -= bytes?.length ?? 0
      this.forward(bytes)
    }
    if (this.held.length > 0) this.timer = setTimeout(() => this.release(), this.waitMs())
    this.resume()
  }

  private resume(): void {
    if (this.heldBytes <= HELD_MAX && !this.to.writableNeedDrain) this.from.resume()
  }

  /** An end in good order has been passed on already; a reset overtakes what is held back. */
  private closed(failed: boolean): void {
    if (!failed) return
    if (this.lane.swallows()) return this.swallowed()
    clearTimeout(this.timer)
    this.to.resetAndDestroy()
  }
}
