/** A campaign: many runs from one seed, judged together; of the failures, one of each sort is shrunk and kept. */
import { planArbitrary, planOf } from '../generate/plans.ts'
import { runSeed } from '../generate/seeds.ts'
import type { Preset } from '../generate/shapes.ts'
import { hashText, mix, showHash } from '../plan/hash.ts'
import { InputError } from '../plan/input-error.ts'
import { messageOf } from '../plan/message-of.ts'
import type { Cluster, Plan } from '../plan/plan.ts'
import { Breather } from './breather.ts'
import type { Subject } from './executor.ts'
import { FailureLog } from './failure-log.ts'
import type { FailureResult } from './failure.ts'
import { FaultTally, type FaultCounts } from './fault-tally.ts'
import type { Keeper } from './keep.ts'
import { runPlan, violated, type Only, type RunResult } from './run-plan.ts'
import type { ShrinkBudget } from './shrink-failure.ts'
import { Tally, type GuaranteeResult } from './tally.ts'

/** Which plans a campaign draws: run K of a seed is the same plan whoever draws it. */
export interface Drawing {
  readonly preset: Preset
  readonly seed: string
  readonly version: string
  readonly mutant?: string | undefined
  /** Takes the place of the preset's clusters. */
  readonly cluster?: Cluster | undefined
}

export interface CampaignState {
  readonly runs: number
  readonly steps: number
  readonly simulatedMs: number
  readonly wallMs: number
  readonly failures: number
}

export interface CampaignOptions extends Drawing {
  readonly subject: Subject
  /** The number of the first run, from 1. */
  readonly firstRun?: number | undefined
  /** At most so many runs, for at most so long. One of the two must be given. */
  readonly runs?: number | undefined
  readonly timeMs?: number | undefined
  readonly only?: Only
  readonly signal?: AbortSignal | undefined
  /** Without it failures are shrunk and reported, but not written down. */
  readonly keeper?: Keeper | undefined
  readonly shrink?: ShrinkBudget | undefined
  readonly onProgress?: ((state: CampaignState) => void) | undefined
  /** Called when the failure is on disk. */
  readonly onFailure?: ((failure: FailureResult) => void) | undefined
}

/** The JSON document of `mqproof run`. */
export interface CampaignDocument {
  readonly mqproof: string
  readonly command: 'run'
  readonly seed: string
  readonly runs: number
  readonly steps: number
  readonly simulatedMs: number
  readonly wallMs: number
  readonly traceHash: string
  readonly faults: FaultCounts
  readonly guarantees: GuaranteeResult[]
  readonly failures: FailureResult[]
}

export interface CampaignResult {
  readonly document: CampaignDocument
  readonly interrupted: boolean
}

/** Draws plans by run number. */
export function drawer(subject: Subject, drawing: Drawing): (run: number) => Plan {
  const { preset, seed, version, mutant, cluster } = drawing
  const arbitrary = planArbitrary(preset, { system: subject.system, version, mutant, cluster })
  return (run) => planOf(arbitrary, runSeed(seed, run))
}

class Campaign {
  private readonly options: CampaignOptions
  private readonly startMs = performance.now()
  private readonly breather = new Breather()
  private readonly tally = new Tally()
  private readonly faults = new FaultTally()
  private readonly failures: FailureLog
  private runs = 0
  private steps = 0
  private simulatedUs = 0
  private hash = 0

  constructor(options: CampaignOptions) {
    this.options = options
    this.failures = new FailureLog(options)
  }

  private get wallMs(): number {
    return Math.round(performance.now() - this.startMs)
  }

  private get interrupted(): boolean {
    return this.options.signal?.aborted === true
  }

  private get over(): boolean {
    const { runs = Infinity, timeMs = Infinity } = this.options
    return this.interrupted || this.runs >= runs || this.wallMs >= timeMs
  }

  async whole(): Promise<CampaignResult> {
    const { subject, only, firstRun = 1 } = this.options
    const draw = drawer(subject, this.options)
    while (!this.over) {
      const run = firstRun + this.runs
      this.note(run, await this.attempt(run, () => runPlan(subject, draw(run), { only, promisedOnly: true })))
      this.options.onProgress?.(this.state())
      await this.breather.breathe()
    }
    return { document: this.document(), interrupted: this.interrupted }
  }

  /** Says which run it was when one can't be run at all. */
  private async attempt(run: number, body: () => Promise<RunResult>): Promise<RunResult> {
    try {
      const result = await body()
      if (violated(result).length > 0) await this.failures.add(run, result)
      return result
    } catch (error) {
      if (error instanceof InputError) throw error
      throw new Error(`run ${run} of seed ${this.options.seed}: ${messageOf(error)}`, {
        cause: error,
      })
    }
  }

  private note(run: number, result: RunResult): void {
    const { outcome } = result
    this.runs++
    this.steps += outcome.steps
    this.simulatedUs += outcome.simulatedUs
    this.tally.add(result.judgements)
    this.faults.add(result.plan, result.events)
    // Runs may be dealt out among processes, so the fold does not depend on their order.
    this.hash ^= mix(hashText(outcome.traceHash), run)
  }

  private state(): CampaignState {
    return {
      runs: this.runs,
      steps: this.steps,
      simulatedMs: this.simulatedUs / 1000,
      wallMs: this.wallMs,
      failures: this.failures.found.length,
    }
  }

  private document(): CampaignDocument {
    return {
      mqproof: this.options.version,
      command: 'run',
      seed: this.options.seed,
      runs: this.runs,
      steps: this.steps,
      simulatedMs: Math.round(this.simulatedUs / 1000),
      wallMs: this.wallMs,
      traceHash: showHash(this.hash),
      faults: this.faults.counts(),
      guarantees: this.tally.results(),
      failures: [...this.failures.found],
    }
  }
}

export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  if (options.runs === undefined && options.timeMs === undefined) throw new Error('a campaign needs an end: runs or timeMs')
  return new Campaign(options).whole()
}
