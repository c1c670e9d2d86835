/** A campaign: many runs from one seed, judged together; of the failures, one of each sort is shrunk and kept. */
import { InputError } from '../plan/input-error.ts'
import { messageOf } from '../plan/message-of.ts'
import type { Plan } from '../plan/plan.ts'
import { Breather } from './breather.ts'
import { CampaignSum, type Totals } from './campaign-sum.ts'
import { drawer, type Drawing } from './drawing.ts'
import type { Subject } from './executor.ts'
import { FailureLog } from './failure-log.ts'
import type { FailureResult } from './failure.ts'
import type { Keeper } from './keep.ts'
import { runPlan, violated, type Only } from './run-plan.ts'
import { Scouts } from './scout.ts'
import type { ShrinkBudget } from './shrink-failure.ts'
import type { WorkerPool } from './worker-pool.ts'

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
  /** Threads that look at runs too. Nothing but the time it takes depends on them. */
  readonly pool?: WorkerPool | undefined
  readonly onProgress?: ((state: CampaignState) => void) | undefined
  /** Called when the failure is on disk. */
  readonly onFailure?: ((failure: FailureResult) => void) | undefined
}

/** The JSON document of `mqproof run`. */
export interface CampaignDocument extends Totals {
  readonly mqproof: string
  readonly command: 'run'
  readonly seed: string
  readonly wallMs: number
  readonly failures: FailureResult[]
}

export interface CampaignResult {
  readonly document: CampaignDocument
  readonly interrupted: boolean
}

class Campaign {
  private readonly options: CampaignOptions
  private readonly startMs = performance.now()
  private readonly breather = new Breather()
  private readonly sum = new CampaignSum()
  private readonly failures: FailureLog
  private readonly draw: (run: number) => Plan
  private scouts: Scouts | null = null

  constructor(options: CampaignOptions) {
    this.options = options
    this.failures = new FailureLog(options)
    this.draw = drawer(options.subject, options)
  }

  private get wallMs(): number {
    return Math.round(performance.now() - this.startMs)
  }

  private get interrupted(): boolean {
    return this.options.signal?.aborted === true
  }

  private get over(): boolean {
    const { runs = Infinity, timeMs = Infinity } = this.options
    return this.interrupted || this.sum.runs >= runs || this.wallMs >= timeMs
  }

  private get nextRun(): number {
    return (this.options.firstRun ?? 1) + this.sum.runs
  }

  async whole(): Promise<CampaignResult> {
    while (!this.over) {
      // Threads take a while to start, in which something can be done already.
      if (this.options.pool?.ready === true) await this.follow(this.options.pool)
      else await this.look()
      this.options.onProgress?.(this.state())
      await this.breather.breathe()
    }
    return { document: this.document(), interrupted: this.interrupted }
  }

  /** Takes over what a thread has looked at. */
  private async follow(pool: WorkerPool): Promise<void> {
    this.scouts ??= this.sendScouts(pool)
    const stretch = await this.scouts.from(this.nextRun)
    if (stretch === null) return
    this.sum.merge(stretch.sum)
    if (stretch.look && !this.over) await this.look()
  }

  private sendScouts(pool: WorkerPool): Scouts {
    const { subject, preset, seed, version, mutant, cluster, only, firstRun = 1, runs = Infinity, signal } = this.options
    const drawing = { preset, seed, version, mutant, cluster }
    return new Scouts(pool, { system: subject.system, drawing, only, from: this.nextRun, to: firstRun + runs - 1, signal })
  }

  /** Looks at the next run, and says which it was when it can't be run at all. */
  private async look(): Promise<void> {
    const { subject, only, seed } = this.options
    const run = this.nextRun
    try {
      const result = await runPlan(subject, this.draw(run), { only, promisedOnly: true })
      if (violated(result).length > 0) await this.failures.add(run, result)
      this.sum.add(run, result)
    } catch (error) {
      if (error instanceof InputError) throw error
      throw new Error(`run ${run} of seed ${seed}: ${messageOf(error)}`, { cause: error })
    }
  }

  private state(): CampaignState {
    const { runs, steps, simulatedUs } = this.sum
    return { runs, steps, simulatedMs: simulatedUs / 1000, wallMs: this.wallMs, failures: this.failures.found.length }
  }

  private document(): CampaignDocument {
    const { runs, steps, simulatedMs, traceHash, faults, guarantees } = this.sum.totals()
    return {
      mqproof: this.options.version,
      command: 'run',
      seed: this.options.seed,
      runs,
      steps,
      simulatedMs,
      wallMs: this.wallMs,
      traceHash,
      faults,
      guarantees,
      failures: [...this.failures.found],
    }
  }
}

export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  if (options.runs === undefined && options.timeMs === undefined) throw new Error('a campaign needs an end: runs or timeMs')
  return new Campaign(options).whole()
}
