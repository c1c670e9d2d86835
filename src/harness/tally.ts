/** Adds up judgements over the runs of a campaign, and says how each guarantee stands after all of them. */
import type { GuaranteeId } from '../check/checker.ts'
import type { Verdict } from '../contract/contract.ts'
import type { Judgement } from './judge.ts'

export interface GuaranteeResult {
  readonly id: GuaranteeId
  readonly verdict: Verdict
  /** Runs in which the contract demanded it, with or without excuses. */
  readonly promised: number
  /** Of these, runs that could have broken it. */
  readonly exercised: number
  /** Runs that violated it, that broke it in a way that is excused, and that could not be judged. */
  readonly violations: number
  readonly excused: number
  readonly unknown: number
  readonly reason: string
}

/** More inconclusive runs than this, of a hundred, and nobody should rely on the rest. */
const UNKNOWN_PERCENT_MAX = 1

class Line {
  promised = 0
  exercised = 0
  upheldRequired = 0
  upheld = 0
  violations = 0
  excused = 0
  unknown = 0
  /** The first reason of each verdict. */
  readonly reasons = new Map<Verdict, string>()
  readonly id: GuaranteeId

  constructor(id: GuaranteeId) {
    this.id = id
  }

  add(judgement: Judgement): void {
    const { verdict, promise } = judgement
    if (!this.reasons.has(verdict)) this.reasons.set(verdict, judgement.reason)
    if (promise === 'none') return
    this.promised++
    if (judgement.exercised) this.exercised++
    if (verdict === 'violated') this.violations++
    if (verdict === 'unknown') this.unknown++
    if (judgement.excused.length > 0) this.excused++
    if (verdict !== 'upheld') return
    this.upheld++
    if (promise === 'required') this.upheldRequired++
  }

  /** Runs that could have said something, those that could not be judged among them. */
  private get tested(): number {
    return Math.max(this.exercised, this.unknown)
  }

  get verdict(): Verdict {
    if (this.violations > 0) return 'violated'
    if (this.unknown * 100 > this.tested * UNKNOWN_PERCENT_MAX) return 'unknown'
    if (this.upheldRequired > 0) return 'upheld'
    if (this.excused > 0) return 'allowed'
    // Where a loss would have been excused, that none happened is no evidence.
    return 'not-exercised'
  }

  get reason(): string {
    const first = (verdict: Verdict): string => this.reasons.get(verdict) ?? ''
    switch (this.verdict) {
      case 'unknown':
        return `${this.unknown} of ${this.promised} runs could not be judged: ${first('unknown')}`
      case 'upheld':
        return [
          ...(this.excused === 0 ? [] : [`excused in ${this.excused} of ${this.promised} runs: ${first('allowed')}`]),
          ...(this.unknown === 0 ? [] : [`${this.unknown} of ${this.promised} runs could not be judged: ${first('unknown')}`]),
        ].join('; ')
      case 'not-exercised':
        return this.upheld > 0 ? 'whatever could have broken it would have been excused' : first('not-exercised')
      default:
        return first(this.verdict)
    }
  }

  result(): GuaranteeResult {
    const { id, verdict, promised, exercised, violations, excused, unknown, reason } = this
    return { id, verdict, promised, exercised, violations, excused, unknown, reason }
  }
}

export class Tally {
  private readonly lines = new Map<GuaranteeId, Line>()

  add(judgements: readonly Judgement[]): void {
    for (const judgement of judgements) {
      let line = this.lines.get(judgement.id)
      if (line === undefined) {
        line = new Line(judgement.id)
        this.lines.set(judgement.id, line)
      }
      line.add(judgement)
    }
  }

  results(): GuaranteeResult[] {
    return [...this.lines.values()].map((line) => line.result())
  }
}
