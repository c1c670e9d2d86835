/** One look for every table: no frames, a dim header, numbers to the right, and a last column that wraps at the edge of the terminal. */
import Table from 'cli-table3'
import type { Colours } from './colours.ts'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
}

const NO_FRAME = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '  ',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}
const MIN_LAST = 24

// Colour codes take no room.
const widthOf = (text: string): number =>
  Math.max(
    ...text
      .replace(/\u001b\[[0-9;]*m/g, '')
      .split('\n')
      .map((line) => line.length),
  )

/** @returns lines without trailing blanks, and without a newline at the end. */
export function drawTable(columns: readonly Column[], rows: readonly (readonly string[])[], width: number, colours: Colours): string {
  const last = columns.length - 1
  const widths = columns.map((column, i) => Math.max(column.title.length, ...rows.map((row) => widthOf(row[i] ?? ''))))
  const before = widths.slice(0, last).reduce((sum, one) => sum + one + 2, 2)
  widths[last] = Math.min(widths[last] ?? 0, Math.max(MIN_LAST, width - before))
  const table = new Table({
    head: columns.map((column) => colours.dim(column.title)),
    chars: NO_FRAME,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: columns.map((column) => column.align ?? 'left'),
    colWidths: widths,
    wordWrap: true,
  })
  for (const row of rows) table.push([...row])
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
