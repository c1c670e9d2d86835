/** Which halves count as given up: those of which a broker says so, or about which one that says nothing has asked often and long enough. */
import { expect, it } from 'vitest'
import { seconds } from '../plan/units.ts'
import { GivenUp } from './given-up.ts'

const CHECKS = { immunityUs: 0, intervalUs: seconds(1), max: 4 }
const outside = (): GivenUp => new GivenUp({ records: [], checks: CHECKS })

it('who sees inside goes by what the broker says, and by nothing else', () => {
  const halves = new GivenUp({ records: ['white:discarded'], checks: CHECKS })
  for (let n = 0; n < 5; n++) halves.checked(1, seconds(n))
  halves.told(2, 1)
  expect([halves.has(1), halves.factsOf(1), halves.factsOf(2)]).toEqual([false, { discarded: false }, { discarded: true, checks: 1 }])
})

it('who sees from outside counts the checks, where the history says how many there are', () => {
  const [counted, unknown] = [outside(), new GivenUp({ records: [] })]
  for (const halves of [counted, unknown]) for (let n = 0; n < 4; n++) halves.checked(1, 0)
  counted.checked(2, 0)
  expect([counted.factsOf(1), counted.factsOf(2), unknown.factsOf(1)]).toEqual([{ discarded: true, checks: 4 }, {}, {}])
})

it('checks that found nobody count for one who is asked until the last was due, and not for one who is asked late alone', () => {
  const halves = outside()
  for (const at of [1, 3]) halves.checked(1, seconds(at))
  halves.checked(2, seconds(9))
  expect([halves.factsOf(1), halves.factsOf(2)]).toEqual([{ discarded: true, checks: 4 }, {}])
})
