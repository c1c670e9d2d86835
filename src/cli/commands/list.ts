/** `mqproof list`: what there is to name on the other commands' lines. */
import type { Command } from 'commander'
import { presets } from '../../generate/presets.ts'
import { InputError } from '../../plan/input-error.ts'
import { drawTable } from '../../report/table.ts'
import type { Context } from '../context.ts'
import { faultRows } from '../fault-page.ts'
import { guaranteePages } from '../guarantee-pages.ts'
import { shippedStory, storyIds, storyName } from '../shipped-stories.ts'
import { unknownName } from '../suggest.ts'
import type { Exit } from './exit.ts'

interface Listed {
  readonly id: string
  readonly title: string
  readonly [detail: string]: string | readonly string[]
}

function scenarios(): Listed[] {
  return storyIds().map((id) => {
    const { story, guarantees } = shippedStory(id)
    const told = story.join(' ').trim()
    return { id, title: told.split(/(?<=\.)\s/)[0] ?? told, guarantees, file: storyName(id) }
  })
}

async function targets({ registry }: Context): Promise<Listed[]> {
  return Promise.all(
    registry.targets.map(async ({ id, title, configs, faults, missing }) => ({
      id,
      title,
      configs: Object.keys(configs),
      faults,
      missing: (await missing()) ?? '',
    })),
  )
}

const LISTS: Readonly<Record<string, (context: Context) => Listed[] | Promise<Listed[]>>> = {
  guarantees: () => guaranteePages().map(({ id, title, statement }) => ({ id, title, statement })),
  mutants: ({ registry }) => registry.mutants.map(({ id, title, guarantee, bug }) => ({ id, title, guarantee, bug })),
  presets: () => presets.map(({ name, title }) => ({ id: name, title })),
  targets,
  faults: () => faultRows(),
  scenarios: () => scenarios(),
}

/** What must be installed first is worth more than a second look. */
const described = ({ title, missing = '' }: Listed): string => (missing === '' ? title : `${title}\nmissing: ${String(missing)}`)

export async function list(context: Context, what: string | undefined, json: boolean): Promise<void> {
  if (what === undefined) throw new InputError(`say of what: ${Object.keys(LISTS).join(', ')} (such as mqproof list guarantees)`)
  const make = Object.hasOwn(LISTS, what) ? LISTS[what] : undefined
  if (make === undefined) throw unknownName('list', what, Object.keys(LISTS), 'mqproof list --help')
  const rows = await make(context)
  if (rows.length === 0) throw new InputError(`there are no ${what} in this installation`)
  if (json) return context.print(JSON.stringify({ [what]: rows }, null, 2))
  const columns = [{ title: what.replace(/s$/, '') }, { title: 'what it is' }]
  context.print(
    drawTable(
      columns,
      rows.map((row) => [row.id, described(row)]),
      context.io.columns,
      context.colours,
    ),
  )
}

const EXAMPLES = `
Examples:
  $ mqproof list guarantees
  $ mqproof list mutants --json`

export function addList(program: Command, context: Context, exit: Exit): void {
  program
    .command('list')
    .description('what there is: guarantees, mutants, presets, targets, faults or scenarios')
    .argument('[what]', Object.keys(LISTS).join(' | '))
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (what: string | undefined, options: { json?: true }) => {
      await list(context, what, options.json ?? false)
      exit(0)
    })
}
