/** Plans that name a way of consuming which the model does not have: a plain message says what to leave out. */
import { describe, expect, it } from 'vitest'
import { PLAN_FORMAT, type Group, type Plan } from '../../plan/plan.ts'
import { rocketmq } from './system.ts'

const plan = (group: Partial<Group>): Plan => ({
  format: PLAN_FORMAT,
  version: 'test',
  system: 'rocketmq',
  seed: 1,
  policy: 'calm',
  cluster: {
    nameservers: ['n1'],
    brokers: ['b1'],
    producers: [],
    topics: [{ name: 'T', queues: 1 }],
    groups: [{ name: 'g', topics: ['T'], consumers: ['c1'], ...group }],
    config: {},
  },
  workload: [],
  faults: [],
})
const refused = (group: Partial<Group>): string | null => rocketmq.refuses(plan(group), rocketmq.config.parse({}))

describe('a group', () => {
  it('commits by itself where it asks for its messages, and nowhere else', () => {
    expect(refused({ commitEvery: 3, consumption: 'pull' })).toBeNull()
    for (const other of [{}, { consumption: 'push' }, { consumption: 'pop' }] as const)
      expect(refused({ commitEvery: 3, ...other })).toMatch(/^cluster\.groups\[0\]\.commitEvery: .* leave it out$/)
  })

  it('does not ask for its messages where it broadcasts', () => {
    expect(refused({ mode: 'broadcasting', consumption: 'pull' })).toMatch(/^cluster\.groups\[0\]\.consumption: .* leave it out$/)
    expect(refused({ mode: 'broadcasting' })).toBeNull()
  })
})
