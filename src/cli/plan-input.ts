/** The plans that users name: a plan file, a failure directory, or a scenario, of their own or one that ships. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Event } from '../history/event.ts'
import { readHistory } from '../harness/history-file.ts'
import { InputError, parseJson, parseWith } from '../plan/input-error.ts'
import { Cluster, Plan } from '../plan/plan.ts'
import { parseScenario } from '../scenario/parse.ts'
import { isDirectory, pathOf, readText } from './files.ts'
import type { Io } from './io.ts'
import { fileNamed, noSuchFile } from './shipped-stories.ts'

export interface PlanInput {
  readonly plan: Plan
  /** The failure directory it came from; empty when it is a file of its own. */
  readonly dir: string
  readonly recorded: readonly Event[] | undefined
}

function inDirectory(io: Io, dir: string): PlanInput {
  const file = join(dir, 'plan.json')
  if (!existsSync(pathOf(io, file))) throw new InputError(`${dir}: no plan.json in it: name a plan or a failure directory`)
  const history = join(dir, 'history.jsonl')
  const recorded = existsSync(pathOf(io, history)) ? readHistory(readText(io, history), history).events : undefined
  return { plan: parseWith(Plan, parseJson(readText(io, file), file), file), dir, recorded }
}

export function readPlan(io: Io, name: string): PlanInput {
  if (isDirectory(io, name)) return inDirectory(io, name)
  const path = fileNamed(io, name)
  if (path === null) throw noSuchFile(name)
  const text = readText(io, path)
  const plan = path.endsWith('.scenario') ? parseScenario(text, path).plan : parseWith(Plan, parseJson(text, path), path)
  return { plan, dir: '', recorded: undefined }
}

export const readCluster = (io: Io, path: string): Cluster => parseWith(Cluster, parseJson(readText(io, path), path), path)
