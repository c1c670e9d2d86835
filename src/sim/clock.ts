/** A node's clock: a steady part that may run fast or slow, and an offset by which the wall clock is wrong. */
import { EPOCH, type Us } from '../plan/units.ts'

export interface Clock {
  /** The steady clock showed `base` at true time `since`, and has gained `ppm` microseconds a second ever since. */
  base: Us
  since: Us
  ppm: number
  /** Wall clock minus steady clock. */
  offset: Us
}

export { EPOCH }

export const newClock = (): Clock => ({ base: 0, since: 0, ppm: 0, offset: EPOCH })

export function steady(clock: Clock, now: Us): Us {
  const elapsed = now - clock.since
  if (clock.ppm === 0) return clock.base + elapsed
  return clock.base + elapsed + Math.floor((elapsed * clock.ppm) / 1_000_000)
}

/** How long a span of the node's time takes in true time, rounded up: a timer never fires early by its own clock. */
export function trueSpan(clock: Clock, span: Us): Us {
  if (clock.ppm === 0) return span
  return Math.ceil((span * 1_000_000) / (1_000_000 + clock.ppm))
}

export function setPace(clock: Clock, now: Us, ppm: number): void {
  clock.base = steady(clock, now)
  clock.since = now
  clock.ppm = ppm
}
