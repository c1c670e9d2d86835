/**
 * What is wrong with a field of somebody's document, in words for a reader who has never seen a schema: which field it is, what is there,
 * and what was expected.
 */
import type { z } from 'zod'
import { nearest } from './nearest.ts'

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

const SHOWN = 60
/** All numbers of these documents are whole. */
const KINDS: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a whole number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

/** "faults[2].keep": the path of a field as people write it. */
export function showPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? String(part) : `${text}.${String(part)}`
  }, '')
}

/** The value at a path, as far as the path leads. */
const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (at, part) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[part] : undefined),
    value,
  )

function shown(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`
}

/** What a field may be where that is a list of words, or none. */
function choicesOf(issue: Issue): readonly unknown[] {
  if (issue.code === 'invalid_value') return issue.values
  return issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options) ? issue.options : []
}

function oneOf(choices: readonly unknown[]): string {
  const all = choices.map(shown)
  return all.length === 1 ? `${all[0]} was expected` : `one of ${all.join(', ')} was expected`
}

/** A slip in a word is answered with the words that are near it. */
function amongWords(found: unknown, choices: readonly unknown[]): string {
  const near = typeof found === 'string' ? nearest(found, choices.map(String)) : []
  return near.length === 0 ? oneOf(choices) : `did you mean ${near.join(', ')}?`
}

function limit(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const least = issue.code === 'too_small'
  const bound = least ? issue.minimum : issue.maximum
  if (issue.origin === 'array' || issue.origin === 'string') {
    const [what, unit] = issue.origin === 'array' ? ['a list', 'items'] : ['a string', 'characters']
    return least && bound === 1
      ? `${what} that is not empty was expected`
      : `${what} of at ${least ? 'least' : 'most'} ${bound} ${unit} was expected`
  }
  if (issue.inclusive === false) return `a whole number ${least ? 'above' : 'below'} ${bound} was expected`
  return least ? `a whole number, ${bound} or more, was expected` : `${bound} at most was expected`
}

function expectation(issue: Issue, found: unknown): string {
  const choices = choicesOf(issue)
  if (choices.length > 0) return amongWords(found, choices)
  switch (issue.code) {
    case 'invalid_type':
      return `${KINDS[issue.expected] ?? issue.expected} was expected`
    case 'too_small':
    case 'too_big':
      return limit(issue)
    // A schema that has words of its own for it says more than its pattern.
    case 'invalid_format':
      if (!issue.message.startsWith('Invalid')) return `${issue.message} was expected`
      return `a string of the form ${issue.pattern ?? issue.format} was expected`
    case 'invalid_union':
      return [...new Set(issue.errors.flatMap((one) => one.slice(0, 1)).map((one) => expectation(one, found)))]
        .map((words) => words.replace(/ was expected$/, ''))
        .join(' or ')
        .concat(' was expected')
    default:
      return issue.message
  }
}

/** Of the alternatives of a union the one that was followed furthest: that is what was meant. Null: none led anywhere. */
function meant(issue: Issue): Issue | null {
  if (issue.code !== 'invalid_union') return null
  const firsts = issue.errors.flatMap((issues) => issues.slice(0, 1)).filter(({ path }) => path.length > 0)
  return firsts.reduce<Issue | null>((best, one) => (best === null || one.path.length > best.path.length ? one : best), null)
}

export interface Complaint {
  /** The field, as people write it; empty: the document as a whole. */
  readonly field: string
  /** `is "7": a whole number was expected`. */
  readonly words: string
}

export function complaintOf(issue: Issue, document: unknown, within: Path = []): Complaint {
  const found = valueAt(document, issue.path)
  const path = [...within, ...issue.path]
  const deeper = meant(issue)
  if (deeper !== null) return complaintOf(deeper, found, path)
  if (issue.code === 'unrecognized_keys')
    return { field: showPath([...path, ...issue.keys.slice(0, 1)]), words: 'is not known: there is no such field' }
  return { field: showPath(path), words: `${found === undefined ? 'is missing' : `is ${shown(found)}`}: ${expectation(issue, found)}` }
}
