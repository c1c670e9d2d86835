/** How long RocketMQ's delay levels are (RMQ-118), and which of them retries wait by (RMQ-115). */
import { hours, minutes, seconds, type Us } from './units.ts'

const UNITS: ReadonlyMap<string, Us> = new Map([
  ['s', seconds(1)],
  ['m', minutes(1)],
  ['h', hours(1)],
  ['d', hours(24)],
])

/** How long each level is, the first one first. */
export const delayLevelsOf = (table: string): readonly Us[] =>
  table.split(' ').map((word) => Number(word.slice(0, -1)) * (UNITS.get(word.slice(-1)) ?? 0))

/** The k-th retry waits by level k + 2; a level beyond the table is its last. */
export const retryDelays = (levels: readonly Us[], max: number): Us[] =>
  Array.from({ length: max }, (_, k) => levels[Math.min(k + 3, levels.length) - 1] ?? 0)
