/** `mqproof mutants`: the kill matrix. Each planted bug must be found, by the guarantee that it breaks. */
import type { Command } from 'commander'
import { inOrder } from '../../harness/in-order.ts'
import { performIn } from '../../harness/worker-tasks.ts'
import type { MutantResult, MutantsDocument } from '../../report/document.ts'
import { killTable } from '../../report/kill-table.ts'
import { counted } from '../../report/numbers.ts'
import { VERSION } from '../../version.ts'
import { mutantFor, subjectFor } from '../context.ts'
import type { Context } from '../context.ts'
import { pathOf } from '../files.ts'
import { EXIT } from '../io.ts'
import { jobsOption, withPool, type JobsOption } from '../jobs.ts'
import { integer, list, seed } from '../options.ts'
import { printJson } from '../publish.ts'
import { toStory } from '../story.ts'
import type { Exit } from './exit.ts'

const SEEDS = 10
const RUNS = 1_000

interface MutantsOptions extends JobsOption {
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
  const root = options.out === undefined ? undefined : pathOf(io, options.out)
  const common = { system: subject.system, seed: options.seed, version: VERSION, seeds: options.seeds, runsMax: options.runs, root }
  const conditions = { subjectOf: () => subject, toStory, signal: io.signal }
  const results: MutantResult[] = await withPool(context, options.jobs, chosen.length, (pool) =>
    inOrder({
      items: chosen,
      width: pool?.size ?? 1,
      work: ({ id, guarantee, bug, preset }) =>
        performIn(pool, { do: 'mutant', bug: { id, guarantee, bug, preset }, ...common }, conditions),
      tell: ({ id, guarantee }, result) => context.say(`${id} (${guarantee}): ${outcomeOf(result)}`),
      signal: io.signal,
    }),
  )
  const survivors = results.filter((one) => !one.killed)
  if (io.signal.aborted) context.say('Interrupted: this is how far it got.')
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
  $ mqproof mutants --seeds 3 --json       # quicker, and less sure
  $ mqproof mutants --jobs 1               # without threads, which leaves the machine to others`

export function addMutants(program: Command, context: Context, exit: Exit): void {
  program
    .command('mutants')
    .description('the kill matrix: plant each bug, and see it found')
    .option('--system <id>', `the system under test (${context.registry.systems.join(', ')})`)
    .option('--only <ids>', 'only these planted bugs (mqproof list mutants)', list('--only'))
    .option('--seeds <n>', 'campaigns for each bug; what counts is the median', integer('--seeds', 1, 1000), SEEDS)
    .option('--runs <n>', 'how many runs each campaign may take', integer('--runs', 1), RUNS)
    .option('--seed <seed>', 'the seed', seed, '1')
    .addOption(jobsOption())
    .option('--out <dir>', 'keep what was found, shrunk, in this folder')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (options: MutantsOptions) => exit(await mutants(context, options)))
}
