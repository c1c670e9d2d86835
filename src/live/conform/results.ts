/** Adds up the rounds of a campaign: verdicts, faults, and what happened to messages, overall and for each guarantee. */
import type { GuaranteeId } from '../../check/checker.ts'
import { FaultTally, type FaultCounts } from '../../harness/fault-tally.ts'
import type { Only, RunResult } from '../../harness/run-plan.ts'
import { Tally } from '../../harness/tally.ts'
import { addCounts, countsOf, lossRateMax, NO_COUNTS, type Counts } from './counts.ts'
import type { ConformGuarantee } from './document.ts'
import type { KnownFailures } from './known.ts'

interface Line {
  counts: Counts
  readonly anomalies: Record<string, number>
}

export class Results {
  rounds = 0
  events = 0
  spentUs = 0
  counts: Counts = NO_COUNTS
  private readonly only: Only
  private readonly tally = new Tally()
  private readonly faultTally = new FaultTally()
  private readonly lines = new Map<GuaranteeId, Line>()

  constructor(only: Only) {
    this.only = only
  }

  add(result: RunResult): void {
    const { plan, events, outcome, findings, judgements } = result
    const counts = countsOf(result)
    this.rounds++
    this.events += events.length
    this.spentUs += outcome.simulatedUs
    this.counts = addCounts(this.counts, counts)
    this.faultTally.add(plan, events)
    const asked = judgements.filter(({ id }) => this.only === undefined || this.only.includes(id))
    this.tally.add(asked)
    for (const { id } of asked) {
      const found = findings.get(id)
      const line = this.line(id)
      const anomalies = found?.anomalies ?? []
      // Also where the guarantee is not promised: that is what a claim of nothing is held against.
      if ((found?.evidence ?? null) !== null || anomalies.length > 0) line.counts = addCounts(line.counts, counts)
      for (const { name } of anomalies) line.anomalies[name] = (line.anomalies[name] ?? 0) + 1
    }
  }

  private line(id: GuaranteeId): Line {
    const known = this.lines.get(id)
    if (known !== undefined) return known
    const made: Line = { counts: NO_COUNTS, anomalies: {} }
    this.lines.set(id, made)
    return made
  }

  faults(): FaultCounts {
    return this.faultTally.counts()
  }

  guarantees(known: KnownFailures, broken: string): ConformGuarantee[] {
    return this.tally.results().map((result) => {
      const { counts, anomalies } = this.line(result.id)
      const relied = broken === '' || result.promised === 0 ? result : { ...result, verdict: 'unknown' as const, reason: broken }
      return {
        ...relied,
        counts,
        anomalies,
        known: relied.verdict === 'violated' && known.covers(result.id),
        lossRateMax: lossRateMax(counts),
      }
    })
  }
}
