/** An effect that is told several times over, and counts once. */
import type { Effect } from '../target.ts'

/** A fault tells of its effect once, over however many links and bytes it acts; and of every kind that it also became. */
export function once(effect: Effect): Effect {
  let told = false
  return (also) => {
    if (told && also === undefined) return
    told = true
    effect(also)
  }
}
