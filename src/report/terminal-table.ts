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

/** What nothing could have broken fills no table: guarantees with the same reason share a line. */
function notExercised(results: readonly GuaranteeResult[], width: number, colours: Colours): string[] {
  const alike = new Map<string, string[]>()
  for (const { id, reason } of results) alike.set(reason, [...(alike.get(reason) ?? []), id])
  const lines = [...alike].map(([reason, ids]) => [`${ids.join(', ')}${reason === '' ? '' : `: ${reason}`}`])
  return lines.length === 0 ? [] : [drawTable([{ title: 'not exercised' }], lines, width, colours)]
}

export function verdictTable(results: readonly GuaranteeResult[], width: number, colours: Colours): string {
  const judged = results.filter((one) => one.verdict !== 'not-exercised')
  const rows = judged.map((one) => [
    one.id,
    showVerdict(one.verdict, colours),
    showCount(one.promised, colours),
    showCount(one.exercised, colours),
    one.violations === 0 ? colours.dim('0') : colours.red(String(one.violations)),
    showCount(one.excused, colours),
    showCount(one.unknown, colours),
  ])
  // Reasons are sentences: in a column of their own they would leave no room for the numbers.
  const reasons = judged.filter((one) => one.reason !== '').map((one) => [one.id, one.reason])
  const row = Object.keys(judged.find((one) => Object.keys(one.excuses).length > 0)?.excuses ?? {})[0]
  return [
    ...(rows.length === 0 ? [] : [drawTable(COLUMNS, rows, width, colours)]),
    ...(reasons.length === 0 ? [] : [drawTable([{ title: 'guarantee' }, { title: 'reason' }], reasons, width, colours)]),
    ...(row === undefined ? [] : [colours.dim(`  What an excuse rests on: mqproof explain ${row}`)]),
    ...notExercised(
      results.filter((one) => one.verdict === 'not-exercised'),
      width,
      colours,
    ),
  ].join('\n\n')
}
