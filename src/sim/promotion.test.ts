/** A promotion's order: nobody who is told to follow still runs when the new master starts, whichever way ties are broken. */
import { expect, it } from 'vitest'
import { seconds } from '../plan/units.ts'
import { faultEntries } from './faults.ts'
import type { Promotion } from './promotion.ts'

const NAMES = ['b1', 'b1s', 'b1s2']
const PROMOTION: Promotion = { kind: 'promotion', on: 'b1s', atUs: seconds(1), forUs: seconds(2), salt: 7 }

it('starts who is promoted after everybody else was told to start', () => {
  const entries = faultEntries(
    [PROMOTION],
    () => 0,
    (name) => NAMES.indexOf(name),
    () => [0, 1, 2],
  )
  const startsAt = (to: number): number => entries.find((entry) => entry.b === 1 && entry.to === to)?.time ?? -1
  expect(entries).toHaveLength(6)
  expect(startsAt(0)).toBe(seconds(3))
  expect(startsAt(2)).toBe(seconds(3))
  expect(startsAt(1)).toBeGreaterThan(seconds(3))
})
