/** What can be done in another thread, as plain data, and how it is done there. */
import { runControl, type Control, type ControlResult } from './controls.ts'
import type { Subject } from './executor.ts'
import type { Keeper, ToStory } from './keep.ts'
import { cellNamed } from './loss-cells.ts'
import { proveCell, type LossResult } from './loss-proof.ts'
import { killMutant, type MutantResult, type PlantedBug } from './kill-matrix.ts'
import { scout, type Errand } from './scout.ts'
import type { WorkerPool } from './worker-pool.ts'

interface Common {
  readonly system: string
  readonly seed: string
  readonly version: string
  /** Where what is found is kept, if it is. */
  readonly root?: string | undefined
}
export type ControlTask = Common & { readonly do: 'control'; readonly control: Control }
export type CellTask = Common & { readonly do: 'cell'; readonly cell: string }
export type MutantTask = Common & { readonly do: 'mutant'; readonly bug: PlantedBug; readonly seeds: number; readonly runsMax: number }
export type RunsTask = Errand & { readonly do: 'runs'; readonly system: string }
export type Task = ControlTask | CellTask | MutantTask | RunsTask

/** What a thread has from the start, since it can't be sent there. */
export interface Equipment {
  subjectOf(system: string): Subject
  readonly toStory?: ToStory | undefined
}

export interface Conditions extends Equipment {
  readonly signal?: AbortSignal | undefined
  /** Hears of parts of the answer. */
  readonly tell?: (part: unknown) => void
}

const keeperIn = ({ root }: Common, { toStory }: Equipment): Keeper | undefined => (root === undefined ? undefined : { root, toStory })

export function perform(task: Task, conditions: Conditions): Promise<unknown> {
  const subject = conditions.subjectOf(task.system)
  if (task.do === 'runs') return scout(subject, task, conditions.tell ?? (() => undefined))
  const { seed, version } = task
  const common = { subject, seed, version, keeper: keeperIn(task, conditions), signal: conditions.signal }
  if (task.do === 'control') return runControl(task.control, common)
  if (task.do === 'cell') return proveCell(cellNamed(task.cell), common)
  return killMutant(task.bug, { ...common, seeds: task.seeds, runsMax: task.runsMax })
}

type ResultOf<T extends Task> = T extends ControlTask
  ? ControlResult
  : T extends CellTask
    ? LossResult
    : T extends MutantTask
      ? MutantResult
      : never

/** Here, or in a thread. */
export async function performIn<T extends ControlTask | CellTask | MutantTask>(
  pool: WorkerPool | undefined,
  task: T,
  conditions: Conditions,
): Promise<ResultOf<T>> {
  return (await (pool === undefined ? perform(task, conditions) : pool.give(task))) as ResultOf<T>
}
