/** What every event has in common: when and by whom it is said, its number, and its part in the trace hash. */
import { hashName, mix, mixWide } from '../plan/hash.ts'
import type { Us } from '../plan/units.ts'
import { Digest } from './digest.ts'
import type { Event } from './event.ts'
import type { Imprint } from './imprint.ts'

export class Emitter {
  /** Set by the world before each step: the true time and the process that speaks. */
  t: Us = 0
  p = ''
  private readonly digest: Digest
  private readonly sink: (event: Event) => void
  protected count: number

  constructor(sink: (event: Event) => void, hash = 0x6d71, count = 0) {
    this.sink = sink
    this.digest = new Digest(hash)
    this.count = count
  }

  get hash(): number {
    return this.digest.hash
  }

  get length(): number {
    return this.count
  }

  /** Folds a step of the world into the trace hash. */
  step(time: Us, tie: number, to: number): void {
    this.digest.hash = mix(mix(mixWide(this.digest.hash, time), tie), to)
  }

  /** `v` is what the event says, `op` of which operation; its time is that of the step. */
  protected emit<V>(event: Event, imprint: Imprint<V>, v: V, op: number): void {
    const { digest } = this
    this.count++
    digest.whole(imprint.sort).whole(op)
    imprint.add(digest, v)
    digest.seal(hashName(event.p))
    this.sink(event)
  }
}
