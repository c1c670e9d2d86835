/** The words that reports use, each with what it means: whatever a report names, somebody can ask about. */
import { describeRow, ROW_NAMES } from '../contract/describe.ts'
import { presets } from '../generate/presets.ts'
import { CONFIG_PAGE, configWords } from './config-page.ts'
import type { Registry } from './context.ts'
import { allFacts, factNamed, type Fact } from './fact-sheets.ts'
import { faultRows } from './fault-page.ts'
import { guaranteePages } from './guarantee-pages.ts'
import { storyIds, storyText } from './shipped-stories.ts'

export interface Meaning {
  /** What programs read. */
  readonly document: Readonly<Record<string, unknown>>
  /** What people read, in Markdown. */
  readonly text: string
}

type Dictionary = (name: string, registry: Registry) => Meaning | null

function excuse(name: string): Meaning | null {
  const row = name.toLowerCase()
  const text = describeRow(row)
  return text === null ? null : { document: { row, text }, text }
}

const sentence = (text: string): string => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`

/** What would have to change if the fact did. */
function restingOn({ id }: Fact): Record<string, string[]> {
  const cites = (text: string | null): boolean => text?.includes(id) ?? false
  return {
    excuses: ROW_NAMES.filter((row) => cites(describeRow(row))),
    guarantees: guaranteePages().flatMap((page) => (cites(page.text) ? [page.id] : [])),
    stories: storyIds().filter((story) => cites(storyText(story))),
  }
}

function fact(name: string): Meaning | null {
  const found = factNamed(name)
  if (found === undefined) return null
  const resting = restingOn(found)
  const lines = Object.entries(resting).flatMap(([what, names]) => (names.length === 0 ? [] : [`- ${what}: ${names.join(', ')}`]))
  const text = [`# ${found.id}`, found.text, `From ${found.page}.`, ...(lines.length === 0 ? [] : ['What rests on it', lines.join('\n')])]
  return { document: { fact: found.id, page: found.page, text: found.text, ...resting }, text: text.join('\n\n') }
}

function mutant(name: string, { mutants }: Registry): Meaning | null {
  const found = mutants.find(({ id }) => id === name.toLowerCase())
  if (found === undefined) return null
  const { id, title, guarantee, bug, preset } = found
  const text = [`# ${id}`, `A planted bug: ${sentence(title)} ${guarantee} has to find it.`, `Re-enacts: ${sentence(bug)}`]
  return {
    document: { mutant: id, title, guarantee, bug, preset },
    text: [...text, `See it found: mqproof run --mutant ${id} --preset ${preset}`].join('\n\n'),
  }
}

function fault(name: string): Meaning | null {
  const found = faultRows().find(({ id }) => id.toLowerCase() === name.toLowerCase())
  if (found === undefined) return null
  const { id, title, ...rest } = found
  return {
    document: { fault: id, title, ...rest },
    text: [`# ${id}`, `A fault. ${title}`, `In a story: ${rest['scenario'] ?? ''}`].join('\n\n'),
  }
}

function preset(name: string): Meaning | null {
  const found = presets.find((one) => one.name === name.toLowerCase())
  if (found === undefined) return null
  const text = [`# ${found.name}`, `A preset of plans: ${sentence(found.title)}`, `Try it: mqproof run --preset ${found.name}`]
  return { document: { preset: found.name, title: found.title }, text: text.join('\n\n') }
}

function configWord(name: string): Meaning | null {
  const found = configWords().find((one) => one.name.toLowerCase() === name.toLowerCase())
  if (found === undefined) return null
  const { kind, meaning, usual } = found
  const text = [`# ${found.name}`, `Of a RocketMQ configuration: ${meaning}`, ...(usual === '' ? [] : [`When left out: ${usual}`])]
  return { document: { [kind]: found.name, meaning, default: usual }, text: [...text, `All of them: ${CONFIG_PAGE}`].join('\n\n') }
}

const DICTIONARIES: readonly Dictionary[] = [excuse, fact, mutant, fault, preset, configWord]

/** Null: no report uses this word, unless it names a guarantee. */
export function meaningOf(name: string, registry: Registry): Meaning | null {
  for (const lookUp of DICTIONARIES) {
    const meaning = lookUp(name, registry)
    if (meaning !== null) return meaning
  }
  return null
}

/** What a name that nobody knows may have been meant to be. */
export const wordsOf = ({ mutants }: Registry): string[] => [
  ...ROW_NAMES,
  ...allFacts().map(({ id }) => id),
  ...mutants.map(({ id }) => id),
  ...faultRows().map(({ id }) => id),
  ...presets.map(({ name }) => name),
  ...configWords().map(({ name }) => name),
]
