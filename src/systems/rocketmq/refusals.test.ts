/** Plans that name a way of consuming which the model does not have: a plain message says what to leave out. */
import { describe, expect, it } from 'vitest'
import type { Group, Item } from '../../plan/plan.ts'
import { plan } from './client/testing/fake-env.ts'
import { rocketmq } from './system.ts'

const refusedAll = (groups: Group[], workload: Item[] = []): string | null => {
  const sound = plan([])
  return rocketmq.refuses({ ...sound, workload, cluster: { ...sound.cluster, groups } }, rocketmq.config.parse({}))
}
const refused = (group: Partial<Group>): string | null => refusedAll(plan([]).cluster.groups.map((one) => ({ ...one, ...group })))

describe('a group', () => {
  it('commits by itself where it asks for its messages, and nowhere else', () => {
    expect(refused({ commitEvery: 3, consumption: 'pull' })).toBeNull()
    for (const other of [{}, { consumption: 'push' }, { consumption: 'pop' }] as const)
      expect(refused({ commitEvery: 3, ...other })).toMatch(/^cluster\.groups\[0\]\.commitEvery: .* leave it out$/)
  })

  it('is told its queues, all of it or some consumers, where it asks for its messages, and nobody resizes them', () => {
    expect(refused({ assign: [0], consumption: 'pull' })).toBeNull()
    for (const other of [{}, { consumption: 'push' }, { consumption: 'pop' }] as const)
      expect(refused({ assign: [0], ...other })).toMatch(/^cluster\.groups\[0\]\.assign: .* leave it out$/)
    expect(refused({ assign: [0], consumption: 'pull', allocate: 'AVG' })).toMatch(
      /^cluster\.groups\[0\]\.allocate: .* leave one of the two out$/,
    )
    const told: Group = { name: 'g', topics: ['T'], consumers: ['c1'], consumption: 'pull', assign: [0] }
    const dealt: Group = { name: 'g', topics: ['T'], consumers: ['c9'], consumption: 'pull' }
    const resize: Item = { do: 'resize', client: 'p1', atUs: 0, salt: 1, topic: 'T', readQueues: 2, writeQueues: 2 }
    expect(refusedAll([told, dealt])).toBeNull()
    expect(refusedAll([told], [resize])).toMatch(/assign: nobody tells .* leave the resize out/)
  })

  it('is given several messages at once where it listens, with one verdict for all where it takes turns', () => {
    const batch = { max: 2, verdict: 'whole' } as const
    expect(refused({ batch })).toBeNull()
    expect(refused({ batch, listener: 'orderly' })).toBeNull()
    expect(refused({ batch: { ...batch, verdict: 'ack-index' }, listener: 'orderly' })).toMatch(/^cluster\.groups\[0\]\.batch\.verdict: /)
    expect(refused({ batch, consumption: 'pull' })).toMatch(/^cluster\.groups\[0\]\.batch: .* leave it out$/)
  })

  it('does not ask for its messages where it broadcasts', () => {
    expect(refused({ mode: 'broadcasting', consumption: 'pull' })).toMatch(/^cluster\.groups\[0\]\.consumption: .* leave it out$/)
    expect(refused({ mode: 'broadcasting' })).toBeNull()
  })
})

describe('where masters are elected', () => {
  const common = { client: 'p1', atUs: 0, salt: 1, topic: 'T', bytes: 1 }
  const refusedBy = (config: object, item: Item): string | null => {
    const sound = plan([])
    const cluster = { ...sound.cluster, controllers: ['k1'] }
    return rocketmq.refuses({ ...sound, cluster, workload: [item] }, rocketmq.config.parse(config))
  }

  it.each([{ enableControllerMode: true }, { commitLog: 'dledger', retry: 'send-back' }])(
    'levels and transactions go on, and no timer (%o)',
    (config) => {
      expect(refusedBy(config, { do: 'send', mode: 'sync', ...common, delay: { level: 3 } })).toBeNull()
      expect(refusedBy(config, { do: 'transaction', outcome: 'commit', answer: 'commit', ...common })).toBeNull()
      expect(refusedBy(config, { do: 'send', mode: 'sync', ...common, delay: { afterUs: 5_000_000 } })).toMatch(/timer/)
    },
  )
})
