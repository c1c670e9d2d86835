/** The report of one run, in the form of a campaign's. */
import type { Event } from '../history/event.ts'
import { operationsIn } from '../harness/failure.ts'
import { FaultTally } from '../harness/fault-tally.ts'
import type { Judgement } from '../harness/judge.ts'
import type { RunResult } from '../harness/run-plan.ts'
import { Tally } from '../harness/tally.ts'
import type { FailureResult, FaultCounts, RunDocument } from '../report/document.ts'
import { VERSION } from '../version.ts'

type Described = Pick<RunDocument, 'command' | 'seed' | 'steps' | 'simulatedMs' | 'wallMs' | 'traceHash' | 'faults' | 'failures'>

export function documentOf(judgements: readonly Judgement[], described: Described): RunDocument {
  const tally = new Tally()
  tally.add(judgements)
  const { command, seed, steps, simulatedMs, wallMs, traceHash, faults, failures } = described
  return { mqproof: VERSION, command, seed, runs: 1, steps, simulatedMs, wallMs, traceHash, faults, guarantees: tally.results(), failures }
}

/** One entry for each guarantee that was violated. */
export function failuresOf(judgements: readonly Judgement[], about: Omit<FailureResult, 'guarantee' | 'summary'>): FailureResult[] {
  return judgements.filter((one) => one.verdict === 'violated').map((one) => ({ guarantee: one.id, ...about, summary: one.reason }))
}

export function replayDocument(result: RunResult, dir: string, wallMs: number): RunDocument {
  const { plan, outcome, events, judgements } = result
  const faults = new FaultTally()
  faults.add(plan, events)
  const { traceHash, steps } = outcome
  const about = { run: 1, dir, traceHash, operations: operationsIn(plan), faults: plan.faults.length }
  return documentOf(judgements, {
    command: 'replay',
    seed: String(plan.seed),
    steps,
    simulatedMs: Math.round(outcome.simulatedUs / 1000),
    wallMs,
    traceHash,
    faults: faults.counts(),
    failures: failuresOf(judgements, about),
  })
}

/** A history from elsewhere says which faults there were, but not of a plan. */
export function faultsIn(events: readonly Event[]): FaultCounts {
  const counts: FaultCounts = {}
  for (const event of events) {
    if (event.type !== 'fault') continue
    const count = (counts[event.kind] ??= { injected: 0, effective: 0 })
    count.injected++
    if (event.effective) count.effective++
  }
  return counts
}
