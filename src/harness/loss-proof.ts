/**
 * Proves a cell of the loss matrix. Where messages may be lost, a run must be found in which one is, and with that it ends; where they may not,
 * nothing is lost in so many runs that put it to the test, which bounds how often it can happen at all.
 */
import { Breather } from './breather.ts'
import type { ControlOptions } from './controls.ts'
import { drawer } from './drawing.ts'
import { keepFailure } from './keep.ts'
import type { LossCell } from './loss-cells.ts'
import { lossPromise, type Fate } from './loss-promise.ts'
import { drawingOfCell, headerOf, lossesOf, type Losses } from './loss-runs.ts'
import { judgementOf, runPlan, type RunResult } from './run-plan.ts'
import { shrinkFailure } from './shrink-failure.ts'

/** One line of the matrix, as `mqproof controls --json` prints it. */
export interface LossResult {
  readonly cell: string
  readonly configuration: string
  readonly fault: string
  readonly fate: Fate
  readonly ok: boolean
  readonly runs: number
  /** Runs in which every fault of the cell struck after something had been acknowledged. */
  readonly effective: number
  /** With 95 % confidence fewer than this, of runs that count, lose what is kept here; null where it may be lost. */
  readonly rateMax: number | null
  readonly reason: string
  readonly dir: string
}

export interface ProofOptions extends ControlOptions {
  /** How many runs that lose nothing are enough. */
  readonly effectiveRuns?: number | undefined
}

const EFFECTIVE_RUNS = 300
/** So many runs at most for each that counts, where nothing is lost; a loss may be rarer than that. */
const PATIENCE = 4
const PATIENCE_FOR_LOSS = 20
/** The rule of three: nothing in n runs means less than 3/n, with 95 % confidence. */
const THREE = 3

/** How far the runs of a cell have come. */
class Search {
  runs = 0
  effective = 0
  /** The first run with a loss at the broker, and in all copies. */
  atMaster = 0
  everywhere = 0

  /** A loss that must not be, whatever else struck or did not. */
  contradiction = false

  add({ effective, atMaster, everywhere }: Losses, fate: Fate): void {
    this.runs++
    if (fate === 'kept' ? atMaster : fate === 'slave' && everywhere) this.contradiction = true
    if (!effective) return
    this.effective++
    if (atMaster && this.atMaster === 0) this.atMaster = this.runs
    if (everywhere && this.everywhere === 0) this.everywhere = this.runs
  }

  /** The loss that must be seen, if one must. */
  private foundFor(fate: Fate): boolean {
    return fate === 'kept' || (fate === 'slave' ? this.atMaster > 0 : this.everywhere > 0)
  }

  isDone(fate: Fate, enough: number): boolean {
    const patience = this.foundFor(fate) ? PATIENCE : PATIENCE_FOR_LOSS
    return this.contradiction || this.isProven(fate, enough) || this.runs >= enough * patience
  }

  isProven(fate: Fate, enough: number): boolean {
    return !this.contradiction && this.foundFor(fate) && (fate === 'lost' || this.effective >= enough)
  }

  reason(fate: Fate, enough: number): string {
    const held = `nothing is lost for good in ${this.effective} runs that put it to the test`
    if (this.contradiction) return `run ${this.runs} loses what is kept here`
    if (!this.foundFor(fate)) return `it may be lost here, and none of ${this.runs} runs loses any`
    if (fate === 'lost') return `run ${this.everywhere} loses some`
    if (this.effective < enough) return `only ${this.effective} of ${this.runs} runs put it to the test`
    return fate === 'slave' ? `run ${this.atMaster} loses some at the master; ${held}` : held
  }
}

/** What contradicts the cell, shrunk and kept like any other failure. */
async function keepLoss(result: RunResult, fate: Fate, options: ProofOptions): Promise<string> {
  const [first, second] = fate === 'slave' ? (['DUR-5', 'DUR-1'] as const) : (['DUR-1', 'DUR-5'] as const)
  const guarantee = judgementOf(result, first)?.verdict === 'violated' ? first : second
  const raw = judgementOf(result, guarantee)?.verdict !== 'violated'
  const shrunk = await shrinkFailure(options.subject, result, { guarantee, raw }, { signal: options.signal, ...options.shrink })
  return options.keeper === undefined ? '' : keepFailure(options.keeper, { shrunk, original: result.plan })
}

export async function proveCell(cell: LossCell, options: ProofOptions): Promise<LossResult> {
  const { subject, version, effectiveRuns: enough = EFFECTIVE_RUNS } = options
  const { fate } = lossPromise(subject.contract, await headerOf(subject, cell.mode, cell.copies, version), cell.fault, cell.copies.keeper)
  const draw = drawer(subject, drawingOfCell(cell, options))
  const breather = new Breather()
  const search = new Search()
  let last: RunResult | null = null
  while (!search.isDone(fate, enough) && options.signal?.aborted !== true) {
    last = await runPlan(subject, draw(search.runs + 1), { only: ['DUR-1', 'DUR-5'] })
    search.add(lossesOf(last, cell), fate)
    await breather.breathe()
  }
  const ok = search.isProven(fate, enough)
  return {
    cell: cell.id,
    configuration: `${cell.mode.title}; ${cell.copies.title}`,
    fault: cell.fault.title,
    fate,
    ok,
    runs: search.runs,
    effective: search.effective,
    rateMax: ok && fate !== 'lost' ? THREE / search.effective : null,
    reason: search.reason(fate, enough),
    dir: search.contradiction && last !== null ? await keepLoss(last, fate, options) : '',
  }
}
