/** `mqproof mutants`: the kill matrix. Each planted bug must be found, by the guarantee that it breaks. */
import type { Command } from 'commander'
import { killMutant } from '../../harness/kill-matrix.ts'
import type { MutantResult, MutantsDocument } from '../../report/document.ts'
import { killTable } from '../../report/kill-table.ts'
import { counted } from '../../report/numbers.ts'
import { VERSION } from '../../version.ts'
import { mutantFor, subjectFor } from '../context.ts'
import type { Context } from '../context.ts'
import { pathOf } from '../files.ts'
import { EXIT } from '../io.ts'
import { integer, list, seed } from '../options.ts'
import { printJson } from '../publish.ts'
import { toStory } from '../story.ts'
import type { Exit } from './exit.ts'

const SEEDS = 10
const RUNS = 1_000

interface MutantsOptions {
  readonly system?: string
  readonly only?: string[]
  readonly seeds: number
  readonly runs: number
  readonly seed: string
  readonly out?: string
  readonly json?: true
}

const outcomeOf = ({ killed, runs }: MutantResult): string => (killed ? `killed after ${counted(runs ?? 0, 'run')}` : 'SURVIVED')

export async function mutants(context: Context, options: MutantsOptions): Promise<number> {
  const { io, registry } = context
  const chosen = options.only?.map((id) => mutantFor(context, id)) ?? registry.mutants
  const subject = subjectFor(context, options.system)
  // Without a place to keep them, what was found is only counted: a matrix has hundreds.
  const keeper = options.out === undefined ? undefined : { root: pathOf(io, options.out), toStory }
  const results: MutantResult[] = []
  for (const mutant of chosen) {
    if (io.signal.aborted) break
    const limits = { seeds: options.seeds, runsMax: options.runs }
    const result = await killMutant(mutant, { subject, version: VERSION, seed: options.seed, ...limits, keeper, signal: io.signal })
    results.push(result)
    context.say(`${mutant.id} (${mutant.guarantee}): ${outcomeOf(result)}`)
  }
  const survivors = results.filter((one) => !one.killed)
  if (options.json === true) printJson(context, { mutants: results } satisfies MutantsDocument)
  else {
    context.print(killTable(results, io.columns, context.colours))
    context.print(`\n${counted(results.length - survivors.length, 'planted bug')} of ${results.length} found.`)
  }
  return survivors.length === 0 ? EXIT.upheld : EXIT.violated
}

const EXAMPLES = `
Exit codes: 0 every planted bug was found by the guarantee that it breaks; 1 one survived.

Examples:
  $ mqproof mutants
  $ mqproof mutants --only ack-before-force --out found
  $ mqproof mutants --seeds 3 --json       # quicker, and less sure`

export function addMutants(program: Command, context: Context, exit: Exit): void {
  program
    .command('mutants')
    .description('the kill matrix: plant each bug, and see it found')
    .option('--system <id>', `the system under test (${context.registry.systems.join(', ')})`)
    .option('--only <ids>', 'only these planted bugs (mqproof list mutants)', list('--only'))
    .option('--seeds <n>', 'campaigns for each bug; what counts is the median', integer('--seeds', 1, 1000), SEEDS)
    .option('--runs <n>', 'how many runs each campaign may take', integer('--runs', 1), RUNS)
    .option('--seed <seed>', 'the seed', seed, '1')
    .option('--out <dir>', 'keep what was found, shrunk, in this folder')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (options: MutantsOptions) => exit(await mutants(context, options)))
}
