/** `mqproof controls`: each guarantee holds where it is promised, and breaks where a violation is demanded. */
import type { Command } from 'commander'
import { controls as all } from '../../harness/control-list.ts'
import { inOrder } from '../../harness/in-order.ts'
import { FAILURES } from '../../harness/keep.ts'
import { performIn } from '../../harness/worker-tasks.ts'
import type { ControlResult, ControlsDocument } from '../../report/document.ts'
import { controlsTable } from '../../report/controls-table.ts'
import { counted } from '../../report/numbers.ts'
import { VERSION } from '../../version.ts'
import { subjectFor } from '../context.ts'
import type { Context } from '../context.ts'
import { pathOf } from '../files.ts'
import { EXIT } from '../io.ts'
import { jobsOption, withPool, type JobsOption } from '../jobs.ts'
import { list, seed } from '../options.ts'
import { printJson } from '../publish.ts'
import { onlyOf } from '../selection.ts'
import { toStory } from '../story.ts'
import type { Exit } from './exit.ts'

interface ControlsOptions extends JobsOption {
  readonly system?: string
  readonly only?: string[]
  readonly seed: string
  readonly out?: string
  readonly json?: true
}

function conclusion(results: readonly ControlResult[]): string {
  const failed = results.filter((one) => !one.ok).length
  if (failed === 0) return `All ${counted(results.length, 'control')} did what they must.`
  return `${counted(failed, 'control')} of ${results.length} did not do what they must.`
}

export async function controls(context: Context, options: ControlsOptions): Promise<number> {
  const { io } = context
  const subject = subjectFor(context, options.system)
  const only = onlyOf(options.only)
  const chosen = all.filter((one) => only === undefined || only.includes(one.guarantee))
  const common = { system: subject.system, seed: options.seed, version: VERSION, root: pathOf(io, options.out ?? FAILURES) }
  const conditions = { subjectOf: () => subject, toStory, signal: io.signal }
  const results = await withPool(context, options.jobs, chosen.length, (pool) =>
    inOrder({
      items: chosen,
      width: pool?.size ?? 1,
      work: (control) => performIn(pool, { do: 'control', control, ...common }, conditions),
      tell: ({ guarantee, control }, { ok, reason }) => context.say(`${guarantee} ${control}: ${ok ? 'ok' : 'NOT SO'} (${reason})`),
      signal: io.signal,
    }),
  )
  if (io.signal.aborted) context.say('Interrupted: this is how far it got.')
  if (options.json === true) printJson(context, { controls: results } satisfies ControlsDocument)
  else context.print(`${controlsTable(results, io.columns, context.colours)}\n\n${conclusion(results)}`)
  return results.every((one) => one.ok) ? EXIT.upheld : EXIT.violated
}

const EXAMPLES = `
Exit codes: 0 each control did what it must; 1 one did not.

Examples:
  $ mqproof controls
  $ mqproof controls --only DUR --jobs 2 --json`

export function addControls(program: Command, context: Context, exit: Exit): void {
  program
    .command('controls')
    .description('see each guarantee hold where it is promised, and break where that is demanded')
    .option('--system <id>', `the system under test (${context.registry.systems.join(', ')})`)
    .option('--only <ids>', 'only these guarantees or families', list('--only'))
    .option('--seed <seed>', 'the seed', seed, '1')
    .addOption(jobsOption())
    .option('--out <dir>', `where what was found is kept (${FAILURES})`)
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (options: ControlsOptions) => exit(await controls(context, options)))
}
