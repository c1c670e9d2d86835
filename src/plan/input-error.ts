/** A mistake in what the user gave us: reported in one line with exit code 2, never with a stack trace. */
import type { z } from 'zod'
import { complaintOf } from './complaint.ts'

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

/** So many fields are named beside the one that is explained. */
const NAMED = 3

function others(fields: readonly string[]): string {
  if (fields.length === 0) return ''
  const rest = fields.length - NAMED
  return ` (also wrong: ${fields.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''})`
}

/** Parses untrusted JSON values; the error names the first bad field, what was expected there, where the document came from, and which others are bad. */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown, source: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [first, ...more] = result.error.issues.map((issue) => complaintOf(issue, value))
  if (first === undefined) throw new InputError(`${source}: not valid`)
  const { field, words } = first
  const fields = new Set(more.map((one) => one.field).filter((one) => one !== field && one !== ''))
  throw new InputError(`${source}: ${field === '' ? 'the whole of it' : field} ${words}${others([...fields])}`)
}

/** JSON text to a value; the error does not repeat the engine's own wording, which differs between versions. */
export function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new InputError(`${source}: not a JSON document`)
  }
}
