/** ALO-1 to ALO-5: what was acknowledged is delivered, progress never runs ahead of work, and nothing comes that nobody sent. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

const UNDER_FAULTS = ['ALO-1', 'ALO-2', 'ALO-3', 'ALO-4']

describe('delivery', () => {
  it('is at least once, where every deviation is repaired', () => {
    keeps('hardened', UNDER_FAULTS, 250)
  })

  it('is at least once, as shipped', () => {
    keeps('rocketmq-5.5', UNDER_FAULTS, 250)
  })

  it('is at least once from where a group begins, and again where it is sent back', () => {
    keeps('start-positions', UNDER_FAULTS, 120)
  })

  it('is at least once for applications that ask for their messages', () => {
    keeps('pull', UNDER_FAULTS, 120)
  })

  it('is at least once for consumers that hold as much as they may, and listeners that are given several messages at once', () => {
    keeps('busy-consumers', UNDER_FAULTS, 120)
  })

  it('is at least once by acknowledgements too: groups that pop', () => {
    keeps('pop', [...UNDER_FAULTS, 'ALO-5', 'ORD-3'], 250)
  })

  it('is once where nothing goes wrong: ALO-5', () => {
    keeps('faultless', ['ALO-1', 'ALO-2', 'ALO-5'], 150)
  })
})
