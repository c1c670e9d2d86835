/** Numbers as people read them, the same on every machine. */

/** 1234567 → "1,234,567". */
export const grouped = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',')

/** 1234567 → "1.23 M": three digits are all that a rate is good for. */
export function short(n: number): string {
  if (n >= 1e9) return `${(n / 1e9).toPrecision(3)} G`
  if (n >= 1e6) return `${(n / 1e6).toPrecision(3)} M`
  if (n >= 1e4) return `${(n / 1e3).toPrecision(3)} k`
  return grouped(n)
}

/** A span, in the largest unit that leaves something before the point. */
export function span(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`
  if (ms < 2 * 3_600_000) return `${(ms / 60_000).toFixed(1)} min`
  if (ms < 2 * 86_400_000) return `${(ms / 3_600_000).toFixed(1)} h`
  return `${(ms / 86_400_000).toFixed(1)} days`
}

/** "1 run", "2 runs". */
export const counted = (n: number, noun: string): string => `${grouped(n)} ${noun}${n === 1 ? '' : 's'}`
