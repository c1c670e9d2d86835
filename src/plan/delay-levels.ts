/**
 * RocketMQ's table of delay levels (RMQ-118): one string for the whole broker, as an operator writes it, and which levels retries wait by
 * (RMQ-115). The simulated broker reads it, and the driver of the real one.
 */
import { z } from 'zod'
import type { Delay, TimedDelay } from './plan.ts'
import { hours, minutes, seconds, type Us } from './units.ts'

export const DELAY_LEVELS = '1s 5s 10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h'

const UNITS: ReadonlyMap<string, Us> = new Map([
  ['s', seconds(1)],
  ['m', minutes(1)],
  ['h', hours(1)],
  ['d', hours(24)],
])

export const DelayLevels = z.string().regex(/^[1-9]\d{0,5}[smhd]( [1-9]\d{0,5}[smhd]){0,99}$/, 'delay levels like "1s 5s 1m 2h"')

/** How long each level is, the first one first. */
export const delayLevelsOf = (table: string): readonly Us[] =>
  table.split(' ').map((word) => Number(word.slice(0, -1)) * (UNITS.get(word.slice(-1)) ?? 0))

/** The level that was asked for; 0 for none, and for a time of its own. */
export const levelAsked = (delay: Delay | null | undefined): number =>
  delay !== null && delay !== undefined && 'level' in delay ? delay.level : 0

/** A time of its own, or nothing. */
export const timeAsked = (delay: Delay | null | undefined): TimedDelay | null =>
  delay === null || delay === undefined || 'level' in delay ? null : delay

export const isDelayed = (delay: Delay | null | undefined): boolean => levelAsked(delay) > 0 || timeAsked(delay) !== null

/** How long a level makes a message wait: one beyond the table is the last, and 0 is no delay. */
export const delayOfLevel = (levels: readonly Us[], level: number): Us => levels[Math.min(level, levels.length) - 1] ?? 0

/** How long a message has to wait that was stored, or sent, at some time. */
export function delayFrom(levels: readonly Us[], asked: Delay | null | undefined, sinceUs: Us): Us {
  const timed = timeAsked(asked)
  if (timed === null) return delayOfLevel(levels, levelAsked(asked))
  return 'atUs' in timed ? Math.max(0, timed.atUs - sinceUs) : timed.afterUs
}

/** By which level a message waits that comes again, and has come again so often before (RMQ-113): the first retry by the third. */
export const levelOfRetry = (reconsumeTimes: number): number => 3 + reconsumeTimes

/** How long each of so many retries waits, the first one first. */
export const retryDelays = (levels: readonly Us[], max: number): Us[] =>
  Array.from({ length: max }, (_, reconsumeTimes) => delayOfLevel(levels, levelOfRetry(reconsumeTimes)))
