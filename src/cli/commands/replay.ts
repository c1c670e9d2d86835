/** `mqproof replay`: runs a kept plan again, and says whether it still does what it was kept for. */
import type { Command } from 'commander'
import { judgementOf } from '../../harness/run-plan.ts'
import { replayPlan } from '../../harness/replay.ts'
import type { Difference, ReplayResult } from '../../harness/replay.ts'
import type { Plan } from '../../plan/plan.ts'
import { runReport } from '../../report/run-report.ts'
import { subjectFor } from '../context.ts'
import type { Context } from '../context.ts'
import { EXIT } from '../io.ts'
import { demandTarget, liveReplay } from '../live-replay.ts'
import { collect, durationMs, integer, list } from '../options.ts'
import { readPlan } from '../plan-input.ts'
import { printJson } from '../publish.ts'
import { onlyOf } from '../selection.ts'
import { replayDocument } from '../single-run.ts'
import { transcript } from '../story.ts'
import type { Exit } from './exit.ts'

interface ReplayOptions {
  readonly trace?: true
  readonly withoutMutant?: true
  readonly only?: string[]
  readonly target?: string
  readonly config?: string
  readonly url?: string
  readonly hook?: string[]
  readonly times?: number
  readonly drain?: number
  readonly json?: true
}

function withoutMutant(plan: Plan): Plan {
  const sound = { ...plan }
  delete sound.mutant
  return sound
}

const showDifference = ({ index, recorded, seen }: Difference): string[] => [
  `The first event that differs is number ${index}:`,
  `  kept: ${recorded === undefined ? '(the history ends)' : JSON.stringify(recorded)}`,
  `  seen: ${seen === undefined ? '(the history ends)' : JSON.stringify(seen)}`,
]

function conclusion({ replay, result, difference }: ReplayResult): string[] {
  const guarantee = result.plan.expect?.guarantee
  switch (replay) {
    case 'reproduced':
      return [`Reproduced: ${guarantee ?? 'a guarantee'} is violated, by the same trace (${result.outcome.traceHash}).`]
    case 'other-trace':
      return [
        `Violated again, but on another trace (${result.outcome.traceHash}).`,
        ...(difference === null ? [] : showDifference(difference)),
      ]
    case 'gone':
      return [guarantee === undefined ? 'Nothing is violated.' : `Gone: ${guarantee} is no longer violated.`]
  }
}

function exitCode({ replay, result }: ReplayResult): number {
  if (replay !== 'gone') return EXIT.violated
  const { expect } = result.plan
  const verdicts = expect === undefined ? result.judgements : [judgementOf(result, expect.guarantee)]
  return verdicts.some((one) => one?.verdict === 'unknown') ? EXIT.couldNotRun : EXIT.upheld
}

export async function replay(context: Context, path: string, options: ReplayOptions): Promise<number> {
  const { io } = context
  const input = readPlan(io, path)
  if (options.target !== undefined) return liveReplay(context, input, options)
  demandTarget(context, input)
  const plan = options.withoutMutant === true ? withoutMutant(input.plan) : input.plan
  const startMs = io.nowMs()
  const replayed = await replayPlan(subjectFor(context, plan.system), plan, { recorded: input.recorded, only: onlyOf(options.only) })
  const document = { ...replayDocument(replayed.result, input.dir, Math.round(io.nowMs() - startMs)), replay: replayed.replay }
  if (options.json === true) {
    printJson(context, document)
    return exitCode(replayed)
  }
  if (options.trace === true) context.print(transcript(replayed.result).join('\n'))
  else context.print(runReport({ ...document, failures: [] }, io.columns, context.colours, false))
  context.print(`\n${conclusion(replayed).join('\n')}`)
  return exitCode(replayed)
}

const EXAMPLES = `
Exit codes: 1 reproduced, or violated on another trace; 0 gone; 3 it can't be judged.

Examples:
  $ mqproof replay .mqproof/failures/DUR-1-1a2b3c4d --trace
  $ mqproof replay plan.json --without-mutant
  $ mqproof replay story.scenario --json
  $ mqproof replay dly-1-a-task-that-rounds --trace`

export function addReplay(program: Command, context: Context, exit: Exit): void {
  program
    .command('replay')
    .description('run a kept plan again')
    .argument('<plan>', 'a plan, a failure directory, or a scenario (by its name where it ships)')
    .option('--trace', 'tell the run as a transcript')
    .option('--without-mutant', 'leave the planted bug out')
    .option('--only <ids>', 'judge only these guarantees or families', list('--only'))
    .option('--target <target>', 'run it on a real broker, several times (mqproof conform --help)')
    .option('--config <config>', 'with --target: its configuration, by name, file or JSON; a failure directory says which it was')
    .option('--url <url>', 'with --target: a broker that is already there')
    .option('--hook <fault=command>', 'with --url: your own command as a fault', collect)
    .option('--times <n>', 'with --target: how often', integer('--times', 1))
    .option('--drain <duration>', 'with --target: how long a run may take to come to rest', durationMs('--drain'))
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, options: ReplayOptions) => exit(await replay(context, path, options)))
}
