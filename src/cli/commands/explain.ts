/** `mqproof explain ID`: the page of a guarantee, for people at a terminal. */
import type { Command } from 'commander'
import { renderMarkdown } from '../../report/markdown.ts'
import type { Context } from '../context.ts'
import { guaranteePage } from '../guarantee-pages.ts'
import type { Exit } from './exit.ts'

const MAX_COLUMNS = 100

export function explain(context: Context, id: string, json: boolean): void {
  const page = guaranteePage(id)
  if (json) return context.print(JSON.stringify({ id: page.id, title: page.title, statement: page.statement, text: page.text }, null, 2))
  context.print(renderMarkdown(page.text, Math.min(context.io.columns, MAX_COLUMNS), context.colours))
}

const EXAMPLES = `
Examples:
  $ mqproof explain DUR-1
  $ mqproof explain txn-2 --json`

export function addExplain(program: Command, context: Context, exit: Exit): void {
  program
    .command('explain')
    .description('a guarantee: what it says, when it holds, how it breaks')
    .argument('<id>', 'an id of the catalogue, such as DUR-1')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', EXAMPLES)
    .action((id: string, options: { json?: true }) => {
      explain(context, id, options.json ?? false)
      exit(0)
    })
}
