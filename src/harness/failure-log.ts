/** The failures of a campaign: which runs are worth shrinking, and which turn out to be the same bug again. */
import type { CampaignOptions } from './campaign.ts'
import { operationsIn, signature, type FailureResult } from './failure.ts'
import { keepFailure } from './keep.ts'
import { violated, type RunResult } from './run-plan.ts'
import { shrinkFailure, type ShrunkFailure } from './shrink-failure.ts'

/** Shrinking costs hundreds of runs: after so many of one anomaly without a new signature, more of it are only counted. */
const REPEATS_MAX = 4
const SHRINKS_MAX = 16

interface Effort {
  shrinks: number
  repeats: number
}

export class FailureLog {
  readonly found: FailureResult[] = []
  private readonly options: CampaignOptions
  private readonly signatures = new Set<string>()
  private readonly efforts = new Map<string, Effort>()

  constructor(options: CampaignOptions) {
    this.options = options
  }

  /** Shrinks and keeps what is new in a failed run. */
  async add(run: number, result: RunResult): Promise<void> {
    for (const judgement of violated(result)) {
      for (const anomaly of new Set(judgement.violations.map((one) => one.name))) {
        const effort = this.effortOf(`${judgement.id} ${anomaly}`)
        if (effort.repeats >= REPEATS_MAX || effort.shrinks >= SHRINKS_MAX) continue
        effort.shrinks++
        const shrunk = await shrinkFailure(
          this.options.subject,
          result,
          { guarantee: judgement.id, anomaly },
          { signal: this.options.signal, ...this.options.shrink },
        )
        if (this.isNew(shrunk)) effort.repeats = 0
        else effort.repeats++
        if (effort.repeats === 0) this.report(run, result, shrunk)
      }
    }
  }

  private effortOf(id: string): Effort {
    const known = this.efforts.get(id)
    if (known !== undefined) return known
    const made = { shrinks: 0, repeats: 0 }
    this.efforts.set(id, made)
    return made
  }

  private isNew({ plan, anomaly }: ShrunkFailure): boolean {
    const id = signature(plan, anomaly)
    if (this.signatures.has(id)) return false
    this.signatures.add(id)
    return true
  }

  /** A failure is on disk before anybody hears of it. */
  private report(run: number, result: RunResult, shrunk: ShrunkFailure): void {
    const { keeper, seed, preset } = this.options
    const origin = { seed, run, preset: preset.name }
    const dir = keeper === undefined ? '' : keepFailure(keeper, { shrunk, original: result.plan, origin })
    const failure: FailureResult = {
      guarantee: shrunk.anomaly.guarantee,
      run,
      dir,
      traceHash: shrunk.result.outcome.traceHash,
      operations: operationsIn(shrunk.plan),
      faults: shrunk.plan.faults.length,
      summary: shrunk.anomaly.summary,
    }
    this.found.push(failure)
    this.options.onFailure?.(failure)
  }
}
