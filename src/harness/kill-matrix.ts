/** The kill matrix: every planted bug must be found, by the guarantee that it is said to break, by the generator as it ships. */
import type { GuaranteeId } from '../check/checker.ts'
import { stripHistory } from '../check/strip.ts'
import { presetOf } from '../generate/presets.ts'
import type { Plan } from '../plan/plan.ts'
import { Breather } from './breather.ts'
import { drawer } from './drawing.ts'
import type { Subject } from './executor.ts'
import { operationsIn } from './failure.ts'
import { keepFailure, type Keeper } from './keep.ts'
import { judgeHistory, runPlan, violated, type RunResult } from './run-plan.ts'
import { shrinkFailure, type ShrinkBudget, type ShrunkFailure } from './shrink-failure.ts'

export interface PlantedBug {
  readonly id: string
  /** What it must break. */
  readonly guarantee: GuaranteeId
  readonly bug: string
  /** The preset that finds it soonest, where that is not the default. */
  readonly preset?: string | undefined
}

/** One line of `mqproof mutants --json`. */
export interface MutantResult {
  readonly id: string
  readonly guarantee: string
  readonly bug: string
  readonly killed: boolean
  /** How many of the seeds' runs that killed it violated which guarantee. */
  readonly killedBy: Record<string, number>
  /** The median over the seeds, those that found nothing counting as worst; null where most found nothing. */
  readonly runs: number | null
  readonly shrunk: { readonly operations: number; readonly faults: number } | null
  readonly wallMs: number
  /** Still violated when only what clients saw is judged. */
  readonly blackBox: boolean
}

export interface KillOptions {
  readonly subject: Subject
  readonly version: string
  readonly seed: string
  /** How many seeds, and how many runs each may take. */
  readonly seeds?: number | undefined
  readonly runsMax?: number | undefined
  readonly keeper?: Keeper | undefined
  readonly shrink?: ShrinkBudget | undefined
  readonly signal?: AbortSignal | undefined
}

interface Kill {
  readonly runs: number
  readonly result: RunResult
}

const SEEDS = 10
const RUNS_MAX = 1_000

const kills = (result: RunResult, guarantee: GuaranteeId): boolean => violated(result).some((one) => one.id === guarantee)

/** The plan breaks the guarantee without the planted bug too: then it is not the bug that was found. */
async function sameWithout(subject: Subject, plan: Plan, guarantee: GuaranteeId): Promise<boolean> {
  const sound: Plan = { ...plan }
  delete sound.mutant
  return kills(await runPlan(subject, sound, { only: [guarantee] }), guarantee)
}

async function hunt(bug: PlantedBug, seed: string, options: KillOptions): Promise<Kill | null> {
  const { subject, version, runsMax = RUNS_MAX, signal } = options
  const draw = drawer(subject, { preset: presetOf(bug.preset ?? 'default'), seed, version, mutant: bug.id })
  const breather = new Breather()
  for (let run = 1; run <= runsMax && signal?.aborted !== true; run++) {
    const result = await runPlan(subject, draw(run), { promisedOnly: true })
    if (kills(result, bug.guarantee) && !(await sameWithout(subject, result.plan, bug.guarantee))) return { runs: run, result }
    await breather.breathe()
  }
  return null
}

/** The middle of the seeds; a seed that found nothing took for ever. */
function median(runs: readonly number[], seeds: number): number | null {
  const sorted = [...runs, ...Array.from({ length: seeds - runs.length }, () => Infinity)].sort((x, y) => (x === y ? 0 : x - y))
  const middle = sorted[Math.floor((seeds - 1) / 2)] ?? Infinity
  return middle === Infinity ? null : middle
}

/** What a foreign broker would have shown. */
function seenFromOutside(subject: Subject, { outcome, events }: RunResult): boolean {
  const bare = stripHistory({ header: outcome.header, events })
  return violated(judgeHistory(subject.contract, bare.header, bare.events, outcome.drain)).length > 0
}

function countKills(found: readonly Kill[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { result } of found) for (const { id } of violated(result)) counts[id] = (counts[id] ?? 0) + 1
  return counts
}

async function shrinkFirst(bug: PlantedBug, found: readonly Kill[], options: KillOptions): Promise<ShrunkFailure | null> {
  const [first] = found
  if (first === undefined) return null
  const shrunk = await shrinkFailure(
    options.subject,
    first.result,
    { guarantee: bug.guarantee },
    { signal: options.signal, ...options.shrink },
  )
  if (options.keeper !== undefined) keepFailure(options.keeper, { shrunk, original: first.result.plan })
  return shrunk
}

export async function killMutant(bug: PlantedBug, options: KillOptions): Promise<MutantResult> {
  const startMs = performance.now()
  const { seeds = SEEDS, subject } = options
  const found: Kill[] = []
  for (let k = 1; k <= seeds && options.signal?.aborted !== true; k++) {
    const kill = await hunt(bug, `${options.seed}/${k}`, options)
    if (kill !== null) found.push(kill)
  }
  const runs = median(
    found.map((kill) => kill.runs),
    seeds,
  )
  const shrunk = await shrinkFirst(bug, found, options)
  return {
    id: bug.id,
    guarantee: bug.guarantee,
    bug: bug.bug,
    killed: runs !== null,
    killedBy: countKills(found),
    runs,
    shrunk: shrunk === null ? null : { operations: operationsIn(shrunk.plan), faults: shrunk.plan.faults.length },
    wallMs: Math.round(performance.now() - startMs),
    blackBox: found.some(({ result }) => seenFromOutside(subject, result)),
  }
}
