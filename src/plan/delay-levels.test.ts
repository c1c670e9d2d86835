/** The table of delay levels, as an operator writes it. */
import { describe, expect, it } from 'vitest'
import { DELAY_LEVELS, DelayLevels, delayLevelsOf, retryDelays } from './delay-levels.ts'
import { InputError, parseWith } from './input-error.ts'
import { hours, minutes, seconds } from './units.ts'

const levels = (table: string): readonly number[] => delayLevelsOf(parseWith(DelayLevels, table, 'messageDelayLevel'))

describe('delay levels', () => {
  it('is the table of RocketMQ', () => {
    expect(levels(DELAY_LEVELS)).toEqual([
      ...[1, 5, 10, 30].map(seconds),
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30].map(minutes),
      ...[1, 2].map(hours),
    ])
  })

  it('can be others', () => {
    expect(levels('1s 3h 2d')).toEqual([seconds(1), hours(3), hours(48)])
  })

  it('are those of retries from the third on', () => {
    expect(retryDelays(levels(DELAY_LEVELS), 16)).toEqual(levels(DELAY_LEVELS).slice(2))
    expect(retryDelays(levels('1s 2s 3s 4s'), 3)).toEqual([seconds(3), seconds(4), seconds(4)])
  })

  it.each(['', '1', '0s', '1s  2s', '1.5s', 'soon'])('are not "%s"', (table) => {
    expect(() => levels(table)).toThrow(InputError)
  })
})
