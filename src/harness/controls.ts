/**
 * Controls: for each guarantee a place where it must hold, and one where it must be seen to break. A checker that finds nothing where
 * something is known to break proves nothing anywhere else.
 */
import type { GuaranteeId } from '../check/checker.ts'
import { narrow } from '../generate/narrow.ts'
import { presetOf } from '../generate/presets.ts'
import type { Config } from '../generate/shapes.ts'
import type { FaultKind } from '../plan/faults.ts'
import type { Receiver, Strategy } from '../plan/plan.ts'
import { Breather } from './breather.ts'
import { drawer, type Drawing } from './drawing.ts'
import type { Subject } from './executor.ts'
import { keepFailure, type Keeper } from './keep.ts'
import { judgementOf, runPlan, type RunResult } from './run-plan.ts'
import { anomalyOf, shrinkFailure, type ShrinkBudget } from './shrink-failure.ts'

export interface Control {
  readonly guarantee: GuaranteeId
  readonly control: 'holds' | 'breaks'
  readonly preset: string
  /** In place of the preset's configurations. */
  readonly config?: Config
  /** The configuration in words. */
  readonly cell: string
  /** The only kinds of faults that occur; all of the preset's when absent. */
  readonly kinds?: readonly FaultKind[]
  readonly mutant?: string
  /** Only what is excused because this switch is off counts as broken. */
  readonly repair?: string
  /** What the listeners of all groups do. */
  readonly receiver?: Receiver
  /** How groups deal out their queues. */
  readonly strategies?: readonly Strategy[]
  /** Several applications share the name of a group. */
  readonly namesakes?: boolean
  /** Runs to look at (holds), or to find a case within (breaks). */
  readonly runs: number
}

/** One line of `mqproof controls --json`. */
export interface ControlResult {
  readonly guarantee: string
  readonly control: 'holds' | 'breaks'
  readonly preset: string
  readonly cell: string
  readonly fault: string
  readonly ok: boolean
  readonly runs: number
  readonly reason: string
  readonly dir: string
  readonly summary: string
}

export interface ControlOptions {
  readonly subject: Subject
  readonly seed: string
  readonly version: string
  readonly keeper?: Keeper | undefined
  readonly shrink?: ShrinkBudget | undefined
  readonly signal?: AbortSignal | undefined
}

/** A guarantee that holds must have been put to the test at least this often. */
const EXERCISED_MIN = 10

const faultText = ({ kinds }: Control): string => (kinds === undefined ? 'any' : kinds.length === 0 ? 'none' : kinds.join(', '))

function drawingOf(control: Control, { seed, version }: ControlOptions): Drawing {
  const preset = narrow(presetOf(control.preset), control)
  return { preset, seed: `${seed}/${control.guarantee}/${control.control}`, version, mutant: control.mutant }
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

type Outcome = Pick<ControlResult, 'ok' | 'runs' | 'reason' | 'dir' | 'summary'>

/** Looks at runs until one satisfies `stop`, or there are enough. */
async function lookAt(
  control: Control,
  options: ControlOptions,
  stop: (result: RunResult) => boolean,
): Promise<{ runs: number; result: RunResult | null }> {
  const draw = drawer(options.subject, drawingOf(control, options))
  const breather = new Breather()
  for (let run = 1; run <= control.runs && options.signal?.aborted !== true; run++) {
    const result = await runPlan(options.subject, draw(run), { only: [control.guarantee] })
    if (stop(result)) return { runs: run, result }
    await breather.breathe()
  }
  return { runs: control.runs, result: null }
}

async function mustBreak(control: Control, options: ControlOptions): Promise<Outcome> {
  const { guarantee, repair } = control
  const target = repair === undefined ? { guarantee, raw: true } : { guarantee, repair }
  const { runs, result } = await lookAt(control, options, (one) => anomalyOf(one, target) !== undefined)
  if (result === null) return { ok: false, runs, reason: `a violation is demanded here, and ${runs} runs found none`, dir: '', summary: '' }
  const shrunk = await shrinkFailure(options.subject, result, target, { signal: options.signal, ...options.shrink })
  const dir = options.keeper === undefined ? '' : keepFailure(options.keeper, { shrunk, original: result.plan })
  const { workload, faults } = shrunk.plan
  return {
    ok: true,
    runs,
    reason: `it takes ${counted(workload.length, 'operation')} and ${counted(faults.length, 'fault')}`,
    dir,
    summary: shrunk.anomaly.summary,
  }
}

async function mustHold(control: Control, options: ControlOptions): Promise<Outcome> {
  let exercised = 0
  let unknown = 0
  const { runs, result } = await lookAt(control, options, (one) => {
    const judgement = judgementOf(one, control.guarantee)
    if (judgement?.exercised === true && judgement.promise !== 'none') exercised++
    if (judgement?.verdict === 'unknown') unknown++
    return judgement?.verdict === 'violated'
  })
  if (result !== null) {
    const shrunk = await shrinkFailure(
      options.subject,
      result,
      { guarantee: control.guarantee },
      { signal: options.signal, ...options.shrink },
    )
    const dir = options.keeper === undefined ? '' : keepFailure(options.keeper, { shrunk, original: result.plan })
    return { ok: false, runs, reason: 'it is promised here, and was violated', dir, summary: shrunk.anomaly.summary }
  }
  const plain = { runs, dir: '', summary: '' }
  if (unknown * 100 > runs) return { ok: false, reason: `${unknown} of ${runs} runs could not be judged`, ...plain }
  if (exercised < EXERCISED_MIN) return { ok: false, reason: `only ${exercised} of ${runs} runs could have broken it`, ...plain }
  return { ok: true, reason: `held in the ${exercised} runs that could have broken it`, ...plain }
}

export async function runControl(control: Control, options: ControlOptions): Promise<ControlResult> {
  const { guarantee, preset, cell } = control
  const outcome = control.control === 'breaks' ? await mustBreak(control, options) : await mustHold(control, options)
  return { guarantee, control: control.control, preset, cell, fault: faultText(control), ...outcome }
}
