/**
 * Crash points, enumerated: one run of a plan for each place between two effects of one process where it can die. A campaign finds such a place by
 * luck; here none is left out, and a page can say of each what came of it.
 *
 * What the plan leaves open is decided as in the plan itself, so that all runs are the same up to the crash. What the world does by itself (a force
 * that ends, a message that arrives) may happen between two effects: a crash after the one and a crash before the next are two places.
 */
import type { Event, FaultEvent } from '../history/event.ts'
import type { Fault, Keep } from '../plan/faults.ts'
import type { Plan } from '../plan/plan.ts'
import type { Us } from '../plan/units.ts'
import type { Subject } from './executor.ts'
import { runPlan, type Only, type RunResult } from './run-plan.ts'

/** Who dies, how, and for how long its effects are counted: then it comes back. */
export interface Crash {
  readonly on: string
  readonly kind: 'processKill' | 'powerLoss'
  readonly atUs: Us
  readonly forUs: Us
}

/** One place at which it died, and the run in which it did. */
export interface Death {
  /** "before it forces commitlog/…". */
  readonly where: string
  readonly result: RunResult
}

const KEEP: Keep = 'none'

const crashing = (plan: Plan, { on, kind, atUs, forUs }: Crash, point: { after: number } | { before: number }): Plan => {
  const common = { on, atUs, forUs, salt: 1, point }
  const fault: Fault = kind === 'processKill' ? { kind, ...common } : { kind, keep: KEEP, ...common }
  return { ...plan, faults: [...plan.faults, fault] }
}

/** The plan may have other deaths of its own. */
const isDeathBy =
  ({ on, kind, atUs }: Crash) =>
  (event: Event): event is FaultEvent =>
    event.type === 'fault' && event.where !== undefined && event.on === on && event.kind === kind && event.t >= atUs

/** Every place in order, until the process has no effect left in its time. */
export async function* crashPoints(subject: Subject, plan: Plan, crash: Crash, only?: Only): AsyncGenerator<Death> {
  for (let nth = 1; ; nth++) {
    for (const point of [{ before: nth }, { after: nth }]) {
      const result = await runPlan(subject, crashing(plan, crash, point), { only })
      const death = result.events.find(isDeathBy(crash))
      if (death?.where === undefined) return
      yield { where: death.where, result }
    }
  }
}
