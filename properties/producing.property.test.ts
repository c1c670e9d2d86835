/** RTE-4, RTE-5 and BAT-1: what a producer does with a send, how often and where it is tried, and that batches are whole. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

describe('sending', () => {
  it('keeps to its contract, whatever happens to several brokers', () => {
    keeps('cluster', ['RTE-4'], 200)
  })

  it('takes its queues in turn, and passes over brokers that were slow or failed', () => {
    keeps('latency-tolerance', ['RTE-4', 'RTE-5'], 150)
  })

  it('keeps to its contract where brokers are busy, and loses nothing that waited in their lines', () => {
    keeps('busy-brokers', ['RTE-4', 'ALO-1', 'DUR-1'], 120)
  })

  it('stores a batch as a whole or not at all, where recovery does, and as shipped but for a power loss: BAT-1', () => {
    keeps('batches', ['BAT-1'], 150)
  })
})
