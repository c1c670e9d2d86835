/** RBL-2: who reads which queue, once nothing disturbs a cluster any more. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

describe('rebalance', () => {
  it('gives each queue one owner in the end, as shipped', () => {
    keeps('rocketmq-5.5', ['RBL-2'], 120)
  })

  it('gives each queue one owner in the end, at several brokers', () => {
    keeps('cluster', ['RBL-2'], 80)
  })
})
