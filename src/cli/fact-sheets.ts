/** What the ids in reports stand for: RMQ-038 was read in a broker's source, RML-036 was seen on a running one. The sheets ship with the package. */
import { assetFiles, assetText } from './assets.ts'
import { cellsOf } from './table-row.ts'

const FOLDER = 'spec/facts'

export interface Fact {
  readonly id: string
  /** The page of the sheet that holds it. */
  readonly page: string
  /** What it says, in Markdown. */
  readonly text: string
}

const ITEM = /^- \*\*([A-Z]{3}-\w+)\*\* (.+)$/
const ROW = /^\| [A-Z]{3}-\w+ \|/

/** A fact is an item that begins with its id, or a row of a table that does: then the columns' titles say what its cells are. */
export function factsOf(sheet: string, page: string): Fact[] {
  const facts: Fact[] = []
  let titles: string[] = []
  let before = ''
  for (const line of sheet.split('\n')) {
    if (/^\| *-+ *\|/.test(line)) titles = cellsOf(before)
    const item = ITEM.exec(line)
    const [id, ...cells] = ROW.test(line) ? cellsOf(line) : []
    if (item?.[1] !== undefined) facts.push({ id: item[1], page, text: item[2] ?? '' })
    else if (id !== undefined) facts.push({ id, page, text: tableText(titles.slice(1), cells) })
    before = line
  }
  return facts
}

const tableText = (titles: readonly string[], cells: readonly string[]): string =>
  cells
    .map((cell, k) => ({ title: titles[k] ?? '', cell }))
    .filter(({ cell }) => cell !== '')
    .map(({ title, cell }) => (title === '' ? `- ${cell}` : `- ${title}: ${cell}`))
    .join('\n')

export const allFacts = (): Fact[] => assetFiles(FOLDER, '.md').flatMap((name) => factsOf(assetText(FOLDER, name), `${FOLDER}/${name}`))

export const factNamed = (name: string): Fact | undefined => allFacts().find(({ id }) => id === name.toUpperCase())
