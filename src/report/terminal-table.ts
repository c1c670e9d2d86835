/** The verdict table: for each guarantee how it stands and on what evidence. "upheld" without the numbers beside it would mean little. */
import type { Colours } from './colours.ts'
import { showVerdict } from './colours.ts'
import type { GuaranteeResult } from './document.ts'
import { drawTable } from './table.ts'
import type { Column } from './table.ts'

const COLUMNS: readonly Column[] = [
  { title: 'guarantee' },
  { title: 'verdict' },
  { title: 'promised', align: 'right' },
  { title: 'exercised', align: 'right' },
  { title: 'violations', align: 'right' },
  { title: 'excused', align: 'right' },
  { title: 'unknown', align: 'right' },
]

/** A zero says little; dimmed, the numbers that matter stand out. */
const showCount = (n: number, colours: Colours): string => (n === 0 ? colours.dim('0') : String(n))

export function verdictTable(results: readonly GuaranteeResult[], width: number, colours: Colours): string {
  const rows = results.map((one) => [
    one.id,
    showVerdict(one.verdict, colours),
    showCount(one.promised, colours),
    showCount(one.exercised, colours),
    one.violations === 0 ? colours.dim('0') : colours.red(String(one.violations)),
    showCount(one.excused, colours),
    showCount(one.unknown, colours),
  ])
  // Reasons are sentences: in a column of their own they would leave no room for the numbers.
  const reasons = results.filter((one) => one.reason !== '').map((one) => [one.id, one.reason])
  const table = drawTable(COLUMNS, rows, width, colours)
  return reasons.length === 0 ? table : `${table}\n\n${drawTable([{ title: 'guarantee' }, { title: 'reason' }], reasons, width, colours)}`
}
