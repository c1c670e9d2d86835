/** The proven cells of the loss matrix for people: one line a configuration and fault where something is not as it must be, and a sum of the rest. */
import { FATES } from '../harness/loss-promise.ts'
import type { Colours } from './colours.ts'
import type { LossResult } from './document.ts'
import { drawTable } from './table.ts'

/** Few enough to be read one by one. */
const SHOWN_MAX = 30

const percent = (rate: number | null): string => (rate === null ? '' : `${(100 * rate).toFixed(1)} %`)

function cellsTable(cells: readonly LossResult[], width: number, colours: Colours): string {
  const rows = cells.map((one) => [
    one.cell,
    one.fate,
    one.ok ? colours.green('ok') : colours.bold(colours.red('not so')),
    String(one.runs),
    percent(one.rateMax),
    one.reason,
  ])
  const columns = [
    { title: 'cell' },
    { title: 'worst' },
    { title: 'outcome' },
    { title: 'runs', align: 'right' as const },
    { title: 'at most', align: 'right' as const },
    { title: 'what was seen' },
  ]
  return drawTable(columns, rows, width, colours)
}

function sumTable(cells: readonly LossResult[], width: number, colours: Colours): string {
  const configurations = [...new Set(cells.map(({ configuration }) => configuration))]
  const rows = configurations.map((configuration) => {
    const own = cells.filter((one) => one.configuration === configuration)
    const bad = own.filter((one) => !one.ok).length
    return [
      ...FATES.map((fate) => String(own.filter((one) => one.fate === fate).length)),
      bad === 0 ? colours.green('all proven') : colours.bold(colours.red(`${bad} not so`)),
      configuration,
    ]
  })
  const columns = [...FATES.map((title) => ({ title, align: 'right' as const })), { title: 'outcome' }, { title: 'configuration' }]
  return drawTable(columns, rows, width, colours)
}

/** Few cells one by one; of many, how many there are of each sort, and those that are not so. */
export function lossTable(cells: readonly LossResult[], width: number, colours: Colours): string {
  if (cells.length <= SHOWN_MAX) return cellsTable(cells, width, colours)
  const bad = cells.filter((one) => !one.ok)
  return [sumTable(cells, width, colours), ...(bad.length === 0 ? [] : [cellsTable(bad, width, colours)])].join('\n\n')
}
