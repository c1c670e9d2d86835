/** `mqproof shrink`: the smallest plan that still fails in the same way. */
import type { Command } from 'commander'
import { operationsIn } from '../../harness/failure.ts'
import { FAILURES, keepFailure } from '../../harness/keep.ts'
import { runPlan, violated } from '../../harness/run-plan.ts'
import type { RunResult } from '../../harness/run-plan.ts'
import { shrinkFailure } from '../../harness/shrink-failure.ts'
import type { Plan } from '../../plan/plan.ts'
import type { ShrinkDocument } from '../../report/document.ts'
import { counted } from '../../report/numbers.ts'
import { VERSION } from '../../version.ts'
import { subjectFor } from '../context.ts'
import type { Context } from '../context.ts'
import { pathOf, shownPath } from '../files.ts'
import { EXIT } from '../io.ts'
import { demandTarget, liveShrink } from '../live-replay.ts'
import { collect, durationMs, integer } from '../options.ts'
import { readPlan } from '../plan-input.ts'
import { printJson } from '../publish.ts'
import { toStory, transcript } from '../story.ts'
import type { Exit } from './exit.ts'

interface ShrinkOptions {
  readonly out?: string
  readonly time: number
  readonly target?: string
  readonly config?: string
  readonly url?: string
  readonly hook?: string[]
  readonly times?: number
  readonly drain?: number
  readonly json?: true
}

const sizeOf = (plan: Plan): Size => ({ operations: operationsIn(plan), faults: plan.faults.length })
interface Size {
  readonly operations: number
  readonly faults: number
}
const show = ({ operations, faults }: Size): string => `${counted(operations, 'operation')}, ${counted(faults, 'fault')}`

/** What the plan was kept for, or else the first thing that it breaks. */
const targetOf = (result: RunResult) => violated(result).find((one) => one.id === result.plan.expect?.guarantee) ?? violated(result)[0]

export async function shrink(context: Context, path: string, options: ShrinkOptions): Promise<number> {
  const { io } = context
  const input = readPlan(io, path)
  const { plan } = input
  if (options.target !== undefined) return liveShrink(context, input, options)
  demandTarget(context, input)
  const subject = subjectFor(context, plan.system)
  const first = await runPlan(subject, plan)
  const target = targetOf(first)
  if (target === undefined) {
    const document: ShrinkDocument = { mqproof: VERSION, command: 'shrink', from: sizeOf(plan), tried: 0, failure: null }
    if (options.json === true) printJson(context, document)
    else context.print('Nothing is violated: there is nothing to shrink.')
    return EXIT.upheld
  }
  context.say(`${target.id} is violated by ${show(sizeOf(plan))}; shrinking.`)
  const budget = { timeMs: options.time, signal: io.signal }
  const shrunk = await shrinkFailure(subject, first, { guarantee: target.id, anomaly: target.violations[0]?.name }, budget)
  const dir = keepFailure({ root: pathOf(io, options.out ?? FAILURES), toStory }, { shrunk, original: plan })
  const { traceHash } = shrunk.result.outcome
  const failure = { guarantee: target.id, run: 1, dir, traceHash, ...sizeOf(shrunk.plan), summary: shrunk.anomaly.summary }
  const document: ShrinkDocument = { mqproof: VERSION, command: 'shrink', from: sizeOf(plan), tried: shrunk.tried, failure }
  if (options.json === true) printJson(context, document)
  else {
    const result = `${show(sizeOf(plan))} → ${show(failure)}, in ${counted(shrunk.tried, 'run')}: ${shownPath(io, dir)}`
    context.print([...transcript(shrunk.result), '', result].join('\n'))
  }
  return EXIT.violated
}

const EXAMPLES = `
Exit codes: 1 shrunk, so something is violated; 0 nothing is.

Examples:
  $ mqproof shrink plan.json
  $ mqproof shrink plan.json --time 1m --out failures --json`

export function addShrink(program: Command, context: Context, exit: Exit): void {
  program
    .command('shrink')
    .description('find the smallest plan that still fails in the same way')
    .argument('<plan>', 'a plan, a failure directory, or a scenario (by its name where it ships)')
    .option('--time <duration>', 'how long to try', durationMs('--time'), 30_000)
    .option('--out <dir>', `where the result is kept (${FAILURES})`)
    .option('--target <target>', 'run the candidates on a real broker (mqproof conform --help)')
    .option('--config <config>', 'with --target: its configuration, by name, file or JSON')
    .option('--url <url>', 'with --target: a broker that is already there')
    .option('--hook <fault=command>', 'with --url: your own command as a fault', collect)
    .option('--times <n>', 'with --target: how often each candidate is run until it fails', integer('--times', 1))
    .option('--drain <duration>', 'with --target: how long a run may take to come to rest', durationMs('--drain'))
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, options: ShrinkOptions) => exit(await shrink(context, path, options)))
}
