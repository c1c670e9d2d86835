/**
 * Time is an integer number of microseconds, everywhere: integers compare, hash and replay alike on every machine,
 * and 2^53 µs are 285 years. People read milliseconds with three decimals.
 */
export type Us = number

/** What wall clocks show when a simulated run begins: far from zero, which programs take for "never". */
export const EPOCH: Us = 1_000_000_000_000_000

export const ms = (n: number): Us => n * 1_000
export const seconds = (n: number): Us => n * 1_000_000
export const minutes = (n: number): Us => n * 60_000_000
export const hours = (n: number): Us => n * 3_600_000_000

/** 1234567 µs → "1234.567". */
export function showMs(t: Us): string {
  const sign = t < 0 ? '-' : ''
  const whole = Math.abs(t)
  return `${sign}${Math.floor(whole / 1000)}.${String(whole % 1000).padStart(3, '0')}`
}
