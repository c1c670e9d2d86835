/** RBL-1 and RBL-2: what each member makes of its view, and who reads which queue once nothing disturbs a cluster any more. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

describe('rebalance', () => {
  it('deals out each queue once among members with one view, who come and go', () => {
    keeps('many-groups', ['RBL-1', 'RBL-2'], 80)
    keeps('scale-out', ['RBL-1', 'RBL-2'], 60)
  })

  it('gives each queue one owner in the end, as shipped', () => {
    keeps('rocketmq-5.5', ['RBL-2'], 120)
  })

  it('gives each queue one owner in the end, at several brokers', () => {
    keeps('cluster', ['RBL-2'], 80)
  })
})
