/**
 * Adds up judgements over the runs of a campaign, and says how each guarantee stands after all of them. Tallies of consecutive runs can be
 * added up too, in the order of the runs, since the reasons that are told are the first ones.
 */
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

/** How often what happened to one guarantee: plain data, which can come from another thread. */
export interface Count {
  readonly id: GuaranteeId
  readonly promised: number
  readonly exercised: number
  readonly upheldRequired: number
  readonly upheld: number
  readonly violations: number
  readonly excused: number
  readonly unknown: number
  readonly reasons: ReadonlyMap<Verdict, string>
}

class Line implements Count {
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

  private because(verdict: Verdict, reason: string): void {
    if (!this.reasons.has(verdict)) this.reasons.set(verdict, reason)
  }

  /** Adds what came to pass in later runs. */
  merge(later: Count): void {
    this.promised += later.promised
    this.exercised += later.exercised
    this.upheldRequired += later.upheldRequired
    this.upheld += later.upheld
    this.violations += later.violations
    this.excused += later.excused
    this.unknown += later.unknown
    for (const [verdict, reason] of later.reasons) this.because(verdict, reason)
  }

  add(judgement: Judgement): void {
    const { verdict, promise } = judgement
    this.because(verdict, judgement.reason)
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

  private line(id: GuaranteeId): Line {
    let line = this.lines.get(id)
    if (line === undefined) {
      line = new Line(id)
      this.lines.set(id, line)
    }
    return line
  }

  add(judgements: readonly Judgement[]): void {
    for (const judgement of judgements) this.line(judgement.id).add(judgement)
  }

  counts(): readonly Count[] {
    return [...this.lines.values()]
  }

  merge(later: readonly Count[]): void {
    for (const count of later) this.line(count.id).merge(count)
  }

  results(): GuaranteeResult[] {
    return [...this.lines.values()].map((line) => line.result())
  }
}
