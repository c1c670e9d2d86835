/** Pulls a plan together in time: gaps between what happens close, and durations get short and round. */
import type { Plan } from '../plan/plan.ts'
import type { Us } from '../plan/units.ts'
import { firstOf, simplerTimes, type Shrinking } from './shrinking.ts'

const moments = (plan: Plan): Us[] => [...new Set([...plan.workload, ...plan.faults].map((one) => one.atUs))].sort((x, y) => x - y)

/** Everything from a time on happens earlier. */
function earlier(plan: Plan, fromUs: Us, byUs: Us): Plan {
  const move = <T extends { readonly atUs: Us }>(one: T): T => (one.atUs >= fromUs ? { ...one, atUs: one.atUs - byUs } : one)
  return { ...plan, workload: plan.workload.map(move), faults: plan.faults.map(move) }
}

function* shrinkGaps(plan: Plan): Shrinking<Plan> {
  let best = plan
  for (let k = 0; k < moments(best).length;) {
    const times = moments(best)
    const at = times[k] ?? 0
    const gap = at - (k === 0 ? 0 : (times[k - 1] ?? 0))
    const before = best
    best = yield* firstOf(
      best,
      simplerTimes(gap).map((shorter) => earlier(before, at, gap - shorter)),
    )
    // A gap that closed altogether made two moments one: the next is now at the same index.
    if (moments(best).length === times.length) k++
  }
  return best
}

function* shrinkDurations(plan: Plan): Shrinking<Plan> {
  let best = plan
  for (let index = 0; index < best.faults.length; index++) {
    const before = best
    const fault = before.faults[index]
    if (fault === undefined || !('forUs' in fault)) continue
    const shorter = simplerTimes(fault.forUs).filter((time) => time > 0)
    best = yield* firstOf(
      best,
      shorter.map((forUs) => ({ ...before, faults: before.faults.with(index, { ...fault, forUs }) })),
    )
  }
  return best
}

export function* shrinkTimes(plan: Plan): Shrinking<Plan> {
  return yield* shrinkDurations(yield* shrinkGaps(plan))
}
