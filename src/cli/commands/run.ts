/** `mqproof run`: a campaign of generated plans against the reference. */
import type { Command } from 'commander'
import { runCampaign } from '../../harness/campaign.ts'
import { FAILURES } from '../../harness/keep.ts'
import { InputError } from '../../plan/input-error.ts'
import { Progress } from '../../report/progress.ts'
import { VERSION } from '../../version.ts'
import { mutantFor, subjectFor } from '../context.ts'
import type { Context } from '../context.ts'
import { pathOf } from '../files.ts'
import { jobsOption, withPool, type JobsOption } from '../jobs.ts'
import { freshSeed, durationMs, integer, list, seed } from '../options.ts'
import { readCluster } from '../plan-input.ts'
import { publish } from '../publish.ts'
import { onlyOf, presetNamed } from '../selection.ts'
import { toStory } from '../story.ts'
import { exitFor } from '../verdict-exit.ts'
import type { Exit } from './exit.ts'

const DEFAULT_RUNS = 500
/** A thread takes as long to start as it takes for this many runs. */
const RUNS_A_THREAD = 100

interface RunOptions extends JobsOption {
  readonly system?: string
  readonly preset?: string
  readonly cluster?: string
  readonly runs?: number
  readonly time?: number
  readonly seed?: string
  readonly run?: number
  readonly only?: string[]
  readonly mutant?: string
  readonly out?: string
  readonly json?: true
  readonly junit?: string
}

function extent(options: RunOptions): { firstRun?: number; runs?: number | undefined; timeMs?: number | undefined } {
  if (options.run !== undefined) {
    if (options.runs !== undefined || options.time !== undefined) throw new InputError('--run repeats one run: leave out --runs and --time')
    if (options.seed === undefined) throw new InputError('--run repeats one run of a campaign: say which by --seed')
    return { firstRun: options.run, runs: 1 }
  }
  if (options.runs === undefined && options.time === undefined) return { runs: DEFAULT_RUNS }
  return { runs: options.runs, timeMs: options.time }
}

export async function run(context: Context, options: RunOptions): Promise<number> {
  const { io } = context
  const subject = subjectFor(context, options.system)
  const mutant = options.mutant === undefined ? undefined : mutantFor(context, options.mutant)
  const preset = presetNamed(options.preset ?? mutant?.preset ?? 'default')
  const cluster = options.cluster === undefined ? undefined : readCluster(io, options.cluster)
  const only = onlyOf(options.only)
  const progress = new Progress(io.stderr, io.isTTY, io.columns)
  const { firstRun, runs, timeMs } = extent(options)
  const threads = (runs ?? Infinity) / (options.jobs === undefined ? RUNS_A_THREAD : 1)
  const { document, interrupted } = await withPool(context, options.jobs, threads, (pool) =>
    runCampaign({
      subject,
      preset,
      cluster,
      only,
      mutant: mutant?.id,
      seed: options.seed ?? freshSeed(),
      version: VERSION,
      firstRun,
      runs,
      timeMs,
      signal: io.signal,
      pool,
      keeper: { root: pathOf(io, options.out ?? FAILURES), toStory },
      onProgress: (state) => progress.update(state),
    }),
  )
  progress.end()
  if (interrupted) context.say('Interrupted: this is how far it got.')
  publish(context, { ...document }, options)
  return exitFor(document.guarantees)
}

const EXAMPLES = `
Examples:
  $ mqproof run --runs 1000
  $ mqproof run --preset sync --time 1m --only DUR,ORD-1
  $ mqproof run --seed 7 --run 431          # one run of a campaign again
  $ mqproof run --mutant ack-before-force   # with a planted bug
  $ mqproof run --runs 5000 --jobs 4        # in four threads: sooner, with the same outcome
  $ mqproof run --json --junit report.xml > run.json`

export function addRun(program: Command, context: Context, exit: Exit): void {
  program
    .command('run')
    .description('generate plans, run them, judge them, and shrink what fails')
    .option('--system <id>', `the system under test (${context.registry.systems.join(', ')})`)
    .option('--preset <name>', 'which plans to draw (mqproof list presets); default, or with --mutant those that show the bug')
    .option('--cluster <file>', 'a cluster as JSON, in place of the generated ones')
    .option('--runs <n>', `how many runs (${DEFAULT_RUNS} without --time)`, integer('--runs', 1))
    .option('--time <duration>', 'stop after this long, such as 30s or 10m', durationMs('--time'))
    .option('--seed <seed>', 'the seed of the campaign (a fresh one, which is printed)', seed)
    .option('--run <k>', 'only run K of the campaign', integer('--run', 1))
    .option('--only <ids>', 'judge only these guarantees or families, such as DUR-1,ORD', list('--only'))
    .option('--mutant <id>', 'plant a bug (mqproof list mutants)')
    .addOption(jobsOption())
    .option('--out <dir>', `where failures are kept (${FAILURES})`)
    .option('--json', 'one JSON document on standard output')
    .option('--junit <file>', 'write a JUnit report')
    .addHelpText('after', EXAMPLES)
    .action(async (options: RunOptions) => exit(await run(context, options)))
}
