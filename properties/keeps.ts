/** How properties of the guarantees are put: over any plan of a preset, what the contract demands is kept, and was put to the test. */
import fc from 'fast-check'
import { expect } from 'vitest'
import { planArbitrary } from '../src/generate/plans.ts'
import { presetOf } from '../src/generate/presets.ts'
import { check, simulate, VERSION, type Plan } from '../src/index.ts'

/** The same plans every time: a property that turns red does so because of a change. Campaigns look further. */
const SEED = 20_260_731
/** A guarantee that fewer runs could have broken was not tested. */
const EXERCISED_MIN = 10

export const anyPlan = (preset: string): fc.Arbitrary<Plan> => planArbitrary(presetOf(preset), { system: 'rocketmq', version: VERSION })

export function holds<T>(arbitrary: fc.Arbitrary<T>, numRuns: number, law: (value: T) => void): void {
  const property = fc.property(arbitrary, (value) => {
    law(value)
  })
  fc.assert(property, { numRuns, seed: SEED })
}

/** Runs plans of a preset and expects that they keep these guarantees. */
export function keeps(preset: string, ids: readonly string[], numRuns: number): void {
  const exercised = new Map(ids.map((id) => [id, 0]))
  holds(anyPlan(preset), numRuns, (plan) => {
    for (const { id, verdict, reason, exercised: tested, promise } of check(simulate(plan), { only: ids })) {
      expect({ id, verdict, reason }).not.toMatchObject({ verdict: 'violated' })
      if (tested && promise !== 'none') exercised.set(id, (exercised.get(id) ?? 0) + 1)
    }
  })
  for (const [id, runs] of exercised) expect(runs, `runs that could have broken ${id}`).toBeGreaterThanOrEqual(EXERCISED_MIN)
}
