/** What a listener failed on goes back to the broker, comes again from the retry topic, and is no longer held where it lay. */
import { afterEach, describe, expect, it } from 'vitest'
import { retryTopic } from '../../../plan/group-topics.ts'
import type { Delivery } from '../../target.ts'
import { REQUEST } from '../remoting/codes.ts'
import { FakeBroker, soon, type Handler } from '../testing/fake-broker.ts'
import { storedBytes } from '../testing/stored.ts'
import { QUICK } from '../testing/times.ts'
import { RemotingConsumer } from './consumer.ts'

describe('a failed message', () => {
  let broker: FakeBroker
  let consumer: RemotingConsumer
  const deliveries: Delivery[] = []
  const told: string[] = []

  afterEach(async () => {
    consumer.abort()
    await broker.close()
    for (const list of [deliveries, told]) list.length = 0
  })

  async function open(takesBack: Handler): Promise<void> {
    const once = (topic: string): Buffer =>
      topic === 'T' ? storedBytes({ offset: 0, at: 4242 }) : storedBytes({ topic, offset: 0, at: 5000, reconsumed: 1 })
    const taken = (): boolean => broker.of(REQUEST.sendBack).length > 0
    broker = await FakeBroker.start(
      new Map<number, Handler>([
        [REQUEST.queryConsumerOffset, () => ({ fields: { offset: 0 } })],
        [REQUEST.sendBack, takesBack],
        [
          REQUEST.pullMessage,
          ({ fields }) => {
            const topic = fields['topic'] ?? ''
            const there = fields['queueOffset'] === '0' && (topic === 'T' || taken())
            return there ? { fields: { nextBeginOffset: 1 }, body: once(topic) } : { code: 19, fields: { nextBeginOffset: 0 } }
          },
        ],
      ]),
    )
    consumer = new RemotingConsumer(
      { name: 'c1', group: 'g', topics: [{ topic: 'T', queues: 1 }], members: ['c1'] },
      {
        delivered: (delivery) => deliveries.push(delivery),
        assigned: () => undefined,
        committed: (topic, _, offset) => told.push(`committed ${topic}@${offset}`),
        sendBack: ({ topic, offset }, what) => told.push(`${what} ${topic}@${offset}`),
      },
      { address: broker.address, broker: 'b1', times: QUICK, retriesMax: 3, onBroken: () => undefined },
    )
  }

  it('is found by its physical offset, and comes again from the retry topic, counted', async () => {
    await open(() => ({}))
    await soon(() => deliveries.length === 1)
    await deliveries[0]?.settle(false)
    expect(broker.of(REQUEST.sendBack)[0]?.fields).toMatchObject({
      group: 'g',
      offset: '4242',
      delayLevel: '0',
      maxReconsumeTimes: '3',
      originTopic: 'T',
      bname: 'b1',
    })
    await soon(() => deliveries.length === 2 && told.includes('committed T@1'))
    expect(deliveries[1]).toMatchObject({ topic: retryTopic('g'), offset: 0, attempt: 1 })
    expect(told.indexOf('invoke T@0')).toBeLessThan(told.indexOf('ok T@0'))
    expect(told.indexOf('ok T@0')).toBeLessThan(told.indexOf('committed T@1'))
  })

  it('that the broker does not take back is run again by its client, and holds its queue back', async () => {
    await open(() => ({ code: 1 }))
    await soon(() => deliveries.length === 1)
    await deliveries[0]?.settle(false)
    await soon(() => deliveries.some(({ topic, attempt }) => topic === 'T' && attempt === 1))
    expect(told.slice(0, 2)).toEqual(['invoke T@0', 'fail T@0'])
    expect(told).not.toContain('committed T@1')
  })
})
