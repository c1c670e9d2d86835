/** What a round made is removed as far as possible: one refusal does not keep the rest. */
import { expect, it } from 'vitest'
import { LocalFaults } from '../machine/local-faults.ts'
import { RocketmqLiveConfig } from './config.ts'
import { REQUEST } from './remoting/codes.ts'
import { RocketmqTarget } from './target.ts'
import { FakeBroker } from './testing/fake-broker.ts'

const hello = {
  system: 'rocketmq',
  contract: 'rocketmq' as const,
  version: '5.5.0',
  client: 'mqproof remoting',
  brokers: ['b1'],
  capabilities: {
    modes: ['sync' as const],
    offsets: true,
    read: true,
    commits: true,
    transactions: 'checked' as const,
    queuesMax: 8,
    bytesMax: 1000,
  },
  claims: [],
  config: {},
}

it('goes on after what the broker refuses to remove', async () => {
  const broker = await FakeBroker.start(new Map([[REQUEST.deleteTopic, () => ({ code: 16 })]]))
  const done = Promise.resolve()
  const parts = {
    hello,
    config: RocketmqLiveConfig.parse({}),
    faults: new LocalFaults({ brokers: new Map(), board: null, noDisk: '', noBoard: '' }),
    token: 'abc',
    address: broker.address,
    sdk: null,
    addressOf: () => Promise.resolve(broker.address),
    ready: () => done,
    settle: () => done,
    evidence: () => [],
    close: () => done,
  }
  const target = new RocketmqTarget(parts)
  const topics = ['T', 'U'].map((topic) => ({ topic, queues: 1 }))
  await target.tearDown(topics, [{ group: 'g', topics: ['T', 'U'] }])
  expect(broker.of(REQUEST.deleteTopic)).toHaveLength(2)
  expect(broker.of(REQUEST.deleteGroup)).toHaveLength(1)
  await target.close()
  await broker.close()
})
