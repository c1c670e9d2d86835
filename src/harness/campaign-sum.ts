/** What the runs of a campaign came to, added up. Consecutive runs can be added up elsewhere, and their sums here. */
import { hashText, mix, showHash } from '../plan/hash.ts'
import { FaultTally, type FaultCounts, type FaultSums } from './fault-tally.ts'
import type { RunResult } from './run-plan.ts'
import { Tally, type Count, type GuaranteeResult } from './tally.ts'

/** Plain data, which can come from another thread. */
export interface PartialSum {
  readonly runs: number
  readonly steps: number
  readonly simulatedUs: number
  readonly hash: number
  readonly counts: readonly Count[]
  readonly faults: FaultSums
}

/** What a campaign's document says of its runs. */
export interface Totals {
  readonly runs: number
  readonly steps: number
  readonly simulatedMs: number
  readonly traceHash: string
  readonly faults: FaultCounts
  readonly guarantees: GuaranteeResult[]
}

export class CampaignSum {
  runs = 0
  steps = 0
  simulatedUs = 0
  private hash = 0
  private readonly tally = new Tally()
  private readonly faults = new FaultTally()

  add(run: number, { outcome, judgements, plan, events }: RunResult): void {
    this.runs++
    this.steps += outcome.steps
    this.simulatedUs += outcome.simulatedUs
    this.tally.add(judgements)
    this.faults.add(plan, events)
    // Runs may be dealt out, so the fold does not depend on their order.
    this.hash ^= mix(hashText(outcome.traceHash), run)
  }

  part(): PartialSum {
    const { runs, steps, simulatedUs, hash } = this
    return { runs, steps, simulatedUs, hash, counts: this.tally.counts(), faults: this.faults.sums() }
  }

  /** Adds the runs that follow. */
  merge(later: PartialSum): void {
    this.runs += later.runs
    this.steps += later.steps
    this.simulatedUs += later.simulatedUs
    this.hash ^= later.hash
    this.tally.merge(later.counts)
    this.faults.merge(later.faults)
  }

  totals(): Totals {
    return {
      runs: this.runs,
      steps: this.steps,
      simulatedMs: Math.round(this.simulatedUs / 1000),
      traceHash: showHash(this.hash),
      faults: this.faults.counts(),
      guarantees: this.tally.results(),
    }
  }
}
