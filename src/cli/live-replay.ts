/** `replay --target` and `shrink --target`: a failure of a real broker, run again often enough to say how often it shows. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { operationsIn } from '../harness/failure.ts'
import { FAILURES } from '../harness/keep.ts'
import { violated, type RunResult } from '../harness/run-plan.ts'
import { shrinkFailure } from '../harness/shrink-failure.ts'
import type { Manifest } from '../live/conform/document.ts'
import { keepLiveFailure } from '../live/conform/keep.ts'
import { reproduce, Sessions, sturdySubject, type Reproduction } from '../live/conform/reproduce.ts'
import { InputError } from '../plan/input-error.ts'
import type { Plan } from '../plan/plan.ts'
import type { RunDocument, ShrinkDocument } from '../report/document.ts'
import { counted } from '../report/numbers.ts'
import { runReport } from '../report/run-report.ts'
import { VERSION } from '../version.ts'
import type { Context } from './context.ts'
import { pathOf, shownPath } from './files.ts'
import { EXIT } from './io.ts'
import { demandInstalled, liveSettings, manifestFor, openLive, type LiveOptions, type LiveSettings } from './live-settings.ts'
import { tellingWaits } from './live-waits.ts'
import type { PlanInput } from './plan-input.ts'
import { printJson } from './publish.ts'
import { replayDocument } from './single-run.ts'
import { toStory, transcript } from './story.ts'
import { keptConfig } from './target-input.ts'

export interface LiveReplayOptions extends LiveOptions {
  readonly target?: string
  readonly times?: number
  readonly json?: true
}

const TIMES = 5

/** A failure directory of a real broker says so: the simulation can't run its plan. */
export function demandTarget(context: Context, { dir, plan }: PlanInput): void {
  const isLive = dir !== '' && existsSync(join(pathOf(context.io, dir), 'manifest.json'))
  if (isLive)
    throw new InputError(`${dir}: a failure of a real broker (${plan.system}): say on what to run it by --target, as conform does`)
}

/** The faults of the plan are what must be possible, and its configuration is what was used. */
async function settingsFor(context: Context, { plan, dir }: PlanInput, options: LiveReplayOptions): Promise<LiveSettings> {
  if (options.config === undefined && dir === '')
    throw new InputError(
      'a plan does not say with which configuration it failed: name it by --config, or replay the directory of a failure',
    )
  const settings = await liveSettings(context, options.target ?? '', options)
  const config = options.config === undefined ? keptConfig(context, settings.factory, dir) : settings.config
  await demandInstalled(settings)
  return { ...settings, config, faults: new Set(plan.faults.map((fault) => fault.kind)) }
}

function exitOf({ times, unknown, of, broken }: Reproduction): number {
  if (broken !== '') return EXIT.couldNotRun
  if (times > 0) return EXIT.violated
  return unknown > 0 || of === 0 ? EXIT.couldNotRun : EXIT.upheld
}

const howOften = ({ times, of, unknown }: Reproduction): string =>
  `Reproduced ${times} of ${counted(of, 'time')}${unknown === 0 ? '' : `; ${unknown} could not be judged`}.`

function documentOf(found: Reproduction, result: RunResult, dir: string, wallMs: number): RunDocument {
  const { times, of } = found
  return { ...replayDocument(result, dir, wallMs), replay: times > 0 ? 'reproduced' : 'gone', reproduced: { times, of } }
}

export async function liveReplay(
  context: Context,
  input: PlanInput,
  options: LiveReplayOptions & { readonly trace?: true },
): Promise<number> {
  const { io } = context
  const startMs = io.nowMs()
  const { plan, dir } = input
  const settings = await settingsFor(context, input, options)
  const onWait = tellingWaits(context)
  const sessions = new Sessions(() => openLive(context, settings, { signal: io.signal, onWait }))
  let found: Reproduction
  try {
    found = await reproduce(sessions, plan, {
      times: options.times ?? TIMES,
      guarantee: plan.expect?.guarantee,
      signal: io.signal,
      onRun: (run, failed) => context.say(`Run ${run}: ${failed ? 'violated' : 'not violated'}`),
    })
  } finally {
    await sessions.close()
  }
  const { result, broken } = found
  if (broken !== '') context.say(`The target itself misbehaved: ${broken}`)
  if (result !== null) {
    const document = documentOf(found, result, dir, Math.round(io.nowMs() - startMs))
    if (options.json === true) printJson(context, document)
    else if (options.trace === true) context.print(transcript(result).join('\n'))
    else context.print(runReport({ ...document, failures: [] }, io.columns, context.colours, false))
  }
  if (options.json !== true) context.print(`\n${howOften(found)}`)
  return exitOf(found)
}

/** The smallest plan, and how often it fails. */
interface LiveShrunk {
  readonly document: ShrinkDocument
  readonly result: RunResult
}

interface LiveShrinkOptions extends LiveReplayOptions {
  readonly time: number
  readonly out?: string
}

const sizeOf = (plan: Plan) => ({ operations: operationsIn(plan), faults: plan.faults.length })

async function shrinkOn(
  context: Context,
  sessions: Sessions,
  first: RunResult,
  settings: LiveSettings,
  options: LiveShrinkOptions,
): Promise<LiveShrunk> {
  const { io } = context
  const times = options.times ?? TIMES
  const { expect } = first.plan
  const broken = violated(first).find((one) => one.id === expect?.guarantee) ?? violated(first)[0]
  const guarantee = broken?.id
  if (guarantee === undefined) throw new Error('the run to shrink violates nothing')
  const budget = { timeMs: options.time, repeats: times, signal: io.signal }
  const shrunk = await shrinkFailure(await sturdySubject(sessions), first, { guarantee, anomaly: broken?.violations[0]?.name }, budget)
  const again = await reproduce(sessions, shrunk.plan, { times, guarantee, signal: io.signal })
  const { target } = await sessions.current()
  const manifest: Manifest = manifestFor(settings, target)
  const about = { seed: '', run: 1, manifest, evidence: target.evidence(), secrets: settings.secrets, original: first.plan }
  const { anomaly, result } = shrunk
  const dir = keepLiveFailure({ root: pathOf(io, options.out ?? FAILURES), toStory }, { result, anomaly, ...about })
  const failure = { guarantee, run: 1, dir, traceHash: '', ...sizeOf(shrunk.plan), summary: anomaly.summary }
  const reproduced = { times: again.times, of: again.of }
  const document: ShrinkDocument = {
    mqproof: VERSION,
    command: 'shrink',
    from: sizeOf(first.plan),
    tried: shrunk.tried,
    failure,
    reproduced,
  }
  return { document, result }
}

const nothing = (plan: Plan): ShrinkDocument => ({ mqproof: VERSION, command: 'shrink', from: sizeOf(plan), tried: 0, failure: null })

function show(context: Context, { document, result }: LiveShrunk): void {
  const { from, failure, tried, reproduced } = document
  if (failure === null || reproduced === undefined) return
  const size = `${from.operations} + ${from.faults} → ${failure.operations} + ${failure.faults} operations + faults, in ${counted(tried, 'run')}`
  context.print(
    [
      ...transcript(result),
      '',
      `${size}; fails ${reproduced.times} of ${counted(reproduced.of, 'time')}: ${shownPath(context.io, failure.dir)}`,
    ].join('\n'),
  )
}

export async function liveShrink(context: Context, input: PlanInput, options: LiveShrinkOptions): Promise<number> {
  const { io } = context
  const { plan } = input
  const settings = await settingsFor(context, input, options)
  const onWait = tellingWaits(context)
  const sessions = new Sessions(() => openLive(context, settings, { onWait }))
  try {
    const first = await reproduce(sessions, plan, { times: options.times ?? TIMES, guarantee: plan.expect?.guarantee, signal: io.signal })
    if (first.times === 0 || first.result === null) {
      if (options.json === true) printJson(context, nothing(plan))
      else context.print(`${howOften(first)} There is nothing to shrink.`)
      return exitOf(first)
    }
    context.say(`${howOften(first)} Shrinking: each candidate is run up to ${options.times ?? TIMES} times.`)
    const shrunk = await shrinkOn(context, sessions, first.result, settings, options)
    if (options.json === true) printJson(context, shrunk.document)
    else show(context, shrunk)
    return EXIT.violated
  } finally {
    await sessions.close()
  }
}
