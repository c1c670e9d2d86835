/**
 * `mqproof` without a command: in a few seconds, what it does. The reference keeps its promises; a planted bug is found, shrunk, told
 * and replayed.
 */
import { runCampaign } from '../harness/campaign.ts'
import type { FailureResult } from '../harness/failure.ts'
import { FAILURES } from '../harness/keep.ts'
import { replayPlan } from '../harness/replay.ts'
import { grouped, counted } from '../report/numbers.ts'
import { Progress } from '../report/progress.ts'
import { runReport } from '../report/run-report.ts'
import { VERSION } from '../version.ts'
import { subjectFor } from './context.ts'
import type { Context, MutantInfo } from './context.ts'
import { pathOf, shownPath } from './files.ts'
import { EXIT } from './io.ts'
import { readPlan } from './plan-input.ts'
import { presetNamed } from './selection.ts'
import { toStory, transcript } from './story.ts'
import { exitFor } from './verdict-exit.ts'

const REFERENCE_MS = 4_000
const HUNT_MS = 20_000
/** Fixed, so that everybody's first look is the same. */
const SEED = 'tour'
const PLANTED = 'ack-before-force'

function heading(context: Context, text: string): void {
  context.print(`\n${context.colours.bold(text)}\n`)
}

const campaignIn = (context: Context, preset: string) => ({
  subject: subjectFor(context, undefined),
  preset: presetNamed(preset),
  seed: SEED,
  version: VERSION,
  keeper: { root: pathOf(context.io, FAILURES), toStory },
})

async function reference(context: Context): Promise<number> {
  const { io } = context
  const progress = new Progress(io.stderr, io.isTTY, io.columns)
  const { document } = await runCampaign({
    ...campaignIn(context, 'default'),
    timeMs: REFERENCE_MS,
    signal: io.signal,
    onProgress: (state) => progress.update(state),
  })
  progress.end()
  const failures = document.failures.map((one) => ({ ...one, dir: shownPath(io, one.dir) }))
  // Why something is excused is for a second look.
  const guarantees = document.guarantees.map((one) => (one.verdict === 'upheld' ? { ...one, reason: '' } : one))
  context.print(runReport({ ...document, failures, guarantees }, io.columns, context.colours, false))
  return exitFor(document.guarantees)
}

/** A campaign that ends with the first failure of the guarantee that the bug breaks. */
async function hunt(context: Context, planted: MutantInfo): Promise<FailureResult | undefined> {
  const found = new AbortController()
  const { document } = await runCampaign({
    ...campaignIn(context, planted.preset),
    timeMs: HUNT_MS,
    mutant: planted.id,
    only: [planted.guarantee],
    signal: AbortSignal.any([context.io.signal, found.signal]),
    onFailure: () => found.abort(),
  })
  return document.failures[0]
}

async function story(context: Context, planted: MutantInfo, failure: FailureResult): Promise<boolean> {
  const { io } = context
  const size = `${counted(failure.operations, 'operation')} and ${counted(failure.faults, 'fault')}`
  context.print(`Run ${grouped(failure.run)} breaks ${planted.guarantee}. Shrunk to ${size}, it goes like this:\n`)
  const { plan, recorded } = readPlan(io, failure.dir)
  const replayed = await replayPlan(subjectFor(context, plan.system), plan, { recorded })
  context.print(transcript(replayed.result).join('\n'))
  const reproduced = replayed.replay === 'reproduced'
  const outcome = reproduced ? `reproduced, by the same trace (${failure.traceHash})` : replayed.replay
  context.print(`\nReplayed from its plan: ${outcome}.`)
  return reproduced
}

function next(context: Context, failure: FailureResult): void {
  const hints = [
    [`replay ${shownPath(context.io, failure.dir)} --without-mutant`, 'the same plan on a sound broker'],
    ['run --preset async --time 1m', 'look further, in one configuration'],
    [`explain ${failure.guarantee}`, 'what this guarantee says, and when it holds'],
    ['mutants', 'every planted bug, found'],
    ['--help', 'all the rest'],
  ] as const
  const width = Math.max(...hints.map(([command]) => command.length))
  heading(context, 'What to type next')
  context.print(hints.map(([command, why]) => `  npx mqproof ${command.padEnd(width)}  ${context.colours.dim(why)}`).join('\n'))
}

export async function tour(context: Context): Promise<number> {
  heading(context, 'Does the reference broker keep its promises?')
  context.print('RocketMQ 5.5 as a model, in a world with a simulated clock, network and disk. Generated clusters, workloads and faults:\n')
  const upheld = await reference(context)
  const planted = context.registry.mutants.find((one) => one.id === PLANTED) ?? context.registry.mutants[0]
  if (context.io.signal.aborted || planted === undefined) return upheld
  heading(context, `Would it notice a bug? Planted: ${planted.id}`)
  context.print(`${planted.title}\n`)
  const failure = await hunt(context, planted)
  if (failure === undefined) {
    context.print('It was not found.')
    return EXIT.violated
  }
  const reproduced = await story(context, planted, failure)
  next(context, failure)
  return reproduced ? upheld : EXIT.violated
}
