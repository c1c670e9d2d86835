/** The table of delay levels, as an operator writes it. */
import { describe, expect, it } from 'vitest'
import { delayLevelsOf, retryDelays } from '../../plan/delay-levels.ts'
import { InputError, parseWith } from '../../plan/input-error.ts'
import { hours, minutes, seconds } from '../../plan/units.ts'
import { Config } from './config.ts'

const levels = (more: object): readonly number[] => delayLevelsOf(parseWith(Config, more, 'config').messageDelayLevel)

describe('delay levels', () => {
  it('is the table of RocketMQ', () => {
    expect(levels({})).toEqual([
      ...[1, 5, 10, 30].map(seconds),
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30].map(minutes),
      ...[1, 2].map(hours),
    ])
  })

  it('can be others', () => {
    expect(levels({ messageDelayLevel: '1s 3h 2d' })).toEqual([seconds(1), hours(3), hours(48)])
  })

  it('are those of retries from the third on', () => {
    expect(retryDelays(levels({}), 16)).toEqual(levels({}).slice(2))
    expect(retryDelays(levels({ messageDelayLevel: '1s 2s 3s 4s' }), 3)).toEqual([seconds(3), seconds(4), seconds(4)])
  })

  it.each(['', '1', '0s', '1s  2s', '1.5s', 'soon'])('are not "%s"', (messageDelayLevel) => {
    expect(() => levels({ messageDelayLevel })).toThrow(InputError)
  })
})
