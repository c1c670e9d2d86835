/** `mqproof explain NAME`: the page of a guarantee, for people at a terminal; of a family, what there is in it; of any other word of a report, what it means. */
import type { Command } from 'commander'
import { renderMarkdown } from '../../report/markdown.ts'
import { drawTable } from '../../report/table.ts'
import type { Context } from '../context.ts'
import { pagesNamed, type GuaranteePage } from '../guarantee-pages.ts'
import { meaningOf, wordsOf, type Meaning } from '../words.ts'
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

function explainWord(context: Context, { document, text }: Meaning, json: boolean): void {
  context.print(json ? JSON.stringify(document, null, 2) : renderMarkdown(text, Math.min(context.io.columns, MAX_COLUMNS), context.colours))
}

export function explain(context: Context, name: string, json: boolean): void {
  const meaning = meaningOf(name, context.registry)
  if (meaning !== null) return explainWord(context, meaning, json)
  const pages = pagesNamed(name, () => wordsOf(context.registry))
  const page = pages.find((one) => one.id === name.toUpperCase())
  if (page === undefined) return explainFamily(context, name.toUpperCase(), pages, json)
  const { id, title, statement, text } = page
  explainWord(context, { document: { id, title, statement, text }, text }, json)
}

const EXAMPLES = `
Examples:
  $ mqproof explain DUR-1
  $ mqproof explain RTY
  $ mqproof explain async-tail
  $ mqproof explain RMQ-038
  $ mqproof explain ack-before-force
  $ mqproof explain dispatchForcedOnly
  $ mqproof explain txn-2 --json`

export function addExplain(program: Command, context: Context, exit: Exit): void {
  program
    .command('explain')
    .description(
      'any word of a report: what a guarantee says and how it breaks, what an excuse rests on, what a fact, bug, fault or preset is',
    )
    .argument(
      '<name>',
      'a guarantee (DUR-1), a family (DUR), an excuse (async-tail), a fact (RMQ-038), a mutant, a fault, a preset or a word of a configuration',
    )
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', EXAMPLES)
    .action((name: string, options: { json?: true }) => {
      explain(context, name, options.json ?? false)
      exit(0)
    })
}
