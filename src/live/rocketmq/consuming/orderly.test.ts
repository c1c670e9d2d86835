/** An orderly consumer: nothing without a lock, one message at a time, and a lock that is renewed, refused and given back. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pause } from '../../waits.ts'
import type { Delivery } from '../../target.ts'
import { REQUEST } from '../remoting/codes.ts'
import { FakeBroker, soon, type Handler } from '../testing/fake-broker.ts'
import { storedBytes } from '../testing/stored.ts'
import { QUICK } from '../testing/times.ts'
import { RemotingConsumer } from './consumer.ts'

const times = { ...QUICK, validMs: 150 }

describe('an orderly consumer', () => {
  let broker: FakeBroker
  let consumer: RemotingConsumer
  let grants = true
  let answers = true
  const deliveries: Delivery[] = []
  const told: string[] = []

  const lock: Handler = () =>
    answers ? { body: Buffer.from(JSON.stringify({ lockOKMQSet: grants ? [{ topic: 'T', brokerName: 'b1', queueId: 0 }] : [] })) } : null
  const pull: Handler = ({ fields }) => {
    const from = Number(fields['queueOffset'])
    if (from >= 3) return null
    return { fields: { nextBeginOffset: 3 }, body: Buffer.concat([0, 1, 2].map((offset) => storedBytes({ offset }))) }
  }

  beforeEach(async () => {
    grants = true
    answers = true
    for (const list of [deliveries, told]) list.length = 0
    broker = await FakeBroker.start(
      new Map<number, Handler>([
        [REQUEST.lockBatch, lock],
        [REQUEST.queryConsumerOffset, () => ({ fields: { offset: 0 } })],
        [REQUEST.pullMessage, pull],
      ]),
    )
  })

  afterEach(async () => {
    consumer.abort()
    await broker.close()
  })

  function open(): void {
    consumer = new RemotingConsumer(
      { name: 'c1', group: 'g', topics: [{ topic: 'T', queues: 1 }], members: ['c1'], listener: 'orderly' },
      {
        delivered: (delivery) => deliveries.push(delivery),
        assigned: () => told.push('assigned'),
        committed: () => undefined,
        locked: (topic, queue, validMs) => told.push(`locked ${topic}:${queue} for ${validMs}`),
        lockRefused: (topic, queue) => told.push(`refused ${topic}:${queue}`),
        unlocked: (topic, queue) => told.push(`unlocked ${topic}:${queue}`),
      },
      { address: broker.address, broker: 'b1', times, retriesMax: null, onBroken: () => undefined },
    )
  }

  it('is given one message after the other, and the same again when its listener failed', async () => {
    open()
    await soon(() => deliveries.length === 1)
    await pause(30)
    expect(deliveries).toHaveLength(1)
    await deliveries[0]?.settle(false)
    await soon(() => deliveries.length === 2)
    await deliveries[1]?.settle(true)
    await deliveries[2]?.settle(true)
    expect(deliveries.map(({ offset, attempt }) => [offset, attempt])).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [2, 0],
    ])
  })

  it('asks for the lock under a name of its own, before anything else, and renews it', async () => {
    open()
    await soon(() => broker.of(REQUEST.lockBatch).length >= 3)
    expect(told.slice(0, 2)).toEqual(['locked T:0 for 150', 'assigned'])
    expect(broker.asked[0]?.code).toBe(REQUEST.lockBatch)
    const asked = JSON.parse(broker.asked[0]?.body.toString() ?? '') as Record<string, unknown>
    expect(asked).toEqual({
      consumerGroup: 'g',
      clientId: expect.stringMatching(/^c1@/) as string,
      mqSet: [{ topic: 'T', brokerName: 'b1', queueId: 0 }],
    })
  })

  it('waits while the lock is refused', async () => {
    grants = false
    open()
    await soon(() => told.length >= 3)
    expect(new Set(told)).toEqual(new Set(['refused T:0']))
    expect(broker.of(REQUEST.pullMessage)).toEqual([])
    grants = true
    await soon(() => deliveries.length === 1)
  })

  it('begins nothing once its lock has run out, and goes on when it has it again', async () => {
    open()
    await soon(() => deliveries.length === 1)
    answers = false
    await pause(times.validMs + 50)
    expect(deliveries[0]?.begin?.()).toBe(false)
    answers = true
    await soon(() => deliveries.length === 2)
    expect(deliveries[1]).toMatchObject({ offset: 0, attempt: 0 })
    expect(deliveries[1]?.begin?.()).toBe(true)
  })

  it('gives the lock back as it leaves in good order, and not when it dies', async () => {
    open()
    await soon(() => deliveries.length === 1)
    await consumer.close()
    await soon(() => broker.of(REQUEST.unlockBatch).length === 1)
    expect(told.at(-1)).toBe('unlocked T:0')
    open()
    await soon(() => deliveries.length === 2)
    consumer.abort()
    await pause(30)
    expect(broker.of(REQUEST.unlockBatch)).toHaveLength(1)
  })
})
