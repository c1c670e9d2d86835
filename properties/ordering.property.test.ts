/** ORD-1 to ORD-5 and RBL-3: messages keep the order in which they were sent, places are given out once, and orderly groups take turns. */
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

  it('of orderly groups, whose queues have one owner at a time', () => {
    keeps('ordered-topic', ['ORD-3', 'RBL-3'], 120)
  })

  it('of the messages of a key, from end to end', () => {
    keeps('ordered-keys', ['ORD-4'], 120)
  })

  it('of the messages of a key, while their topic gets more queues', () => {
    keeps('ordered-scale-out', ['ORD-5', 'SCL-1'], 80)
  })
})
