/** Option values as people type them, turned into what commands use; what does not parse is said with an example of what does. */
import { InputError } from '../plan/input-error.ts'

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** "90s", "10m", "1.5h" → milliseconds. */
export function durationMs(option: string) {
  return (text: string): number => {
    const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text)
    const unit = match === null ? undefined : UNITS[match[2] ?? '']
    const value = unit === undefined ? 0 : Math.round(Number(match?.[1]) * unit)
    if (value <= 0) throw new InputError(`${option} ${text}: a duration with its unit, such as 30s, 10m or 2h`)
    return value
  }
}

export function integer(option: string, min: number, max = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= min && value <= max)) {
      throw new InputError(`${option} ${text}: a whole number ${max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`}`)
    }
    return value
  }
}

export function seed(text: string): string {
  if (!/^[\w.-]{1,64}$/.test(text)) throw new InputError(`--seed ${text}: up to 64 letters, digits, "_", "." and "-"`)
  return text
}

/** "A,B" → ["A", "B"]; an empty list is a slip, not a wish for nothing. */
export function list(option: string) {
  return (text: string): string[] => {
    const parts = text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
    if (parts.length === 0) throw new InputError(`${option}: names, with commas between them`)
    return parts
  }
}

/** A fresh seed each time finds more; it is printed, so any campaign can be repeated. */
export const freshSeed = (): string => String(crypto.getRandomValues(new Uint32Array(1))[0] ?? 1)

/** An option that may be given several times. */
export const collect = (text: string, before: string[] | undefined): string[] => [...(before ?? []), text]
