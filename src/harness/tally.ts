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
  /** Runs by the row of the contract that excused something in them; a run that several rows excused counts for each. */
  readonly excuses: Readonly<Record<string, number>>
  readonly reason: string
}

/** More inconclusive runs than this, of a hundred, and nobody should rely on the rest. */
const UNKNOWN_PERCENT_MAX = 1

const EXCUSED_ANYWAY = 'whatever could have broken it would have been excused'

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
  readonly excuses: ReadonlyMap<string, number>
  readonly reasons: ReadonlyMap<Verdict, string>
  readonly examples: ReadonlyMap<string, string>
}

class Line implements Count {
  promised = 0
  exercised = 0
  upheldRequired = 0
  upheld = 0
  violations = 0
  excused = 0
  unknown = 0
  readonly excuses = new Map<string, number>()
  /** The first reason of each verdict. */
  readonly reasons = new Map<Verdict, string>()
  /** The first run that each row excused first of all. */
  readonly examples = new Map<string, string>()
  readonly id: GuaranteeId

  constructor(id: GuaranteeId) {
    this.id = id
  }

  private because(verdict: Verdict, reason: string): void {
    if (!this.reasons.has(verdict)) this.reasons.set(verdict, reason)
  }

  private shownBy(row: string, reason: string): void {
    if (!this.examples.has(row)) this.examples.set(row, reason)
  }

  private excusedBy(row: string, runs: number): void {
    this.excuses.set(row, (this.excuses.get(row) ?? 0) + runs)
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
    for (const [row, runs] of later.excuses) this.excusedBy(row, runs)
    for (const [verdict, reason] of later.reasons) this.because(verdict, reason)
    for (const [row, reason] of later.examples) this.shownBy(row, reason)
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
    const row = judgement.excused[0]?.rows[0]
    if (verdict === 'allowed' && row !== undefined) this.shownBy(row, judgement.reason)
    for (const one of new Set(judgement.excused.flatMap(({ rows }) => rows.slice(0, 1)))) this.excusedBy(one, 1)
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

  /** How often, by which rows, the most frequent one first, and what a run showed that it excused. */
  private get excusedWhere(): string {
    const often = [...this.excuses].sort(([, one], [, other]) => other - one)
    const rows = often.map(([row, runs]) => `${row} ${runs}`)
    const example = often.map(([row]) => this.examples.get(row)).find((reason) => reason !== undefined)
    const shown = example ?? this.reasons.get('allowed') ?? ''
    return `excused in ${this.excused} of ${this.promised} runs${rows.length === 0 ? '' : ` (${rows.join(', ')})`}: ${shown}`
  }

  get reason(): string {
    const first = (verdict: Verdict): string => this.reasons.get(verdict) ?? ''
    switch (this.verdict) {
      case 'unknown':
        return `${this.unknown} of ${this.promised} runs could not be judged: ${first('unknown')}`
      case 'upheld':
        return [
          ...(this.excused === 0 ? [] : [this.excusedWhere]),
          ...(this.unknown === 0 ? [] : [`${this.unknown} of ${this.promised} runs could not be judged: ${first('unknown')}`]),
        ].join('; ')
      case 'not-exercised':
        return this.upheld > 0 ? `${EXCUSED_ANYWAY}, in ${this.exercised} of ${this.promised} runs` : first('not-exercised')
      case 'allowed':
        return this.excusedWhere
      default:
        return first(this.verdict)
    }
  }

  result(): GuaranteeResult {
    const { id, verdict, promised, exercised, violations, excused, unknown, reason } = this
    return { id, verdict, promised, exercised, violations, excused, unknown, excuses: Object.fromEntries(this.excuses), reason }
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
