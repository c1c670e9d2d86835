/** FLT-1, FLT-2: groups are given what they want, and pass by the rest; and where it is filtered makes no difference to who is given what. */
import { describe, expect, it } from 'vitest'
import { settingOf, simulate } from '../src/sim/run.ts'
import type { Plan } from '../src/plan/plan.ts'
import { rocketmq } from '../src/systems/rocketmq/system.ts'
import type { Rules } from '../src/systems/rocketmq/rules.ts'
import { anyPlan, holds, keeps } from './keeps.ts'

/** What each group was given, whenever and however often. */
function givenBy(plan: Plan, rules: Rules): string[] {
  const given = new Set<string>()
  simulate(
    rocketmq,
    plan,
    (event) => {
      if (event.type === 'invoke' && event.f === 'consume') given.add(`${event.v.group} ${event.v.message}`)
    },
    { rules },
  )
  return [...given].toSorted()
}

describe('filters', () => {
  it('give groups the tags that they want, and nothing else', () => {
    keeps('tags', ['FLT-1', 'ALO-1', 'BRC-1'], 150)
  })

  it('give groups what their selectors are true for, and nothing else', () => {
    keeps('selectors', ['FLT-2', 'ALO-1'], 100)
  })

  it('have one outcome whether the broker leaves out what nobody wants, or the client does', () => {
    const atClient: Rules = { ...rocketmq.rules, matchesCode: () => true }
    let filtered = 0
    holds(anyPlan('tags'), 40, (drawn) => {
      const plan: Plan = {
        ...drawn,
        policy: 'calm',
        seed: 0,
        faults: [],
        workload: drawn.workload.filter(({ do: what }) => what === 'send'),
      }
      if (settingOf(rocketmq, plan).cluster.groups.some(({ tags }) => tags !== undefined)) filtered++
      expect(givenBy(plan, atClient)).toEqual(givenBy(plan, rocketmq.rules))
    })
    expect(filtered).toBeGreaterThan(20)
  })
})
