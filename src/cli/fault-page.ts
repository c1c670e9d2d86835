/** The faults, read from the one table that names each of them for every reader. */
import { InputError } from '../plan/input-error.ts'
import { assetText } from './assets.ts'
import { cellsOf } from './table-row.ts'

const PAGE = 'spec/formats/faults.md'

export interface FaultRow {
  readonly id: string
  /** What it does. */
  readonly title: string
  /** The other columns, by their headings. */
  readonly [column: string]: string
}

const cells = (line: string): string[] => cellsOf(line).map((cell) => cell.replace(/`/g, ''))

/** "What it does" → "whatItDoes". */
const keyOf = (heading: string): string => heading.toLowerCase().replace(/[^a-z0-9]+(\w?)/g, (_, next: string) => next.toUpperCase())

/** The first table of a Markdown page: its first column is the id, its last one what it means. */
export function parseFaultTable(text: string): FaultRow[] {
  const lines = text.split('\n')
  const rule = lines.findIndex((line) => /^\|[\s:|-]+\|$/.test(line.trim()))
  if (rule < 1) throw new InputError(`${PAGE}: no table`)
  const headings = cells(lines[rule - 1] ?? '')
  const rows = lines.slice(rule + 1)
  const end = rows.findIndex((line) => !line.startsWith('|'))
  return (end === -1 ? rows : rows.slice(0, end)).map(cells).map((row) => {
    const middle = headings.slice(1, -1).map((heading, i): [string, string] => [keyOf(heading), row[i + 1] ?? ''])
    return { ...Object.fromEntries(middle), id: row[0] ?? '', title: row[row.length - 1] ?? '' }
  })
}

export const faultRows = (): FaultRow[] => parseFaultTable(assetText(PAGE))
