/** `mqproof controls`: each guarantee holds where it is promised, and breaks where a violation is demanded. */
import type { Command } from 'commander'
import { controls as all } from '../../harness/control-list.ts'
import type { Control } from '../../harness/controls.ts'
import { inOrder } from '../../harness/in-order.ts'
import { FAILURES } from '../../harness/keep.ts'
import type { LossCell } from '../../harness/loss-cells.ts'
import { performIn, type Conditions } from '../../harness/worker-tasks.ts'
import type { WorkerPool } from '../../harness/worker-pool.ts'
import type { ControlResult, ControlsDocument, LossResult } from '../../report/document.ts'
import { controlsTable } from '../../report/controls-table.ts'
import { lossTable } from '../../report/loss-table.ts'
import { counted } from '../../report/numbers.ts'
import { VERSION } from '../../version.ts'
import { subjectFor } from '../context.ts'
import type { Context } from '../context.ts'
import { pathOf } from '../files.ts'
import { EXIT } from '../io.ts'
import { jobsOption, withPool, type JobsOption } from '../jobs.ts'
import { list, seed } from '../options.ts'
import { printJson } from '../publish.ts'
import { controlsOf } from '../selection.ts'
import { toStory } from '../story.ts'
import type { Exit } from './exit.ts'

interface ControlsOptions extends JobsOption {
  readonly system?: string
  readonly only?: string[]
  readonly seed: string
  readonly out?: string
  readonly json?: true
}

/** What is said of things that must be so. */
function conclusion(noun: string, results: readonly { readonly ok: boolean }[]): string {
  const failed = results.filter((one) => !one.ok).length
  if (failed === 0) return `All ${counted(results.length, noun)} did what they must.`
  return `${counted(failed, noun)} of ${results.length} did not do what they must.`
}

/** What every task is told. */
interface Errand {
  readonly context: Context
  readonly pool: WorkerPool | undefined
  readonly common: { readonly system: string; readonly seed: string; readonly version: string; readonly root: string }
  readonly conditions: Conditions
}

const perform = ({ context, pool, common, conditions }: Errand, items: readonly Control[]): Promise<ControlResult[]> =>
  inOrder({
    items,
    width: pool?.size ?? 1,
    work: (control) => performIn(pool, { do: 'control', control, ...common }, conditions),
    tell: ({ guarantee, control }, { ok, reason }) => context.say(`${guarantee} ${control}: ${ok ? 'ok' : 'NOT SO'} (${reason})`),
    signal: context.io.signal,
  })

const prove = ({ context, pool, common, conditions }: Errand, items: readonly LossCell[]): Promise<LossResult[]> =>
  inOrder({
    items,
    width: pool?.size ?? 1,
    work: ({ id }) => performIn(pool, { do: 'cell', cell: id, ...common }, conditions),
    tell: ({ id }, { fate, ok, reason }) => context.say(`${id} ${fate}: ${ok ? 'ok' : 'NOT SO'} (${reason})`),
    signal: context.io.signal,
  })

function show(context: Context, controls: readonly ControlResult[], loss: readonly LossResult[]): void {
  const { io, colours } = context
  if (controls.length > 0) context.print(`${controlsTable(controls, io.columns, colours)}\n\n${conclusion('control', controls)}`)
  if (loss.length > 0) context.print(`${lossTable(loss, io.columns, colours)}\n\n${conclusion('cell', loss)}`)
}

export async function controls(context: Context, options: ControlsOptions): Promise<number> {
  const { io } = context
  const subject = subjectFor(context, options.system)
  const { only, cells } = controlsOf(options.only)
  const chosen = all.filter((one) => only === undefined || only.includes(one.guarantee))
  const common = { system: subject.system, seed: options.seed, version: VERSION, root: pathOf(io, options.out ?? FAILURES) }
  const conditions = { subjectOf: () => subject, toStory, signal: io.signal }
  const [results, loss] = await withPool(context, options.jobs, chosen.length + cells.length, async (pool) => {
    const errand = { context, pool, common, conditions }
    return [await perform(errand, chosen), await prove(errand, cells)] as const
  })
  if (io.signal.aborted) context.say('Interrupted: this is how far it got.')
  if (options.json === true) printJson(context, { controls: results, ...(cells.length === 0 ? {} : { loss }) } satisfies ControlsDocument)
  else show(context, results, loss)
  return [...results, ...loss].every((one) => one.ok) ? EXIT.upheld : EXIT.violated
}

const EXAMPLES = `
The loss matrix (spec/loss-matrix.md) is proven where --only asks for it: DUR or loss for all of it, a cell's name, or a part of one.

Exit codes: 0 each control did what it must; 1 one did not.

Examples:
  $ mqproof controls
  $ mqproof controls --only DUR --jobs 2 --json
  $ mqproof controls --only loss
  $ mqproof controls --only async-flush/sync-master-2/power-loss,partition`

export function addControls(program: Command, context: Context, exit: Exit): void {
  program
    .command('controls')
    .description('see each guarantee hold where it is promised, and break where that is demanded')
    .option('--system <id>', `the system under test (${context.registry.systems.join(', ')})`)
    .option('--only <ids>', 'only these guarantees, families or cells of the loss matrix', list('--only'))
    .option('--seed <seed>', 'the seed', seed, '1')
    .addOption(jobsOption())
    .option('--out <dir>', `where what was found is kept (${FAILURES})`)
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (options: ControlsOptions) => exit(await controls(context, options)))
}
