/** ORD-1 and ORD-2: messages keep the order in which they were sent, and places are given out once. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

const ORDER = ['ORD-1', 'ORD-2']

describe('order', () => {
  it('of messages and places, where every deviation is repaired', () => {
    keeps('hardened', ORDER, 250)
  })

  it('of messages and places, as shipped', () => {
    keeps('rocketmq-5.5', ORDER, 250)
  })
})
