/** What was done to the cluster: a fault that never took effect tested nothing, so both numbers are shown. */
import type { Colours } from './colours.ts'
import type { FaultCounts } from './document.ts'
import { drawTable } from './table.ts'

export function faultsTable(faults: FaultCounts, width: number, colours: Colours): string {
  const columns = [{ title: 'fault' }, { title: 'injected', align: 'right' as const }, { title: 'effective', align: 'right' as const }]
  const rows = Object.entries(faults).map(([kind, { injected, effective }]) => [
    kind,
    String(injected),
    effective === 0 ? colours.yellow('0') : String(effective),
  ])
  return drawTable(columns, rows, width, colours)
}
