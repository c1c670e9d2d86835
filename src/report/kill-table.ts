/** The kill matrix for people: each planted bug, the guarantee that it breaks, and how soon and by how small a plan it was found. */
import type { Colours } from './colours.ts'
import type { MutantResult } from './document.ts'
import { drawTable } from './table.ts'

const shrunk = ({ shrunk }: MutantResult): string => (shrunk === null ? '' : `${shrunk.operations} + ${shrunk.faults}`)

/** Who else flagged it, most often first. */
const others = ({ killedBy, guarantee }: MutantResult): string =>
  Object.entries(killedBy)
    .filter(([id, count]) => id !== guarantee && count > 0)
    .sort(([, x], [, y]) => y - x)
    .map(([id]) => id)
    .join(', ')

export function killTable(mutants: readonly MutantResult[], width: number, colours: Colours): string {
  const rows = mutants.map((one) => [
    one.id,
    one.guarantee,
    one.killed ? colours.green('killed') : colours.bold(colours.red('survived')),
    one.runs === null ? '' : String(one.runs),
    shrunk(one),
    one.blackBox ? 'yes' : colours.dim('no'),
    others(one),
  ])
  const columns = [
    { title: 'planted bug' },
    { title: 'breaks' },
    { title: 'outcome' },
    { title: 'runs', align: 'right' as const },
    { title: 'ops + faults', align: 'right' as const },
    { title: 'black box' },
    { title: 'also seen by' },
  ]
  return drawTable(columns, rows, width, colours)
}
