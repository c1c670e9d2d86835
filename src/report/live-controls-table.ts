/** The controls of a facts sheet beside what the sheet says. */
import type { LiveControlsResult } from '../live/conform/controls.ts'
import type { Colours } from './colours.ts'
import { drawTable } from './table.ts'

export function liveControlsTable({ controls, pending }: LiveControlsResult, width: number, colours: Colours): string {
  const rows = controls.map((one) => [
    one.row,
    one.guarantee,
    one.expect,
    one.ok ? colours.green('ok') : colours.bold(colours.red('not so')),
    String(one.rounds),
    // A reason may bring along a whole log.
    `${one.seen}; the sheet: ${one.sheet}\n${colours.dim(`${one.title}: ${one.reason.split('\n')[0] ?? ''}`)}`,
  ])
  const columns = [
    { title: 'row' },
    { title: 'guarantee' },
    { title: 'must' },
    { title: 'outcome' },
    { title: 'rounds', align: 'right' as const },
    { title: 'what was seen, what the sheet saw, and what it is about' },
  ]
  const table = controls.length === 0 ? 'No control was run.' : drawTable(columns, rows, width, colours)
  if (pending.length === 0) return table
  const left = drawTable(
    [{ title: 'row' }, { title: 'not run' }],
    pending.map(({ row, title, reason }) => [row, `${title}\n${colours.dim(reason)}`]),
    width,
    colours,
  )
  return `${table}\n\n${left}`
}
