/** One run, from a plan to verdicts. */
import type { Drain, Findings, GuaranteeId } from '../check/checker.ts'
import { checkers } from '../check/catalogue.ts'
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
  /** Leaves out the checkers of what the contract does not promise in this run: their findings would be looked at by nobody. */
  readonly promisedOnly?: boolean
}

export function factsOf(header: Header, events: readonly Event[]): RunFacts {
  const faults: { kind: FaultKind; on: string; t: number }[] = []
  // By index, since a run has hundreds of thousands: an iterator makes an object for each.
  for (let k = 0; k < events.length; k++) {
    const event = events[k] as Event
    if (event.type === 'fault' && event.effective) faults.push({ kind: event.kind, on: event.on, t: event.t })
  }
  return { effective: new Set(faults.map((fault) => fault.kind)), faults, brokers: header.brokers, controllers: header.controllers }
}

const NOT_LOOKED_FOR: Findings = { anomalies: [], evidence: null }
const isPromised = (term: Term | undefined): boolean => term !== undefined && !(typeof term === 'object' && 'notApplicable' in term)

/** Judges a history, wherever it came from. */
export function judgeHistory(
  contract: Contract<unknown>,
  header: Header,
  events: readonly Event[],
  drain: Drain,
  { only, promisedOnly = false }: Pick<RunPlanOptions, 'only' | 'promisedOnly'> = {},
): Judged {
  const facts = factsOf(header, events)
  const terms = contract(header.config, facts.effective, header.groups, (header.slaves?.length ?? 0) > 0)
  const asked = checkers.map(({ id }) => id).filter((id) => only === undefined || only.includes(id))
  const found = runChecks(header, events, drain, promisedOnly ? asked.filter((id) => isPromised(terms.get(id))) : asked)
  const findings = new Map(asked.map((id) => [id, found.get(id) ?? NOT_LOOKED_FOR]))
  return { facts, findings, terms, judgements: judgeRun(findings, terms, facts, drain) }
}

export async function runPlan(subject: Subject, plan: Plan, options: RunPlanOptions = {}): Promise<RunResult> {
  const events: Event[] = []
  const sink = (event: Event): void => {
    events.push(event)
  }
  const running = subject.executor.run(plan, sink, { recordNoise: options.recordNoise === true })
  const outcome = running instanceof Promise ? await running : running
  return { plan, outcome, events, ...judgeHistory(subject.contract, outcome.header, events, outcome.drain, options) }
}

export const violated = (result: Judged): readonly Judgement[] => result.judgements.filter((judgement) => judgement.verdict === 'violated')

export const judgementOf = (result: Judged, guarantee: string): Judgement | undefined =>
  result.judgements.find((judgement) => judgement.id === guarantee)
