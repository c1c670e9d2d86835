/** Shrinks a failing plan: every step must break the same guarantee in the same way. The luck that is left at the end is written into the plan. */
import type { Anomaly, GuaranteeId } from '../check/checker.ts'
import { withNoise } from '../generate/noise.ts'
import { shrinking } from '../generate/shrink.ts'
import type { Plan } from '../plan/plan.ts'
import { Salts } from '../scenario/salts.ts'
import { verbOf } from '../scenario/forms.ts'
import { Breather } from './breather.ts'
import type { Subject } from './executor.ts'
import { judgeHistory, judgementOf, runPlan, type Judged, type RunResult } from './run-plan.ts'

export interface Target {
  readonly guarantee: GuaranteeId
  /** The anomaly's name; any when absent. */
  readonly anomaly?: string | undefined
  /** Excused anomalies count too: for controls, which demand that something breaks. */
  readonly raw?: boolean | undefined
  /** Only what is excused because this switch is off. */
  readonly repair?: string | undefined
}

export interface ShrinkBudget {
  readonly triesMax?: number
  readonly timeMs?: number
  /** How often a candidate is run until it fails: more than once where luck is not part of the plan. */
  readonly repeats?: number
  readonly signal?: AbortSignal | undefined
}

export interface ShrunkFailure {
  readonly plan: Plan
  readonly result: RunResult
  readonly anomaly: Anomaly
  readonly tried: number
}

/** The anomaly that makes a run a case of the target. */
export function anomalyOf(result: Judged, target: Target): Anomaly | undefined {
  return candidates(result, target)?.find((anomaly) => target.anomaly === undefined || anomaly.name === target.anomaly)
}

function candidates(result: Judged, { guarantee, raw, repair }: Target): readonly Anomaly[] | undefined {
  if (raw === true) return result.findings.get(guarantee)?.anomalies
  const judgement = judgementOf(result, guarantee)
  if (repair === undefined) return judgement?.violations
  return judgement?.excused.filter((excused) => excused.repair === repair).map(({ anomaly }) => anomaly)
}

/** The salts that a story need not spell out. */
export function plainSalts(plan: Plan): Plan {
  const salts = new Salts()
  const workload = plan.workload.map((item) => ({ ...item, salt: salts.next(verbOf(item.do), item.client) }))
  const link = (one: { on: string; peer: string; kind: string; oneWay?: boolean }): string =>
    `${one.on}${one.oneWay === false ? '|' : '>'}${one.peer}`
  const faults = plan.faults.map((fault) => ({ ...fault, salt: salts.next(verbOf(fault.kind), 'peer' in fault ? link(fault) : fault.on) }))
  return { ...plan, workload, faults }
}

class Search {
  best: ShrunkFailure
  private readonly subject: Subject
  private readonly target: Target
  private readonly budget: ShrinkBudget
  private readonly breather = new Breather()
  private readonly startMs = performance.now()
  private tried = 0

  constructor(subject: Subject, target: Target, budget: ShrinkBudget, first: RunResult, anomaly: Anomaly) {
    this.subject = subject
    this.target = target
    this.budget = budget
    this.best = { plan: first.plan, result: first, anomaly, tried: 0 }
  }

  get over(): boolean {
    const { triesMax = 4_000, timeMs = 10_000, signal } = this.budget
    return this.tried >= triesMax || performance.now() - this.startMs > timeMs || signal?.aborted === true
  }

  /** Runs a candidate; it becomes the best when it still fails. */
  async fails(plan: Plan): Promise<boolean> {
    for (let n = this.budget.repeats ?? 1; n > 0 && !this.over; n--) {
      await this.breather.breathe()
      this.tried++
      const result = await runPlan(this.subject, plan, { only: [this.target.guarantee] })
      const anomaly = anomalyOf(result, this.target)
      if (anomaly === undefined) continue
      this.best = { plan, result, anomaly, tried: this.tried }
      return true
    }
    return false
  }

  async shrink(plan: Plan): Promise<void> {
    const shrinker = shrinking(plan)
    let step = shrinker.next()
    while (step.done !== true && !this.over) step = shrinker.next(await this.fails(step.value))
  }

  /** Writes the choices that were not benign into the plan, and shrinks those. */
  async nameLuck(): Promise<void> {
    const { plan } = this.best
    if (plan.policy === 'calm' || plan.noise !== undefined || this.over) return
    const { outcome } = await runPlan(this.subject, plan, { recordNoise: true })
    const named = withNoise(plan, outcome.noise)
    if (await this.fails(named)) await this.shrink(named)
  }
}

/** `first` is the run that failed; the result is that of the shrunk plan, judged in full. */
export async function shrinkFailure(subject: Subject, first: RunResult, target: Target, budget: ShrinkBudget = {}): Promise<ShrunkFailure> {
  const anomaly = anomalyOf(first, target)
  if (anomaly === undefined) throw new Error(`the run to shrink does not break ${target.guarantee}`)
  const exact: Target = { ...target, anomaly: anomaly.name }
  const search = new Search(subject, exact, budget, first, anomaly)
  await search.shrink(first.plan)
  if (!search.over) await search.fails(plainSalts(search.best.plan))
  await search.nameLuck()
  const { plan, tried, result } = search.best
  const { header, drain } = result.outcome
  // Candidates were judged for the target alone.
  const judged = { ...result, ...judgeHistory(subject.contract, header, result.events, drain) }
  return { plan, result: judged, anomaly: anomalyOf(judged, exact) ?? search.best.anomaly, tried }
}
