/** The target's own work, against a broker that answers as it is told to: setting up, reading queues, and what it makes of refusals. */
import { afterEach, describe, expect, it } from 'vitest'
import { BrokerDown, TargetBroken } from '../target.ts'
import { REQUEST } from './remoting/codes.ts'
import type { RocketmqTarget } from './target.ts'
import { soon, type FakeBroker, type Handler } from './testing/fake-broker.ts'
import { openTarget } from './testing/opened.ts'
import { storedBytes } from './testing/stored.ts'

let broker: FakeBroker
let target: RocketmqTarget
let settled = 0

async function open(handlers: readonly [number, Handler][] = []): Promise<void> {
  ;({ broker, target } = await openTarget(handlers, () => settled++))
}

afterEach(async () => {
  await target.close()
  await broker.close()
})

const bounds = (min: number, max: number): [number, Handler][] => [
  [REQUEST.minOffset, () => ({ fields: { offset: min } })],
  [REQUEST.maxOffset, () => ({ fields: { offset: max } })],
]

describe('setting up', () => {
  it('makes topics and groups, and then lets them settle', async () => {
    await open()
    const before = settled
    await target.setUp([{ topic: 'T', queues: 3 }], [{ group: 'g', topics: ['T'] }])
    expect(settled).toBe(before + 1)
    expect(broker.of(REQUEST.createTopic)[0]?.fields).toMatchObject({ topic: 'T', readQueueNums: '3', writeQueueNums: '3' })
    expect(JSON.parse(broker.of(REQUEST.createGroup)[0]?.body.toString() ?? '')).toMatchObject({ groupName: 'g' })
    await target.tearDown([{ topic: 'T', queues: 3 }], [{ group: 'g', topics: ['T'] }])
    expect(broker.of(REQUEST.deleteTopic)).toHaveLength(1)
    expect(broker.of(REQUEST.deleteGroup)).toHaveLength(1)
  })

  it('that is refused says what the broker said', async () => {
    await open([[REQUEST.createTopic, () => ({ code: 16 })]])
    await expect(target.setUp([{ topic: 'T', queues: 1 }], [])).rejects.toThrow(/creating topic T: NO_PERMISSION/)
    expect(await target.createTopic({ topic: 'T', queues: 1 })).toMatchObject({ type: 'fail' })
    await target.tearDown([{ topic: 'T', queues: 1 }], [])
  })

  it('where nobody is there is a broker that is down', async () => {
    await open()
    await broker.close()
    await expect(target.setUp([], [{ group: 'g', topics: [] }])).rejects.toThrow(BrokerDown)
    expect(await target.createTopic({ topic: 'T', queues: 1 })).toEqual({ type: 'info', status: 'NO_ANSWER' })
  })
})

describe('reading a queue', () => {
  it('brings what lies between its bounds, and passes what is not there', async () => {
    const stored = new Map([
      [2, 'two'],
      [4, 'four'],
    ])
    await open([
      ...bounds(2, 5),
      [
        REQUEST.pullMessage,
        ({ fields }) => {
          const offset = Number(fields['queueOffset'])
          const body = stored.get(offset)
          return body === undefined
            ? { code: 20, fields: { nextBeginOffset: offset + 1 } }
            : { fields: { nextBeginOffset: offset + 1 }, body: storedBytes({ offset, body }) }
        },
      ],
    ])
    const { min, max, messages } = await target.read('T', 0)
    expect([min, max]).toEqual([2, 5])
    expect(messages.map(({ offset, payload }) => [offset, Buffer.from(payload).toString()])).toEqual([...stored])
  })

  it('ends though the broker leads nowhere', async () => {
    await open([...bounds(0, 3), [REQUEST.pullMessage, () => ({ code: 19, fields: { nextBeginOffset: 0 } })]])
    expect(await target.read('T', 0)).toEqual({ min: 0, max: 3, messages: [] })
  })

  it('that brings nonsense says that nothing can be believed', async () => {
    await open([...bounds(0, 1), [REQUEST.pullMessage, () => ({ fields: { nextBeginOffset: 1 }, body: Buffer.from('nonsense') })]])
    await expect(target.read('T', 0)).rejects.toThrow(TargetBroken)
  })
})

describe('a consumer that is told nonsense', () => {
  it('makes the whole target one that can not be believed', async () => {
    await open([
      [REQUEST.queryConsumerOffset, () => ({ fields: { offset: 0 } })],
      [REQUEST.pullMessage, () => ({ fields: { nextBeginOffset: 'x' } })],
    ])
    const nothing = (): void => undefined
    const events = { delivered: nothing, assigned: nothing, committed: nothing }
    const consumer = await target.openConsumer({ name: 'c1', group: 'g', topics: [{ topic: 'T', queues: 1 }], members: ['c1'] }, events)
    await soon(() => broker.of(REQUEST.pullMessage).length > 0)
    await new Promise((resolve) => setTimeout(resolve, 20))
    await expect(target.ready()).rejects.toThrow(TargetBroken)
    await expect(target.read('T', 0)).rejects.toThrow(TargetBroken)
    consumer.abort()
  })
})
