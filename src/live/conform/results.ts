/** Adds up the rounds of a campaign: verdicts, faults, and what happened to messages, overall and for each guarantee. */
import type { GuaranteeId } from '../../check/checker.ts'
import { FaultTally, type FaultCounts } from '../../harness/fault-tally.ts'
import type { Only, RunResult } from '../../harness/run-plan.ts'
import { Tally } from '../../harness/tally.ts'
import { struck } from '../../plan/faults.ts'
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
  private readonly onBrokers = new FaultTally()
  private readonly onClients = new FaultTally()
  private readonly lines = new Map<GuaranteeId, Line>()

  constructor(only: Only) {
    this.only = only
  }

  add(result: RunResult): void {
    const { events, outcome, findings, judgements } = result
    const counts = countsOf(result)
    this.rounds++
    this.events += events.length
    this.spentUs += outcome.simulatedUs
    this.counts = addCounts(this.counts, counts)
    this.addFaults(result)
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

  /** That a client dies can be done anywhere, and says nothing of what its broker survives. */
  private addFaults({ plan, events }: RunResult): void {
    const { producers, groups } = plan.cluster
    const clients = new Set([...producers, ...groups.flatMap((group) => group.consumers)])
    const recorded = events.filter((event) => event.type === 'fault')
    const add = (tally: FaultTally, ofClients: boolean): void => {
      const faults = plan.faults.filter((fault) => clients.has(struck(fault)) === ofClients)
      tally.add(
        { ...plan, faults },
        recorded.filter(({ on }) => clients.has(on) === ofClients),
      )
    }
    add(this.onBrokers, false)
    add(this.onClients, true)
  }

  /** Of brokers and links. */
  faults(): FaultCounts {
    return this.onBrokers.counts()
  }

  clientFaults(): FaultCounts {
    return this.onClients.counts()
  }

  /** Of a target that misbehaved nothing is relied on; how it did is said once, elsewhere. */
  guarantees(known: KnownFailures, broken: boolean): ConformGuarantee[] {
    return this.tally.results().map((result) => {
      const { counts, anomalies } = this.line(result.id)
      const relied = !broken || result.promised === 0 ? result : { ...result, verdict: 'unknown' as const, reason: 'the target misbehaved' }
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
