/** The controls for people: each guarantee must hold where it is promised, and break where its page demands it. */
import type { Colours } from './colours.ts'
import type { ControlResult } from './document.ts'
import { drawTable } from './table.ts'

/** Most controls allow many kinds of faults; naming each would hide the rest. */
const NAMED_MAX = 2

function faultsOf({ fault }: ControlResult): string {
  const kinds = fault.split(', ')
  if (fault === 'any' || fault === 'none') return `${fault === 'any' ? 'all' : 'no'} faults`
  return kinds.length <= NAMED_MAX ? kinds.join(' and ') : `${kinds.length} kinds of faults`
}

export function controlsTable(controls: readonly ControlResult[], width: number, colours: Colours): string {
  const rows = controls.map((one) => [
    one.guarantee,
    one.control,
    one.ok ? colours.green('ok') : colours.bold(colours.red('not so')),
    String(one.runs),
    `${colours.dim(`${one.cell}; ${faultsOf(one)}`)}\n${one.summary === '' ? one.reason : one.summary}`,
  ])
  const columns = [
    { title: 'guarantee' },
    { title: 'must' },
    { title: 'outcome' },
    { title: 'runs', align: 'right' as const },
    { title: 'where, and what was seen' },
  ]
  return drawTable(columns, rows, width, colours)
}
