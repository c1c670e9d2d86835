/** Plans that name a way of consuming which the model does not have: a plain message says what to leave out. */
import { describe, expect, it } from 'vitest'
import type { Group } from '../../plan/plan.ts'
import { plan } from './client/testing/fake-env.ts'
import { rocketmq } from './system.ts'

const refused = (group: Partial<Group>): string | null => {
  const sound = plan([])
  const groups = sound.cluster.groups.map((one) => ({ ...one, ...group }))
  return rocketmq.refuses({ ...sound, cluster: { ...sound.cluster, groups } }, rocketmq.config.parse({}))
}

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
