/** Which plans a campaign draws: run K of a seed is the same plan whoever draws it. */
import { planArbitrary, planOf } from '../generate/plans.ts'
import { runSeed } from '../generate/seeds.ts'
import type { Preset } from '../generate/shapes.ts'
import type { Cluster, Plan } from '../plan/plan.ts'
import type { Subject } from './executor.ts'

export interface Drawing {
  readonly preset: Preset
  readonly seed: string
  readonly version: string
  readonly mutant?: string | undefined
  /** Takes the place of the preset's clusters. */
  readonly cluster?: Cluster | undefined
}

/** Draws plans by run number. */
export function drawer(subject: Pick<Subject, 'system'>, drawing: Drawing): (run: number) => Plan {
  const { preset, seed, version, mutant, cluster } = drawing
  const arbitrary = planArbitrary(preset, { system: subject.system, version, mutant, cluster })
  return (run) => planOf(arbitrary, runSeed(seed, run))
}
