/** A mistake in what the user gave us: reported in one line with exit code 2, never with a stack trace. */
import type { z } from 'zod'

export class InputError extends Error {
  override name = 'InputError'
}

/** "faults[2].keep": the path of a field as people write it. */
export function showPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? String(part) : `${text}.${String(part)}`
  }, '')
}

/** Parses untrusted JSON values; the error names the first bad field, what was expected there, and where the document came from. */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown, source: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  if (issue === undefined) throw new InputError(`${source}: not valid`)
  const field = showPath(issue.path)
  throw new InputError(`${source}: ${field === '' ? '' : `${field}: `}${issue.message}`)
}

/** JSON text to a value; the error does not repeat the engine's own wording, which differs between versions. */
export function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new InputError(`${source}: not a JSON document`)
  }
}
