/** The written part of mqproof agrees with the code: pages, anomalies, scenarios, faults and links all name things that exist. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ANOMALIES } from '../src/contract/anomalies.ts'
import { ROCKETMQ_ROWS } from '../src/contract/rocketmq-rows.ts'
import { FAULT_KINDS } from '../src/plan/faults.ts'
import { CLUSTER_MEANS, CONFIG_MEANS, GROUP_MEANS, OPERATION_MEANS, TOPIC_MEANS } from '../src/report/scenario-words.ts'
import { CONFIG_WORDS } from '../src/scenario/config.ts'
import { LINK_VERBS, NODE_VERBS, OPERATIONS } from '../src/scenario/forms.ts'
import { parseScenario } from '../src/scenario/parse.ts'
import { GROUP, HEAD, TOPIC } from '../src/scenario/setup.ts'
import { ConfigInput, REPAIR_NAMES } from '../src/systems/rocketmq/config.ts'
import { filesUnder, pages, read, ROOT } from './repository.ts'

/** The text below a heading of the second level, up to the next. */
function section(text: string, heading: string): string {
  const [, ...rest] = text.split(`\n## ${heading}\n`)
  return (rest.join('') || '').split('\n## ')[0] ?? ''
}

const SECTIONS = [
  'Holds when',
  'What may break it',
  'The configuration that must break it',
  'Anomalies',
  'Settles',
  'Restated',
  'Scenarios',
]

describe('the page of a guarantee', () => {
  it('exists for each that is checked, and for no other', () => {
    expect(pages.map(({ id }) => id).sort((x, y) => (x < y ? -1 : 1))).toEqual([...ANOMALIES.keys()].sort((x, y) => (x < y ? -1 : 1)))
  })

  it.each(pages)('$id has a title, a statement and all sections', ({ id, text }) => {
    expect(text).toMatch(new RegExp(`^# ${id}: .+\\n\\n[A-Z]`))
    for (const name of SECTIONS) expect(section(text, name).trim(), name).not.toBe('')
  })

  it.each(pages)('$id names the anomalies that the contract knows', ({ id, text }) => {
    const named = [...section(text, 'Anomalies').matchAll(/^- \*\*(.+?)\*\*:/gm)].map((match) => match[1])
    expect(named).toEqual([...ANOMALIES].find(([known]) => known === id)?.[1])
  })

  it.each(pages)('$id shows scenarios that are about it', ({ id, text }) => {
    const files = [...section(text, 'Scenarios').matchAll(/^- `(.+\.scenario)`$/gm)].map((match) => match[1] ?? '')
    expect(files.length).toBeGreaterThanOrEqual(2)
    for (const file of files) expect(parseScenario(read(`scenarios/${file}`), file).guarantees, file).toContain(id)
  })

  it('names repairs that exist', () => {
    const repairs = new Set<string>(REPAIR_NAMES)
    const named = pages.flatMap(({ text }) => [...text.matchAll(/`(\w+)`\s+(?:repairs|closes)/g)].map((match) => match[1] ?? ''))
    expect(named.length).toBeGreaterThan(8)
    expect(named.filter((name) => !repairs.has(name))).toEqual([])
  })
})

describe('the contract', () => {
  it('names repairs that exist', () => {
    const named = ROCKETMQ_ROWS.flatMap((row) => [row.unless, row.given].filter((name) => name !== undefined))
    for (const name of named) expect(REPAIR_NAMES).toContain(name)
  })
})

describe('the catalogue', () => {
  const lines = read('spec/catalogue.md').matchAll(/^\| (?:\[)?([A-Z]+-\d+)(?:\]\([^)]+\))? \| .+? \| (yes|no) \|/gm)
  const rows = [...lines].map((match) => ({ id: match[1] ?? '', checked: match[2] === 'yes' }))

  it('lists sixty guarantees, each once', () => {
    expect(rows.length).toBe(60)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(60)
  })

  it('says which are checked', () => {
    expect(rows.filter(({ checked }) => checked).map(({ id }) => id)).toEqual([...ANOMALIES.keys()])
  })

  it('states those as their pages do', () => {
    const text = read('spec/catalogue.md')
    for (const page of pages) expect(text).toContain((page.text.split('\n\n')[1] ?? '').replace(/\n/g, ' '))
  })
})

describe('the table of faults', () => {
  const lines = read('spec/formats/faults.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
  const rows = lines.map((line) => line.split('|').map((cell) => cell.trim().replace(/`/g, '')))

  it('names every kind of a plan, in order', () => {
    expect(rows.map((row) => row[1])).toEqual([...FAULT_KINDS])
  })

  it('names the verbs of scenarios', () => {
    const verbs = new Map([...NODE_VERBS, ...LINK_VERBS].map(([verb, { kind }]) => [kind, verb]))
    for (const row of rows) expect(row[2]).toBe(verbs.get(row[1] ?? ''))
  })
})

describe('the page of scenarios', () => {
  const wordsOf = (fields: readonly { readonly word: string }[]): string[] => fields.map(({ word }) => word)
  /** What the words of the cluster line set. */
  const SET_BY_WORDS = ['preset', 'flushDiskType', 'disk', 'order', 'retry', 'repairs', 'parameters']

  it.each([
    ['the cluster line', CLUSTER_MEANS, [...CONFIG_WORDS, ...wordsOf(HEAD)]],
    ['the configuration', CONFIG_MEANS, Object.keys(ConfigInput.shape).filter((key) => !SET_BY_WORDS.includes(key))],
    ['a topic', TOPIC_MEANS, wordsOf(TOPIC)],
    ['a group', GROUP_MEANS, wordsOf(GROUP)],
    ['an operation', OPERATION_MEANS, Object.values(OPERATIONS).flatMap(wordsOf)],
  ] as const)('says what each word of %s means', (_, meanings, words) => {
    expect(new Set(meanings.map(([word]) => word))).toEqual(new Set(words))
  })
})

describe('links', () => {
  it('in pages lead to files', () => {
    const from = ['README.md', ...filesUnder('spec', /\.md$/)]
    const linksOf = (path: string): RegExpMatchArray[] => [...read(path).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)]
    const targets = from.flatMap((path) => linksOf(path).map((match) => ({ path, to: match[1] ?? '' })))
    expect(targets.filter(({ path, to }) => !existsSync(join(ROOT, dirname(path), to)))).toEqual([])
  })

  it('lead from the README to every study', () => {
    const readme = read('README.md')
    expect(filesUnder('spec/study', /\.md$/).filter((path) => !readme.includes(`](${path})`))).toEqual([])
  })
})
