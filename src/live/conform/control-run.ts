/** One control on a live broker: rounds until it is decided, and what they came to. */
import type { Anomaly } from '../../check/checker.ts'
import type { Keeper } from '../../harness/keep.ts'
import type { RunResult } from '../../harness/run-plan.ts'
import type { FaultKind } from '../../plan/faults.ts'
import type { LiveControl } from '../control.ts'
import { BrokerDown, TargetBroken, type Target } from '../target.ts'
import { counted, grouped } from './claims.ts'
import { addCounts, countsOf, NO_COUNTS, type Counts } from './counts.ts'
import type { Manifest } from './document.ts'
import { keepLiveFailure } from './keep.ts'
import { record } from './recording.ts'
import { runRound } from './round.ts'
import type { Session } from './session.ts'

export interface LiveControlResult {
  readonly row: string
  readonly title: string
  readonly guarantee: string
  readonly expect: LiveControl['expect']
  readonly ok: boolean
  readonly rounds: number
  readonly counts: Counts
  /** What was seen, in the sheet's manner: "lost 1,962 of 17,563". */
  readonly seen: string
  /** What the sheet saw. */
  readonly sheet: string
  readonly reason: string
  /** Where the deciding round is kept; empty when nothing was. */
  readonly dir: string
}

export interface LiveControlsOptions {
  /** Opens a target with a configuration as the sheet has it. */
  readonly open: (config: unknown, faults: ReadonlySet<FaultKind>) => Promise<Session>
  readonly manifest: (target: Target, config: unknown) => Manifest
  readonly keeper?: Keeper | undefined
  /** Where the deciding round of each control is recorded. */
  readonly record?: string | undefined
  /** How many brokers are up at a time; one where nothing is said. */
  readonly sideBySide?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onResult?: ((result: LiveControlResult) => void) | undefined
}

/** The brokers of one configuration, one at a time. */
export interface Brokers {
  /** The one that is open, if any. */
  readonly session: Session | null
  /** The one to run a round on. @throws BrokerDown, TargetBroken */
  take(): Promise<Session>
  /** The next one is new, on a new store. */
  renew(): Promise<void>
}

/** Anomalies count whether excused or not: a control is about what happens, not about what is promised. */
const anomaliesOf = (result: RunResult, { guarantee, anomaly }: LiveControl): Anomaly[] =>
  (result.findings.get(guarantee)?.anomalies ?? []).filter((one) => anomaly === undefined || one.name === anomaly)

function seenIn(anomalies: readonly Anomaly[], { acked, duplicated }: Counts): string {
  const names = new Map<string, number>()
  for (const { name } of anomalies) names.set(name, (names.get(name) ?? 0) + 1)
  const found = [...names].map(([name, count]) => `${name} ${grouped(count)}`).join(', ')
  const twice = duplicated > 0 ? `; ${grouped(duplicated)} came again` : ''
  return `${found === '' ? 'nothing' : found} of ${grouped(acked)}${twice}`
}

/** What the rounds of one control have come to so far. */
interface Progress {
  rounds: number
  counts: Counts
  exercised: number
  /** The anomalies of the last round that had any, or of none. */
  anomalies: readonly Anomaly[]
  decisive: RunResult | null
}

type Verdict = Pick<LiveControlResult, 'ok' | 'reason'>

export class ControlRun {
  private readonly control: LiveControl
  private readonly options: LiveControlsOptions
  private readonly brokers: Brokers
  /** A round was broken off, and tried again. */
  private again = false
  private readonly progress: Progress = { rounds: 0, counts: NO_COUNTS, exercised: 0, anomalies: [], decisive: null }

  constructor(control: LiveControl, options: LiveControlsOptions, brokers: Brokers) {
    this.control = control
    this.options = options
    this.brokers = brokers
  }

  private get interrupted(): boolean {
    return this.options.signal?.aborted === true
  }

  /** Null: it was interrupted. */
  async whole(): Promise<LiveControlResult | null> {
    for (let n = 1; n <= this.control.rounds && !this.interrupted; n++) {
      if (this.control.fresh === true) await this.brokers.renew()
      const verdict = await this.round(n)
      if (verdict !== null) return this.interrupted ? null : this.result(verdict)
    }
    return this.interrupted ? null : this.result(this.afterAll())
  }

  /** A verdict that needs no more rounds, or null. */
  private async round(n: number): Promise<Verdict | null> {
    let session: Session
    try {
      session = await this.brokers.take()
    } catch (error) {
      if (error instanceof BrokerDown) return this.downed(error.message)
      if (error instanceof TargetBroken) return { ok: false, reason: error.message }
      throw error
    }
    const round = await runRound(session, this.control.plan(n), this.options.signal)
    if (round.end === 'interrupted') return null
    if (round.end === 'broken') {
      await this.brokers.renew()
      return this.again ? { ok: false, reason: round.message } : this.onceMore(n)
    }
    if (round.result !== null) this.note(round.result)
    if (round.end === 'judged') return this.judged(round.result)
    const verdict = this.downed(round.message)
    await this.brokers.renew()
    return verdict
  }

  /** On a busy machine a round may not be set up in its time, which says nothing of the broker: a new one gets one more try. */
  private onceMore(n: number): Promise<Verdict | null> {
    this.again = true
    return this.round(n)
  }

  private note(result: RunResult): void {
    const { progress, control } = this
    progress.rounds++
    progress.counts = addCounts(progress.counts, countsOf(result))
    if ((result.findings.get(control.guarantee)?.evidence ?? null) !== null) progress.exercised++
    progress.anomalies = [...progress.anomalies, ...anomaliesOf(result, control)]
    progress.decisive = result
  }

  private downed(message: string): Verdict {
    const { expect } = this.control
    return { ok: expect === 'does-not-start', reason: `it does not start: ${message}` }
  }

  private judged(result: RunResult): Verdict | null {
    const { expect, guarantee } = this.control
    const [anomaly] = anomaliesOf(result, this.control)
    if (anomaly !== undefined && expect === 'breaks') return { ok: true, reason: anomaly.summary }
    if (anomaly !== undefined && expect === 'holds') return { ok: false, reason: `it must hold here: ${anomaly.summary}` }
    const unknown = result.findings.get(guarantee)?.unknown
    return expect === 'holds' && unknown !== undefined ? { ok: false, reason: `it can't be judged: ${unknown}` } : null
  }

  private afterAll(): Verdict {
    const { rounds, exercised } = this.progress
    const { expect } = this.control
    if (expect === 'does-not-start') return { ok: false, reason: `it started every time, in ${counted(rounds, 'round')}` }
    if (expect === 'breaks') return { ok: false, reason: `it must break here, and ${counted(rounds, 'round')} found nothing` }
    if (exercised === 0) return { ok: false, reason: `nothing in ${counted(rounds, 'round')} could have broken it` }
    return { ok: true, reason: `it held in the ${counted(exercised, 'round')} that could have broken it` }
  }

  private result({ ok, reason }: Verdict): LiveControlResult {
    const { row, title, guarantee, expect, sheet } = this.control
    const { rounds, counts, anomalies, decisive } = this.progress
    if (this.options.record !== undefined && decisive !== null && ok) record(this.options.record, row, guarantee, decisive)
    const seen = seenIn(anomalies, counts)
    return { row, title, guarantee, expect, ok, rounds, counts, seen, sheet, reason, dir: this.keep() }
  }

  /** The round that broke it, whether it should have or not: somebody will want to read it. */
  private keep(): string {
    const { keeper, manifest } = this.options
    const { decisive } = this.progress
    const { session } = this.brokers
    const anomaly = decisive === null ? undefined : anomaliesOf(decisive, this.control)[0]
    if (keeper === undefined || decisive === null || anomaly === undefined || session === null) return ''
    const { target, secrets } = session
    const about = { seed: this.control.row, run: this.progress.rounds, manifest: manifest(target, this.control.config) }
    return keepLiveFailure(keeper, { result: decisive, anomaly, ...about, evidence: target.evidence(), secrets })
  }
}
