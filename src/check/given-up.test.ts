/** Which halves count as given up: those of which a broker says so, or about which one that says nothing has asked often enough. */
import { expect, it } from 'vitest'
import { GivenUp } from './given-up.ts'

const CHECKS = { immunityUs: 0, intervalUs: 0, max: 3 }

it('who sees inside goes by what the broker says, and by nothing else', () => {
  const halves = new GivenUp({ records: ['white:discarded'], checks: CHECKS })
  for (let n = 0; n < 5; n++) halves.checked(1)
  halves.told(2, 1)
  expect([halves.has(1), halves.factsOf(1), halves.factsOf(2)]).toEqual([false, { discarded: false }, { discarded: true, checks: 1 }])
})

it('who sees from outside counts the checks, where the history says how many there are', () => {
  const [counted, unknown] = [new GivenUp({ records: [], checks: CHECKS }), new GivenUp({ records: [] })]
  for (const halves of [counted, unknown]) for (let n = 0; n < 3; n++) halves.checked(1)
  counted.checked(2)
  expect([counted.factsOf(1), counted.factsOf(2), unknown.factsOf(1)]).toEqual([{ discarded: true, checks: 3 }, {}, {}])
})
