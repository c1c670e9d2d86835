/**
 * The last of the luck. A plan that fails under the calm policy needs none; for the others the choices that were not benign are
 * written into the plan, where they can be deleted and made smaller like anything else.
 */
import type { Noise, Plan } from '../plan/plan.ts'
import { ddmin, firstOf, within, type Shrinking } from './shrinking.ts'
import { eachOf } from './shrink-values.ts'

/** Without luck: whatever the plan leaves open is benign. */
export function calmed(plan: Plan): Plan {
  const calm: Plan = { ...plan, policy: 'calm', seed: 0 }
  delete calm.noise
  return calm
}

/** With exactly this luck: the seed no longer matters. */
export const withNoise = (plan: Plan, noise: readonly Noise[]): Plan => ({ ...plan, policy: 'calm', seed: 0, noise: [...noise] })

function* smaller(one: Noise): Iterable<Noise> {
  for (let value = 1; value < one.value; value *= 2) yield { ...one, value }
}

export function* shrinkNoise(plan: Plan): Shrinking<Plan> {
  if (plan.noise === undefined) return plan
  const fewer = yield* within(plan, ddmin(plan.noise), (noise) => withNoise(plan, noise))
  // No luck at all is what calm means.
  if (fewer.noise?.length === 0) return yield* firstOf(fewer, [calmed(fewer)])
  return yield* within(fewer, eachOf(fewer.noise ?? [], smaller), (noise) => withNoise(fewer, noise))
}
