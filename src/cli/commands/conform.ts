/** `mqproof conform`: the same plans and checkers against a real broker, under real faults. */
import type { Command } from 'commander'
import { FAILURES } from '../../harness/keep.ts'
import { runConform } from '../../live/conform/campaign.ts'
import type { ConformDocument, ConformFailure } from '../../live/conform/document.ts'
import { KnownFailures, KnownFile } from '../../live/conform/known.ts'
import { livePlans } from '../../live/plans.ts'
import { InputError, parseJson, parseWith } from '../../plan/input-error.ts'
import { conformReport } from '../../report/conform-report.ts'
import { junit } from '../../report/junit.ts'
import { Progress, roundsLine } from '../../report/progress.ts'
import { VERSION } from '../../version.ts'
import { checkAdapter } from '../check-adapter.ts'
import { conformExit, reported } from '../conform-exit.ts'
import type { Context } from '../context.ts'
import { dryRun } from '../dry-run.ts'
import { pathOf, readText, shownPath, writeText } from '../files.ts'
import { liveControls, SIDE_BY_SIDE } from '../live-controls.ts'
import { tellingWaits } from '../live-waits.ts'
import { demandInstalled, liveSettings, manifestFor, openLive, type LiveOptions, type LiveSettings } from '../live-settings.ts'
import { collect, durationMs, freshSeed, integer, list, seed } from '../options.ts'
import { printJson } from '../publish.ts'
import { onlyOf } from '../selection.ts'
import { toStory } from '../story.ts'
import type { Exit } from './exit.ts'

const DEFAULT_RUNS = 20

export interface ConformOptions extends LiveOptions {
  readonly only?: string[]
  readonly runs?: number
  readonly time?: number
  readonly seed?: string
  readonly run?: number
  readonly known?: string
  readonly bail?: true
  readonly controls?: true
  readonly checkAdapter?: true
  readonly record?: string
  readonly sideBySide?: number
  readonly dryRun?: true
  readonly out?: string
  readonly json?: true
  readonly junit?: string
}

export interface Extent {
  readonly firstRun?: number
  readonly runs?: number | undefined
  readonly timeMs?: number | undefined
}

function extentOf(options: ConformOptions): Extent {
  if (options.run !== undefined) {
    if (options.runs !== undefined || options.time !== undefined)
      throw new InputError('--run repeats one round: leave out --runs and --time')
    if (options.seed === undefined) throw new InputError('--run repeats one round of a campaign: say which by --seed')
    return { firstRun: options.run, runs: 1 }
  }
  if (options.runs === undefined && options.time === undefined) return { runs: DEFAULT_RUNS }
  return { runs: options.runs, timeMs: options.time }
}

function knownFrom(context: Context, file: string | undefined): KnownFailures {
  if (file === undefined) return new KnownFailures([])
  return new KnownFailures(parseWith(KnownFile, parseJson(readText(context.io, file), file), file).failures)
}

function publishConform(context: Context, document: ConformDocument, options: ConformOptions): void {
  const { io } = context
  if (options.junit !== undefined) writeText(io, options.junit, junit(reported(document)))
  if (options.json === true) return printJson(context, document)
  const failures = document.failures.map((one) => (one.dir === '' ? one : { ...one, dir: shownPath(io, one.dir) }))
  context.print(conformReport({ ...document, failures }, io.columns, context.colours))
}

async function campaign(context: Context, settings: LiveSettings, options: ConformOptions): Promise<number> {
  const { io } = context
  const extent = extentOf(options)
  const only = onlyOf(options.only)
  const known = knownFrom(context, options.known)
  const drawing = { seed: options.seed ?? freshSeed(), version: VERSION, faults: settings.faults }
  const progress = new Progress(io.stderr, io.isTTY, io.columns, roundsLine)
  const onWait = tellingWaits(context, progress)
  const tell = ({ guarantee, summary, dir }: ConformFailure): void => {
    progress.end()
    context.say(`${guarantee}: ${summary}${dir === '' ? '' : ` (${shownPath(io, dir)})`}`)
  }
  const target = settings.secrets.hide(settings.name)
  context.say(`Starting ${target}; seed ${drawing.seed}.`)
  const document = await runConform({
    target,
    open: () => openLive(context, settings, { signal: io.signal, onWait }),
    plans: (opened) => livePlans(opened, drawing),
    manifest: (opened) => manifestFor(settings, opened),
    version: VERSION,
    seed: drawing.seed,
    ...extent,
    only,
    known,
    bail: options.bail === true,
    keeper: { root: pathOf(io, options.out ?? FAILURES), toStory },
    signal: io.signal,
    onProgress: (state) => progress.update(state),
    onFailure: tell,
  })
  progress.end()
  if (document.interrupted) context.say('Interrupted: this is how far it got.')
  publishConform(context, document, options)
  return conformExit(document)
}

export async function conform(context: Context, name: string | undefined, options: ConformOptions): Promise<number> {
  const settings = await liveSettings(context, name ?? context.registry.targets[0]?.id ?? '', options)
  if (options.dryRun === true) return dryRun(context, settings, { json: options.json, ...extentOf(options) })
  if (options.checkAdapter === true) return checkAdapter(context, settings, options.json)
  await demandInstalled(settings)
  return options.controls === true ? liveControls(context, settings, options) : campaign(context, settings, options)
}

const EXAMPLES = `
TARGET is a name (mqproof list targets), stdio:"COMMAND ARGS" for an adapter in any language, or a module of yours such as ./my-target.js.
Only what mqproof itself has started is ever killed. A broker of your own (--url) gets the faults that you give commands for (--hook).

Exit codes: 0 upheld; 1 something new is violated; 3 could not run, inconclusive, or the target itself misbehaves.

Examples:
  $ mqproof conform --runs 3
  $ mqproof conform reference --config async --faults powerLoss,kill
  $ mqproof conform --bail --time 10m
  $ mqproof conform --dry-run
  $ mqproof conform --known known.json --json --junit report.xml
  $ mqproof conform rocketmq --config sdk --runs 10
  $ mqproof conform rocketmq --url 127.0.0.1:10911 --hook processKill="docker kill mq" --hook start="docker start mq"
  $ mqproof conform rocketmq --controls --only DUR
  $ mqproof conform stdio:"python3 my_adapter.py" --check-adapter
  $ mqproof conform stdio:"python3 my_adapter.py"`

export function addConform(program: Command, context: Context, exit: Exit): void {
  program
    .command('conform')
    .description('try a real broker: the same plans and checkers, under real faults')
    .argument('[target]', `what to try (${context.registry.targets[0]?.id ?? ''})`)
    .option('--config <config>', "one of the target's configurations by name, a JSON file, or JSON itself")
    .option('--faults <kinds>', 'only these kinds of faults (all that can be done here)', list('--faults'))
    .option('--only <ids>', 'judge only these guarantees or families; with --controls also rows', list('--only'))
    .option('--runs <n>', `how many rounds (${DEFAULT_RUNS} without --time)`, integer('--runs', 1))
    .option('--time <duration>', 'stop after this long, such as 30s or 10m', durationMs('--time'))
    .option('--seed <seed>', 'the seed of the campaign (a fresh one, which is printed)', seed)
    .option('--run <k>', 'only round K of the campaign', integer('--run', 1))
    .option(
      '--drain <duration>',
      'how long a round may take to come to rest, first with its clients, then with new ones (30s)',
      durationMs('--drain'),
    )
    .option('--url <url>', 'a broker that is already there')
    .option('--hook <fault=command>', 'your own command as a fault, or as its end: start, heal; may be repeated', collect)
    .option('--known <file>', 'known failures, which do not turn the exit code (spec/formats/known.schema.json)')
    .option('--bail', 'stop after the first round that breaks something new')
    .option('--controls', "run the controls of the target's facts sheet instead: what must break breaks, what must hold holds")
    .option('--record <dir>', 'with --controls: keep the deciding history of each control, compressed')
    .option('--side-by-side <n>', `with --controls: how many brokers are up at a time (${SIDE_BY_SIDE})`, integer('--side-by-side', 1, 16))
    .option('--check-adapter', 'walk an adapter through the protocol, and say which line is wrong (spec/adapter-protocol.md)')
    .option('--dry-run', 'say what would be started, and start nothing')
    .option('--out <dir>', `where failures are kept (${FAILURES})`)
    .option('--json', 'one JSON document on standard output')
    .option('--junit <file>', 'write a JUnit report')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string | undefined, options: ConformOptions) => exit(await conform(context, name, options)))
}
