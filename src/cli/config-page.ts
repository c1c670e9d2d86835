/** The words of a RocketMQ configuration (options, repairs, parameters), read from the page that lists them for every reader. */
import { assetText } from './assets.ts'
import { cellsOf } from './table-row.ts'

const PAGE = ['spec', 'formats', 'rocketmq-config.md'] as const
export const CONFIG_PAGE = PAGE.join('/')
/** As in the line above. */
const DITTO = '″'

export interface ConfigWord {
  readonly name: string
  /** The heading of its table: "repair". */
  readonly kind: string
  readonly meaning: string
  /** What it is when nothing is said; empty where that is nothing. */
  readonly usual: string
}

export function configWordsOf(page: string): ConfigWord[] {
  const words: ConfigWord[] = []
  let titles: string[] = []
  for (const line of page.split('\n').filter((one) => one.startsWith('|') && !/^\| -/.test(one))) {
    const cells = cellsOf(line)
    const name = /^`(\w+)`$/.exec(cells[0] ?? '')?.[1]
    if (name === undefined) {
      titles = cells
      continue
    }
    const last = cells.at(-1) ?? ''
    const usual = cells[titles.indexOf('default')] ?? ''
    words.push({ name, kind: titles[0] ?? '', meaning: last === DITTO ? (words.at(-1)?.meaning ?? '') : last, usual })
  }
  return words
}

export const configWords = (): ConfigWord[] => configWordsOf(assetText(...PAGE))
