/**
 * Lets a world live at the pace of the wall clock: what is due happens, what comes from outside happens now. What the world says is
 * handed on only after its step, so that whoever hears it may act on the world at once.
 */
import type { Event } from '../history/event.ts'
import type { World } from '../sim/world.ts'

export class Pump<Node extends object, Rules extends object> {
  private readonly world: World<Node, Rules>
  private readonly origin = performance.now()
  private readonly hear: (event: Event) => void
  private readonly said: Event[] = []
  private speaking = false
  private timer: NodeJS.Timeout | null = null
  private stopped = false

  constructor(world: (sink: (event: Event) => void) => World<Node, Rules>, hear: (event: Event) => void) {
    this.world = world((event) => this.said.push(event))
    this.hear = hear
  }

  /** Something from outside happens to the world, now. */
  act<T>(what: (world: World<Node, Rules>) => T): T {
    this.catchUp()
    const given = what(this.world)
    this.turn()
    return given
  }

  stop(): void {
    this.stopped = true
    if (this.timer !== null) clearTimeout(this.timer)
  }

  private turn(): void {
    this.catchUp()
    this.speak()
    this.arm()
  }

  private catchUp(): void {
    const now = Math.max(this.world.now, Math.floor((performance.now() - this.origin) * 1000))
    while (this.world.advance(now));
    this.world.now = now
  }

  private speak(): void {
    if (this.speaking) return
    this.speaking = true
    try {
      for (let event = this.said.shift(); event !== undefined; event = this.said.shift()) this.hear(event)
    } finally {
      this.speaking = false
    }
  }

  private arm(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    const next = this.world.agenda.peek()
    if (this.stopped || next === undefined) return
    this.timer = setTimeout(() => this.turn(), Math.max(0, (next.time - this.world.now) / 1000))
  }
}
