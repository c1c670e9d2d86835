/** The controls for people: each guarantee must hold where it is promised, and break where its page demands it. */
import type { Colours } from './colours.ts'
import type { ControlResult } from './document.ts'
import { drawTable } from './table.ts'

export function controlsTable(controls: readonly ControlResult[], width: number, colours: Colours): string {
  const rows = controls.map((one) => [
    one.guarantee,
    one.control,
    one.ok ? colours.green('ok') : colours.bold(colours.red('not so')),
    one.cell === '' ? one.preset : `${one.preset}, ${one.cell}`,
    one.fault,
    String(one.runs),
    one.summary === '' ? one.reason : one.summary,
  ])
  const columns = [
    { title: 'guarantee' },
    { title: 'must' },
    { title: 'outcome' },
    { title: 'configuration' },
    { title: 'fault' },
    { title: 'runs', align: 'right' as const },
    { title: 'what was seen' },
  ]
  return drawTable(columns, rows, width, colours)
}
