/** RBL-1, RBL-2 and GRP-1: what each member makes of its view, and who reads which queue once nothing disturbs a cluster any more. */
import { describe, expect, it } from 'vitest'
import { simulate, type Plan } from '../src/index.ts'
import type { Group } from '../src/plan/plan.ts'
import { anyPlan, holds, keeps } from './keeps.ts'

/** The plan without all other groups. */
const alone = (group: Group, plan: Plan): Plan => ({
  ...plan,
  cluster: { ...plan.cluster, groups: [group] },
  workload: plan.workload.filter((item) => (item.do !== 'start' && item.do !== 'stop') || group.consumers.includes(item.client)),
})

/** What was delivered to whom, or to the group as a whole, whatever its number in the plan. */
function givenTo({ consumers, mode }: Group, plan: Plan): string[] {
  const given = simulate(plan).events.flatMap((event) =>
    event.type === 'invoke' && event.f === 'consume' && consumers.includes(event.p)
      ? [`${mode === 'broadcasting' ? event.p : ''} ${event.v.digest}`]
      : [],
  )
  return [...new Set(given)].toSorted()
}

describe('rebalance', () => {
  it('deals out each queue once among members with one view, who come and go', () => {
    keeps('many-groups', ['RBL-1', 'RBL-2'], 80)
    keeps('scale-out', ['RBL-1', 'RBL-2'], 60)
  })

  it('leaves every group what it would have alone', () => {
    keeps('many-groups', ['GRP-1'], 60)
    holds(anyPlan('many-groups'), 25, (drawn) => {
      const plan: Plan = { ...drawn, policy: 'calm', seed: 0, faults: [] }
      for (const group of plan.cluster.groups.slice(0, 1)) expect(givenTo(group, plan)).toEqual(givenTo(group, alone(group, plan)))
    })
  })

  it('gives each queue one owner in the end, as shipped', () => {
    keeps('rocketmq-5.5', ['RBL-2'], 120)
  })

  it('gives each queue one owner in the end, at several brokers', () => {
    keeps('cluster', ['RBL-2'], 80)
  })
})
