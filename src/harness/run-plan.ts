/** One run, from a plan to verdicts. */
import type { Drain, Findings, GuaranteeId } from '../check/checker.ts'
import { runChecks } from '../check/run-checkers.ts'
import type { Contract, RunFacts, Term } from '../contract/contract.ts'
import type { Event, Header } from '../history/event.ts'
import type { FaultKind } from '../plan/faults.ts'
import type { Plan } from '../plan/plan.ts'
import type { Outcome, Subject } from './executor.ts'
import { judgeRun, type Judgement } from './judge.ts'

/** What is judged; everything when absent. */
export type Only = readonly GuaranteeId[] | undefined

export interface Judged {
  readonly facts: RunFacts
  readonly findings: ReadonlyMap<GuaranteeId, Findings>
  readonly terms: ReadonlyMap<GuaranteeId, Term>
  readonly judgements: readonly Judgement[]
}

export interface RunResult extends Judged {
  readonly plan: Plan
  readonly outcome: Outcome
  readonly events: readonly Event[]
}

export interface RunPlanOptions {
  readonly only?: Only
  readonly recordNoise?: boolean
}

export function factsOf(header: Header, events: readonly Event[]): RunFacts {
  const faults: { kind: FaultKind; on: string; t: number }[] = []
  for (const event of events) {
    if (event.type === 'fault' && event.effective) faults.push({ kind: event.kind, on: event.on, t: event.t })
  }
  return { effective: new Set(faults.map((fault) => fault.kind)), faults, brokers: header.brokers }
}

/** Judges a history, wherever it came from. */
export function judgeHistory(contract: Contract<unknown>, header: Header, events: readonly Event[], drain: Drain, only?: Only): Judged {
  const facts = factsOf(header, events)
  const findings = runChecks(header, events, drain, only)
  const terms = contract(header.config, facts.effective)
  return { facts, findings, terms, judgements: judgeRun(findings, terms, facts, drain) }
}

export async function runPlan(subject: Subject, plan: Plan, options: RunPlanOptions = {}): Promise<RunResult> {
  const events: Event[] = []
  const sink = (event: Event): void => {
    events.push(event)
  }
  const running = subject.executor.run(plan, sink, { recordNoise: options.recordNoise === true })
  const outcome = running instanceof Promise ? await running : running
  return { plan, outcome, events, ...judgeHistory(subject.contract, outcome.header, events, outcome.drain, options.only) }
}

export const violated = (result: Judged): readonly Judgement[] => result.judgements.filter((judgement) => judgement.verdict === 'violated')

export const judgementOf = (result: Judged, guarantee: string): Judgement | undefined =>
  result.judgements.find((judgement) => judgement.id === guarantee)
