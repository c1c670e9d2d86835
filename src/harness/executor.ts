/** The seam between the harness and whatever produces a history: the simulation, a real broker, a recording. */
import type { Drain } from '../check/checker.ts'
import type { Contract } from '../contract/contract.ts'
import type { Event, Header, Kind } from '../history/event.ts'
import type { FaultKind } from '../plan/faults.ts'
import type { Noise, Plan } from '../plan/plan.ts'
import type { Us } from '../plan/units.ts'

export interface Capabilities {
  readonly faults: readonly FaultKind[]
  readonly records: readonly Kind[]
}

export interface Outcome {
  readonly header: Header
  readonly drain: Drain
  readonly steps: number
  readonly simulatedUs: Us
  /** Of the whole run: equal plans and versions give equal hashes. Empty where the source can't promise that. */
  readonly traceHash: string
  /** The choices that were not benign, when asked for and where there are such: with them the plan needs no seed. */
  readonly noise: readonly Noise[]
}

export interface RunOptions {
  readonly recordNoise?: boolean
}

export interface Executor {
  readonly capabilities: Capabilities
  /** Runs a plan from boot to audit; events go to the sink as they happen. @throws InputError when the plan asks for what the target can't do. */
  run(plan: Plan, sink: (event: Event) => void, options?: RunOptions): Outcome | Promise<Outcome>
}

/** What the harness tests: something that runs plans, and what it promises. */
export interface Subject {
  readonly system: string
  readonly executor: Executor
  readonly contract: Contract<unknown>
}
