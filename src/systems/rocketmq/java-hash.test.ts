/** Strings whose hash Java's documentation, or everybody, knows. */
import { expect, it } from 'vitest'
import { clientRules } from './client/rules.ts'
import { javaHash } from './java-hash.ts'

it('is what Java says', () => {
  expect(['', 'a', 'hello', 'polygenelubricants'].map(javaHash)).toEqual([0, 97, 99162322, -2147483648])
})

it('gives every key a queue, also where its hash has no absolute value (#2421)', () => {
  for (const queues of [1, 3, 8]) expect(clientRules.queueOfKey('polygenelubricants', queues, 1, 1)).toBeLessThan(queues)
  expect(clientRules.queueOfKey('hello', 8, 1, 1)).toBe(clientRules.queueOfKey('hello', 8, 2, 3))
})
