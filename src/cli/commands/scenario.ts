/** `mqproof scenario`: runs stories and compares what is seen with what they say. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { storyVerdicts } from '../../harness/failure.ts'
import { runPlan } from '../../harness/run-plan.ts'
import { InputError, PlanRefused } from '../../plan/input-error.ts'
import type { ScenarioDocument } from '../../report/document.ts'
import { counted } from '../../report/numbers.ts'
import { parseScenario } from '../../scenario/parse.ts'
import { refusedIn } from '../../scenario/refused.ts'
import { compareScenario } from '../../scenario/scenario-file.ts'
import { subjectFor } from '../context.ts'
import type { Context } from '../context.ts'
import { isDirectory, pathOf, readText, writeText } from '../files.ts'
import { EXIT } from '../io.ts'
import type { Io } from '../io.ts'
import { printJson } from '../publish.ts'
import { fileNamed, noSuchFile, storiesAbout, storyIds, storyPath } from '../shipped-stories.ts'
import type { Exit } from './exit.ts'

interface ScenarioOptions {
  readonly update?: true
  readonly json?: true
}

type Seen = ScenarioDocument['scenarios'][number]

const DIFFERENT_LINES = 3

function filesIn(io: Io, folder: string): string[] {
  const found = readdirSync(pathOf(io, folder))
    .filter((name) => name.endsWith('.scenario'))
    .sort((x, y) => (x < y ? -1 : 1))
  if (found.length === 0) throw new InputError(`${folder}: no .scenario file in it`)
  return found.map((name) => join(folder, name))
}

/** What people have of their own comes first; names are of stories, then of guarantees. */
function filesNamed(io: Io, name: string): string[] {
  if (isDirectory(io, name)) return filesIn(io, name)
  const file = fileNamed(io, name)
  const files = file === null ? storiesAbout(io, name) : [file]
  if (files.length === 0) throw noSuchFile(name)
  return files
}

/** All that ship, or those that were named; each once. */
function filesOf(io: Io, named: readonly string[]): string[] {
  if (named.length === 0) return storyIds().map((id) => storyPath(io, id))
  return [...new Set(named.flatMap((name) => filesNamed(io, name)))]
}

async function playScenario(context: Context, file: string, update: boolean): Promise<Seen> {
  const text = readText(context.io, file)
  const scenario = parseScenario(text, file)
  const { events, judgements } = await runPlan(subjectFor(context, scenario.plan.system), scenario.plan).catch((error: unknown) => {
    throw error instanceof PlanRefused ? refusedIn(text, file, error) : error
  })
  const seen = compareScenario(text, scenario, { events, verdictLines: storyVerdicts(judgements, scenario.guarantees) })
  const write = update && !seen.ok
  if (write) writeText(context.io, file, seen.updated)
  return { file, ok: seen.ok || write, updated: write, expected: seen.expected, actual: seen.actual }
}

/** The first lines that differ: enough to see what changed. */
function differences({ expected, actual }: Seen): string[] {
  const [before, now] = [expected.split('\n'), actual.split('\n')]
  const at = now.findIndex((line, i) => line !== before[i])
  if (at === -1 && before.length <= now.length) return ['    the transcript is the same; its form or the lines above it differ']
  const from = at === -1 ? now.length : at
  const take = (mark: string, lines: readonly string[]): string[] =>
    lines.slice(from, from + DIFFERENT_LINES).map((line) => `    ${mark} ${line}`)
  return [...take('-', before), ...take('+', now)]
}

function show(context: Context, seen: Seen): void {
  const { green, red, yellow } = context.colours
  if (seen.updated) context.print(`${yellow('updated')}  ${seen.file}`)
  else context.print(`${seen.ok ? green('same') : red('differs')}  ${seen.file}`)
  if (!seen.ok) context.print(differences(seen).join('\n'))
}

export async function scenario(context: Context, named: readonly string[], options: ScenarioOptions): Promise<number> {
  const scenarios: Seen[] = []
  for (const file of filesOf(context.io, named)) {
    if (context.io.signal.aborted) break
    const seen = await playScenario(context, file, options.update ?? false)
    scenarios.push(seen)
    if (options.json !== true) show(context, seen)
  }
  const different = scenarios.filter((one) => !one.ok).length
  if (options.json === true) printJson(context, { scenarios } satisfies ScenarioDocument)
  else if (different > 0) {
    context.print(
      `\n${counted(different, 'scenario')} of ${scenarios.length} saw something else. If that is right: mqproof scenario --update`,
    )
  }
  return different === 0 ? EXIT.upheld : EXIT.violated
}

const EXAMPLES = `
Exit codes: 0 each saw what its file says; 1 some saw something else.

Examples:
  $ mqproof scenario
  $ mqproof scenario dur-1-sync-flush-survives-power-loss
  $ mqproof scenario GRP-1
  $ mqproof scenario my-story.scenario --update`

export function addScenario(program: Command, context: Context, exit: Exit): void {
  program
    .command('scenario')
    .description('run stories, and compare what is seen with what they say')
    .argument(
      '[files...]',
      'scenario files or folders, stories that ship by name (mqproof list scenarios), or ids of guarantees; all that ship when absent',
    )
    .option('--update', 'write what was seen into the files: what follows the second "----" of a story')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (files: string[], options: ScenarioOptions) => exit(await scenario(context, files, options)))
}
