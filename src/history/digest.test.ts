/** A number is never taken for the sign that there is none, or that two words follow. */
import { expect, it } from 'vitest'
import { Digest } from './digest.ts'

const [ABSENT, WIDE] = [0x2545f491, 0x6a09e667]
const hashOf = (...values: (number | undefined)[]): number =>
  values.reduce((digest: Digest, value) => digest.whole(value), new Digest(1)).hash

it('no two sequences of integers are one sequence of words', () => {
  expect(hashOf(ABSENT)).not.toBe(hashOf(undefined))
  expect(hashOf(WIDE, 7, 1)).not.toBe(hashOf(0x1_0000_0007))
})
