/** What a scenario file holds: a story, a plan, and what was seen when the plan was run. */
import type { Plan } from '../plan/plan.ts'

export interface Scenario {
  /** The comment on top, line by line. */
  readonly story: readonly string[]
  /** Runs on a real broker that this one models, from `# twin: RML-037`. */
  readonly twins: readonly string[]
  /** What the story is about, from `# guarantees: ALO-1, ORD-2`. */
  readonly guarantees: readonly string[]
  readonly plan: Plan
  /** What the setup amounts to: golden text. */
  readonly setup: readonly string[]
  /** What was seen, and the verdicts: golden text; empty until it has been run. */
  readonly transcript: readonly string[]
}

export const toPlan = (scenario: Scenario): Plan => scenario.plan
