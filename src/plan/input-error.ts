/** A mistake in what the user gave us: reported in one line with exit code 2, never with a stack trace. */
import type { z } from 'zod'
import { nearest } from './nearest.ts'

export class InputError extends Error {
  override name = 'InputError'
}

/** A plan that its system can't run: which of its fields, and why. */
export class PlanRefused extends InputError {
  readonly complaint: string

  constructor(complaint: string) {
    super(`plan: ${complaint}`)
    this.complaint = complaint
  }
}

/** "faults[2].keep": the path of a field as people write it. */
export function showPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? String(part) : `${text}.${String(part)}`
  }, '')
}

/** The value at a path, as far as the path leads. */
export const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (at, part) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[part] : undefined),
    value,
  )

/** What a field may be where that is a list of words, or null. */
function choicesOf(issue: z.core.$ZodIssue): readonly unknown[] | null {
  if (issue.code === 'invalid_value') return issue.values
  return issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options) ? issue.options : null
}

/** A slip in a word is answered with the words that are near it. */
function explain(issue: z.core.$ZodIssue, value: unknown): string {
  const found = valueAt(value, issue.path)
  const choices = choicesOf(issue)?.map(String) ?? []
  if (typeof found !== 'string' || choices.length === 0) return issue.message
  const near = nearest(found, choices)
  const hint = near.length === 0 ? `expected ${choices.join(', ')}` : `did you mean ${near.join(', ')}?`
  return `"${found}" is not known here: ${hint}`
}

/** Parses untrusted JSON values; the error names the first bad field, what was expected there, and where the document came from. */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown, source: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  if (issue === undefined) throw new InputError(`${source}: not valid`)
  const field = showPath(issue.path)
  throw new InputError(`${source}: ${field === '' ? '' : `${field}: `}${explain(issue, value)}`)
}

/** JSON text to a value; the error does not repeat the engine's own wording, which differs between versions. */
export function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new InputError(`${source}: not a JSON document`)
  }
}
