/** The catalogue as the command line sees it: one page a guarantee, whose first line is its id and title. */
import { InputError } from '../plan/input-error.ts'
import { assetFiles, assetText } from './assets.ts'
import { unknownName } from './suggest.ts'
import { cellsOf } from './table-row.ts'

const FOLDER = 'spec/guarantees'

export interface GuaranteePage {
  readonly id: string
  readonly title: string
  /** The first paragraph: the promise in one sentence. */
  readonly statement: string
  /** The whole page, in Markdown. */
  readonly text: string
}

export function parsePage(text: string, source: string): GuaranteePage {
  const heading = /^# ([A-Z]+-\d+): (.+)$/m.exec(text)
  if (heading?.[1] === undefined || heading[2] === undefined) throw new InputError(`${source}: no heading of the form "# ID: title"`)
  const body = text.slice(heading.index + heading[0].length).trim()
  const statement = (body.split(/\n\s*\n/)[0] ?? '').replace(/\s*\n\s*/g, ' ')
  return { id: heading[1], title: heading[2].trim(), statement, text }
}

/** "DUR-2" before "DUR-10", families by name. */
const byId = (x: GuaranteePage, y: GuaranteePage): number => {
  const [family = '', n = ''] = x.id.split('-')
  const [otherFamily = '', m = ''] = y.id.split('-')
  return family === otherFamily ? Number(n) - Number(m) : family < otherFamily ? -1 : 1
}

export const guaranteePages = (): GuaranteePage[] =>
  assetFiles(FOLDER, '.md')
    .map((name) => parsePage(assetText(FOLDER, name), `${FOLDER}/${name}`))
    .sort(byId)

/** The title of a guarantee that the catalogue names, or null. */
function titleInCatalogue(id: string): string | null {
  const row = assetText('spec', 'catalogue.md')
    .split('\n')
    .map(cellsOf)
    .find(([named]) => named === id)
  return row?.[1] ?? null
}

/** A name that is no id of a checked guarantee: one of the catalogue that waits, or a slip. */
function notChecked(name: string, known: readonly string[]): InputError {
  const id = name.toUpperCase()
  const title = titleInCatalogue(id)
  if (title === null) return unknownName('guarantee', name, known, 'mqproof list guarantees')
  return new InputError(`${id} (${title}) is in the catalogue and not checked yet: mqproof list guarantees shows those that are`)
}

/** "DUR-1" or a family, "DUR" → ids. `others`: what else could have been meant. */
export function selectGuarantees(names: readonly string[], known: readonly string[], others: () => readonly string[] = () => []): string[] {
  const families = [...new Set(known.map((id) => id.split('-')[0] ?? ''))]
  const chosen = new Set(
    names.flatMap((name) => {
      const wanted = name.toUpperCase()
      const ids = known.filter((id) => id === wanted || id.startsWith(`${wanted}-`))
      if (ids.length === 0) throw notChecked(name, [...known, ...families, ...others()])
      return ids
    }),
  )
  return known.filter((id) => chosen.has(id))
}

/** The page of an id, or those of a family. */
export function pagesNamed(name: string, others: () => readonly string[] = () => []): GuaranteePage[] {
  const pages = guaranteePages()
  const chosen = selectGuarantees(
    [name],
    pages.map((page) => page.id),
    others,
  )
  return pages.filter((page) => chosen.includes(page.id))
}
