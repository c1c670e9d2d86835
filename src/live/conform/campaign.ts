/**
 * A campaign on a live target: one broker serves round after round until there are enough, or the time is over, or somebody interrupts.
 * What was found is on disk before anybody hears of it, and everything that was started is gone when it ends.
 */
import type { GuaranteeId } from '../../check/checker.ts'
import type { FailureResult } from '../../harness/failure.ts'
import { operationsIn } from '../../harness/failure.ts'
import type { Keeper } from '../../harness/keep.ts'
import { violated, type Only, type RunResult } from '../../harness/run-plan.ts'
import type { Plan } from '../../plan/plan.ts'
import { BrokerDown, TargetBroken, type Claim, type Target } from '../target.ts'
import { claimResults, contradictedBy, counted } from './claims.ts'
import type { ConformDocument, ConformFailure, Manifest } from './document.ts'
import { keepLiveFailure, type LiveFailure } from './keep.ts'
import type { KnownFailures } from './known.ts'
import { Results } from './results.ts'
import { runRound } from './round.ts'
import type { OpenSession, Session } from './session.ts'

export interface RoundState {
  readonly runs: number
  readonly steps: number
  readonly simulatedMs: number
  readonly wallMs: number
  readonly failures: number
  /** What is wrong beside failures, in a few words; empty on a good day. */
  readonly trouble: string
}

export interface ConformOptions {
  readonly target: string
  readonly open: OpenSession
  /** The plan of each round, from 1. */
  readonly plans: (target: Target) => (round: number) => Plan
  readonly manifest: (target: Target) => Manifest
  readonly version: string
  readonly seed: string
  readonly firstRun?: number | undefined
  readonly runs?: number | undefined
  readonly timeMs?: number | undefined
  readonly only?: Only
  readonly known: KnownFailures
  /** Ends it after the first round that breaks something new. */
  readonly bail?: boolean
  readonly keeper?: Keeper | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((state: RoundState) => void) | undefined
  /** Called when the failure is on disk. */
  readonly onFailure?: ((failure: ConformFailure) => void) | undefined
}

class Campaign {
  private readonly options: ConformOptions
  private readonly startMs = performance.now()
  private readonly results: Results
  private readonly failures: ConformFailure[] = []
  private readonly signatures = new Set<string>()
  private readonly downs: { run: number; message: string; dir: string }[] = []
  private session: Session | null = null
  private manifest: Manifest | null = null
  private claims: readonly Claim[] = []
  /** Guarantees whose claims do not hold by their own words. */
  private readonly contradicted = new Set<GuaranteeId>()
  private broken = ''
  /** It did not come up at all, or not again on a new store either. */
  private lost = false
  private attempted = 0

  constructor(options: ConformOptions) {
    this.options = options
    this.results = new Results(options.only)
  }

  private get wallMs(): number {
    return Math.round(performance.now() - this.startMs)
  }

  private get over(): boolean {
    const { runs = Infinity, timeMs = Infinity, bail = false, signal } = this.options
    const failed = bail && this.failures.some(({ known }) => known === '')
    return signal?.aborted === true || this.broken !== '' || this.lost || failed || this.attempted >= runs || this.wallMs >= timeMs
  }

  async whole(): Promise<ConformDocument> {
    let run = this.options.firstRun ?? 1
    try {
      while (!this.over) {
        await this.round(run++)
        this.options.onProgress?.(this.state())
      }
    } finally {
      await this.close()
    }
    return this.document()
  }

  private async round(run: number): Promise<void> {
    this.attempted++
    const session = await this.opened(run)
    if (session === null) return
    const round = await runRound(session, this.options.plans(session.target)(run), this.options.signal)
    switch (round.end) {
      case 'judged':
        this.note(run, round.result, session)
        if (session.target.spent === true) await this.close()
        return
      case 'down':
        this.down(run, round.message, round.result, session)
        await this.close()
        return
      case 'broken':
        this.broken = round.message
        if (round.result !== null) this.count(round.result)
        return
      case 'interrupted':
        return
    }
  }

  /** The session that is open, or a new one; null ends the campaign. */
  private async opened(run: number): Promise<Session | null> {
    if (this.session !== null) return this.session
    try {
      this.session = await this.options.open()
    } catch (error) {
      if (this.options.signal?.aborted === true) return null
      if (error instanceof TargetBroken) this.broken = error.message
      else if (error instanceof BrokerDown) {
        this.downs.push({ run, message: error.message, dir: '' })
        this.lost = true
      } else throw error
      return null
    }
    this.manifest = this.options.manifest(this.session.target)
    this.claims = this.session.target.hello.claims
    return this.session
  }

  private async close(): Promise<void> {
    const { session } = this
    this.session = null
    await session?.close()
  }

  private down(run: number, message: string, result: RunResult | null, session: Session): void {
    if (result !== null) this.note(run, result, session)
    this.downs.push({ run, message, dir: result === null ? '' : this.keepDown(run, message, result, session) })
  }

  /** DUR-3's case, which nobody can judge from outside; but what the broker left behind must be looked at. */
  private keepDown(run: number, message: string, result: RunResult, session: Session): string {
    const anomaly = { guarantee: 'DUR-3' as const, name: 'does not resume', summary: message, t: -1, facts: {}, events: [] }
    return this.keep(run, { result, anomaly }, session)
  }

  private count(result: RunResult): void {
    this.results.add(result)
    for (const id of contradictedBy(this.claims, result)) this.contradicted.add(id)
  }

  private note(run: number, result: RunResult, session: Session): void {
    this.count(result)
    let dir = ''
    for (const { id, violations } of violated(result)) {
      if (this.options.only !== undefined && !this.options.only.includes(id)) continue
      for (const name of new Set(violations.map((one) => one.name))) {
        const known = this.options.known.note(id, name) ?? ''
        const anomaly = violations.find((one) => one.name === name)
        if (anomaly === undefined || this.signatures.has(`${id} ${name}`)) continue
        this.signatures.add(`${id} ${name}`)
        // One directory a round: it holds whatever the round has broken.
        if (dir === '') dir = this.keep(run, { result, anomaly }, session)
        this.report({ ...failureOf(run, result, dir), guarantee: id, summary: anomaly.summary, anomaly: name, known })
      }
    }
  }

  private keep(run: number, what: Pick<LiveFailure, 'result' | 'anomaly'>, { target, secrets }: Session): string {
    const { keeper, seed } = this.options
    if (keeper === undefined || this.manifest === null) return ''
    return keepLiveFailure(keeper, { ...what, seed, run, manifest: this.manifest, evidence: target.evidence(), secrets })
  }

  private report(failure: ConformFailure): void {
    this.failures.push(failure)
    this.options.onFailure?.(failure)
  }

  private get trouble(): string {
    if (this.broken !== '') return 'the target misbehaved'
    return this.downs.length === 0 ? '' : `${counted(this.downs.length, 'time')} not up again`
  }

  private state(): RoundState {
    const { rounds, events, spentUs } = this.results
    return {
      runs: rounds,
      steps: events,
      simulatedMs: spentUs / 1000,
      wallMs: this.wallMs,
      failures: this.failures.length,
      trouble: this.trouble,
    }
  }

  private document(): ConformDocument {
    const { options, results, broken, manifest } = this
    const guarantees = results.guarantees(options.known, broken !== '')
    return {
      mqproof: options.version,
      command: 'conform',
      target: options.target,
      seed: options.seed,
      runs: results.rounds,
      steps: results.events,
      simulatedMs: Math.round(results.spentUs / 1000),
      wallMs: this.wallMs,
      traceHash: '',
      interrupted: options.signal?.aborted === true,
      broken,
      downs: this.downs,
      faults: results.faults(),
      clientFaults: results.clientFaults(),
      counts: results.counts,
      guarantees,
      failures: this.failures,
      known: { seen: options.known.seen, gone: options.known.gone },
      claims: claimResults(this.claims, guarantees, this.contradicted),
      manifest,
    }
  }
}

const failureOf = (run: number, { plan }: RunResult, dir: string): Omit<FailureResult, 'guarantee' | 'summary'> => ({
  run,
  dir,
  traceHash: '',
  operations: operationsIn(plan),
  faults: plan.faults.length,
})

/** @throws InputError, Unavailable */
export async function runConform(options: ConformOptions): Promise<ConformDocument> {
  if (options.runs === undefined && options.timeMs === undefined) throw new Error('a campaign needs an end: runs or timeMs')
  return new Campaign(options).whole()
}
