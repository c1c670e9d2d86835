/** `mqproof explain NAME`: the page of a guarantee, for people at a terminal; of a family, what there is in it; of an excuse, what it rests on. */
import type { Command } from 'commander'
import { describeRow, ROW_NAMES } from '../../contract/describe.ts'
import { renderMarkdown } from '../../report/markdown.ts'
import { drawTable } from '../../report/table.ts'
import type { Context } from '../context.ts'
import { pagesNamed, type GuaranteePage } from '../guarantee-pages.ts'
import type { Exit } from './exit.ts'

const MAX_COLUMNS = 100

/** A family is its guarantees; each has a page of its own. */
function explainFamily(context: Context, family: string, pages: readonly GuaranteePage[], json: boolean): void {
  if (json) {
    const guarantees = pages.map(({ id, title, statement }) => ({ id, title, statement }))
    return context.print(JSON.stringify({ family, guarantees }, null, 2))
  }
  const rows = pages.map(({ id, title }) => [id, title])
  context.print(drawTable([{ title: 'guarantee' }, { title: 'what it is' }], rows, context.io.columns, context.colours))
  context.print(`\nMore of each: mqproof explain ${pages[0]?.id ?? ''}`)
}

/** Of a row of a contract. */
function explainExcuse(context: Context, row: string, text: string, json: boolean): void {
  if (json) context.print(JSON.stringify({ row, text }, null, 2))
  else context.print(renderMarkdown(text, Math.min(context.io.columns, MAX_COLUMNS), context.colours))
}

export function explain(context: Context, name: string, json: boolean): void {
  const row = describeRow(name.toLowerCase())
  if (row !== null) return explainExcuse(context, name.toLowerCase(), row, json)
  const pages = pagesNamed(name, ROW_NAMES)
  const page = pages.find((one) => one.id === name.toUpperCase())
  if (page === undefined) return explainFamily(context, name.toUpperCase(), pages, json)
  if (json) return context.print(JSON.stringify({ id: page.id, title: page.title, statement: page.statement, text: page.text }, null, 2))
  context.print(renderMarkdown(page.text, Math.min(context.io.columns, MAX_COLUMNS), context.colours))
}

const EXAMPLES = `
Examples:
  $ mqproof explain DUR-1
  $ mqproof explain RTY
  $ mqproof explain async-tail
  $ mqproof explain txn-2 --json`

export function addExplain(program: Command, context: Context, exit: Exit): void {
  program
    .command('explain')
    .description('a guarantee: what it says, when it holds, how it breaks; or an excuse: what it rests on')
    .argument('<name>', 'an id of the catalogue, such as DUR-1, a family, such as DUR, or a row of a contract, such as async-tail')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', EXAMPLES)
    .action((name: string, options: { json?: true }) => {
      explain(context, name, options.json ?? false)
      exit(0)
    })
}
