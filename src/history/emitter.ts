/** What every event has in common: when and by whom it is said, its number, and its part in the trace hash. */
import { mix, mixWide } from '../plan/hash.ts'
import type { Us } from '../plan/units.ts'
import type { Event } from './event.ts'

export class Emitter {
  /** Set by the world before each step: the true time and the process that speaks. */
  t: Us = 0
  p = ''
  hash: number
  private readonly sink: (event: Event) => void
  protected count: number

  constructor(sink: (event: Event) => void, hash = 0x6d71, count = 0) {
    this.sink = sink
    this.hash = hash
    this.count = count
  }

  get length(): number {
    return this.count
  }

  /** Folds a step of the world into the trace hash. */
  step(time: Us, tie: number, to: number): void {
    this.hash = mix(mix(mixWide(this.hash, time), tie), to)
  }

  protected emit(event: Event, kind: number, a: number, b: number, c: number): void {
    this.count++
    this.hash = mix(mix(mix(mix(this.hash, kind), a), b), c)
    this.sink(event)
  }
}
