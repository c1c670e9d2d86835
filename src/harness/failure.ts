/** What is said about a failure: when two are the same, and how it is summed up. */
import type { Anomaly } from '../check/checker.ts'
import type { Plan } from '../plan/plan.ts'
import { verdictLines, type Judged } from '../scenario/verdicts.ts'
import type { Judgement } from './judge.ts'

/** One failure of a campaign, as its JSON document lists it. */
export interface FailureResult {
  readonly guarantee: string
  readonly run: number
  /** Empty when nothing was kept. */
  readonly dir: string
  readonly traceHash: string
  readonly operations: number
  readonly faults: number
  readonly summary: string
}

const kindsOf = (kinds: readonly string[]): string => [...new Set(kinds)].sort((x, y) => (x < y ? -1 : 1)).join('+')

/** Failures with one signature are taken for one bug: the same anomaly, by the same sorts of operations and faults. */
export function signature(plan: Plan, anomaly: Anomaly): string {
  return [
    anomaly.guarantee,
    anomaly.name,
    kindsOf(plan.faults.map((fault) => fault.kind)),
    kindsOf(plan.workload.map((item) => item.do)),
  ].join(' / ')
}

/** A load counts as the messages that it sends. */
export function operationsIn(plan: Plan): number {
  return plan.workload.reduce(
    (sum, item) => sum + (item.do === 'load' ? item.workers * Math.max(1, Math.floor(item.durationUs / item.everyUs)) : 1),
    0,
  )
}

/** The verdicts of one run as the last lines of its story. `about`: guarantees that are named even when nothing exercised them. */
export function storyVerdicts(judgements: readonly Judgement[], about: readonly string[] = []): string[] {
  const judged = judgements.map(({ id, verdict, reason, violations, excused }): Judged => {
    const [violation] = violations
    const [excuse] = excused
    if (violation !== undefined) return { guarantee: id, verdict, summary: violation.summary }
    if (verdict === 'allowed' && excuse !== undefined)
      return { guarantee: id, verdict, summary: excuse.anomaly.summary, reason: excuse.reason }
    return { guarantee: id, verdict, reason }
  })
  return verdictLines(judged, about)
}
