/** RTE-4: what a producer does with a send: how often it is tried, where, and that it ends. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

describe('sending', () => {
  it('keeps to its contract, whatever happens to several brokers', () => {
    keeps('cluster', ['RTE-4'], 200)
  })
})
