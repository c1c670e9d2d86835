/** What a consumer takes up, delivers, delivers again, and tells the broker. */
import { afterEach, describe, expect, it } from 'vitest'
import type { ConsumerSpec, Delivery } from '../../target.ts'
import { RemotingConsumer, shareOf } from './consumer.ts'
import { ProcessQueue } from './process-queue.ts'
import { REQUEST } from '../remoting/codes.ts'
import { decodeRecords, type StoredMessage } from '../remoting/record.ts'
import { FakeBroker, soon, type Handler, type Reply } from '../testing/fake-broker.ts'
import { storedBytes } from '../testing/stored.ts'
import { QUICK } from '../testing/times.ts'

/** RMQ-137: what a broker without enablePropertyFilter answers. */
const NO_SELECTORS = 'The broker does not support consumer to filter message by SQL92'

type Wanted = Pick<ConsumerSpec, 'tags' | 'selector'>

const message = (offset: number): StoredMessage => decodeRecords(storedBytes({ offset }))[0] as StoredMessage

describe('the queues of a topic', () => {
  it('are dealt out in slices, each to exactly one member (RMQ-102)', () => {
    for (let queues = 0; queues <= 9; queues++) {
      for (let members = 1; members <= 5; members++) {
        const dealt = Array.from({ length: members }, (_, member) => shareOf(queues, members, member)).flat()
        expect(dealt).toEqual(Array.from({ length: queues }, (_, queue) => queue))
      }
    }
    expect(shareOf(5, 3, 0)).toEqual([0, 1])
  })
})

describe('what is held of a queue', () => {
  it('pins the progress at the smallest that is unfinished (RMQ-093)', () => {
    const queue = new ProcessQueue(5)
    expect(queue.progress).toBe(5)
    for (const offset of [5, 6, 7]) queue.take(message(offset))
    queue.finish(6)
    expect(queue.progress).toBe(5)
    queue.finish(5)
    expect(queue.progress).toBe(7)
    queue.finish(7)
    expect(queue.progress).toBe(8)
  })

  it('passes what is not wanted while nothing is in hand (RMQ-135)', () => {
    const queue = new ProcessQueue(0)
    queue.pass(3)
    expect(queue.progress).toBe(3)
    queue.take(message(3))
    queue.pass(9)
    expect(queue.progress).toBe(3)
    queue.finish(3)
    expect(queue.progress).toBe(4)
  })

  it('takes nothing up twice', () => {
    const queue = new ProcessQueue(0)
    expect(queue.take(message(0))).not.toBeNull()
    queue.finish(0)
    expect(queue.take(message(0))).toBeNull()
  })

  it('is full with a thousand messages, or with one old one (RMQ-090)', () => {
    const many = new ProcessQueue(0)
    for (let offset = 0; offset <= 1000; offset++) many.take(message(offset))
    expect(many.isFull).toBe(true)
    many.finish(0)
    expect(many.isFull).toBe(false)
    many.take(message(2002))
    expect(many.isFull).toBe(true)
  })
})

describe('a consumer', () => {
  let broker: FakeBroker
  let consumer: RemotingConsumer
  const broken: Error[] = []
  const deliveries: Delivery[] = []
  const told: string[] = []

  afterEach(async () => {
    consumer.abort()
    await broker.close()
    for (const list of [broken, deliveries, told]) list.length = 0
  })

  /** A broker whose queue 0 holds `stored`; a pull behind it is held for ever. */
  async function start(stored: readonly number[], handlers: readonly [number, Handler][] = [], wanted: Wanted = {}): Promise<void> {
    const pull: Handler = ({ fields }): Reply | null => {
      const found = stored.filter((offset) => offset >= Number(fields['queueOffset']))
      const next = (found.at(-1) ?? -1) + 1
      return found.length === 0
        ? null
        : { fields: { nextBeginOffset: next }, body: Buffer.concat(found.map((offset) => storedBytes({ offset }))) }
    }
    broker = await FakeBroker.start(
      new Map<number, Handler>([
        [REQUEST.queryConsumerOffset, () => ({ code: 22 })],
        [REQUEST.minOffset, () => ({ fields: { offset: 0 } })],
        [REQUEST.maxOffset, () => ({ fields: { offset: 0 } })],
        [REQUEST.pullMessage, pull],
        ...handlers,
      ]),
    )
    open(wanted)
  }

  function open(wanted: Wanted = {}): void {
    consumer = new RemotingConsumer(
      { name: 'c1', group: 'g', topics: [{ topic: 'T', queues: 1 }], members: ['c1'], ...wanted },
      {
        delivered: (delivery) => deliveries.push(delivery),
        assigned: (topic, queue, offset, from) => told.push(`assigned ${topic}:${queue}@${offset} ${from}`),
        subscribed: (refused) => told.push(refused === '' ? 'subscribed' : refused),
        committed: (topic, queue, offset) => told.push(`committed ${topic}:${queue}@${offset}`),
      },
      { address: broker.address, broker: 'b1', times: QUICK, retriesMax: null, onBroken: (error) => broken.push(error) },
    )
  }

  const updates = (): (string | null | undefined)[] => broker.of(REQUEST.updateConsumerOffset).map(({ fields }) => fields['commitOffset'])

  it('begins where its group stands', async () => {
    await start([7, 8], [[REQUEST.queryConsumerOffset, () => ({ fields: { offset: 7 } })]])
    await soon(() => deliveries.length === 2)
    expect(told[0]).toBe('assigned T:0@7 stored')
    expect(deliveries.map(({ offset, attempt }) => [offset, attempt])).toEqual([
      [7, 0],
      [8, 0],
    ])
  })

  it('begins at the start of the queue when nothing is stored, and tells what it has finished', async () => {
    await start([0, 1])
    await soon(() => deliveries.length === 2)
    expect(told[0]).toBe('assigned T:0@0 none')
    await deliveries[1]?.settle(true)
    await soon(() => updates().length === 1)
    await deliveries[0]?.settle(true)
    await soon(() => updates().length === 2)
    expect(updates()).toEqual(['0', '2'])
    expect(told.slice(1)).toEqual(['committed T:0@0', 'committed T:0@2'])
  })

  it('delivers again what its listener failed', async () => {
    await start([0])
    await soon(() => deliveries.length === 1)
    await deliveries[0]?.settle(false)
    await soon(() => deliveries.length === 2)
    expect(deliveries[1]).toMatchObject({ offset: 0, attempt: 1 })
    await deliveries[1]?.settle(true)
    await soon(() => updates().includes('1'))
  })

  it('tells its progress as it leaves in good order, and nothing when it dies', async () => {
    await start([0])
    await soon(() => deliveries.length === 1)
    await soon(() => updates().length === 1)
    await deliveries[0]?.settle(true)
    await consumer.close()
    await soon(() => updates().at(-1) === '1')
    open()
    await soon(() => deliveries.length === 2)
    const before = updates().length
    await deliveries[1]?.settle(true)
    consumer.abort()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(updates().slice(before)).toEqual([])
  })

  it('follows a correction of the broker, drops what it held, and stores the corrected offset (RMQ-092)', async () => {
    let moved = false
    await start(
      [5, 6],
      [
        [REQUEST.queryConsumerOffset, () => ({ fields: { offset: 25 } })],
        [
          REQUEST.pullMessage,
          ({ fields }) => {
            if (fields['queueOffset'] === '25') {
              moved = true
              return { code: 21, fields: { nextBeginOffset: 5 } }
            }
            return fields['queueOffset'] === '5' ? { fields: { nextBeginOffset: 6 }, body: storedBytes({ offset: 5 }) } : null
          },
        ],
      ],
    )
    await soon(() => deliveries.length === 1)
    expect(moved).toBe(true)
    expect(told.slice(0, 3)).toEqual(['assigned T:0@25 stored', 'assigned T:0@5 corrected', 'committed T:0@5'])
  })

  it('asks for the tags of its group, tells those apart that hash alike, and passes what is not for it (RMQ-135)', async () => {
    const tagged = (offset: number, tag: string): Buffer => storedBytes({ offset, properties: { TAGS: tag } })
    const answers = new Map<string | null | undefined, Reply>([
      ['0', { fields: { nextBeginOffset: 1 }, body: tagged(0, 'BB') }],
      ['1', { code: 19, fields: { nextBeginOffset: 4 } }],
      ['4', { fields: { nextBeginOffset: 5 }, body: tagged(4, 'Aa') }],
    ])
    await start([], [[REQUEST.pullMessage, ({ fields }) => answers.get(fields['queueOffset']) ?? null]], { tags: 'Aa' })
    await soon(() => deliveries.length === 1)
    expect(broker.of(REQUEST.pullMessage)[0]?.fields['subscription']).toBe('Aa')
    expect(deliveries.map(({ offset }) => offset)).toEqual([4])
    await soon(() => updates().includes('4'))
    await deliveries[0]?.settle(true)
    await soon(() => updates().includes('5'))
  })

  it('asks whether its selector is understood, and then for what it selects (RMQ-137)', async () => {
    await start([0], [], { selector: 'amount > 10' })
    await soon(() => deliveries.length === 1)
    expect(told[0]).toBe('subscribed')
    const [asked] = broker.of(REQUEST.checkClientConfig)
    expect(JSON.parse(asked?.body.toString() ?? '')).toMatchObject({
      group: 'g',
      subscriptionData: { topic: 'T', subString: 'amount > 10' },
    })
    expect(broker.of(REQUEST.pullMessage)[0]?.fields).toMatchObject({ subscription: 'amount > 10', expressionType: 'SQL92' })
  })

  it.each([
    [{ code: 23 }, 'subscribing T: SUBSCRIPTION_PARSE_FAILED'],
    [{ code: 1, remark: NO_SELECTORS }, `subscribing T: SYSTEM_ERROR (${NO_SELECTORS})`],
  ])('whose selector is refused takes up nothing: %j', async (reply, reason) => {
    await start([0], [[REQUEST.checkClientConfig, () => reply]], { selector: 'amount >' })
    await soon(() => told.length === 1)
    expect(told).toEqual([reason])
    expect(broker.of(REQUEST.queryConsumerOffset)).toEqual([])
  })

  it.each([{ code: 2 }, { code: 1, remark: 'not yet' }])('asks again whom it was refused for another reason: %j', async (reply) => {
    const answers: Reply[] = [reply]
    await start([0], [[REQUEST.checkClientConfig, () => answers.pop() ?? {}]], { selector: 'amount > 10' })
    await soon(() => deliveries.length === 1)
    expect(told[0]).toBe('subscribed')
  })

  it('goes on where it was after its connection broke', async () => {
    await start([0])
    await soon(() => broker.of(REQUEST.pullMessage).length === 2)
    broker.drop()
    await soon(() => broker.of(REQUEST.pullMessage).length === 3)
    expect(broker.of(REQUEST.pullMessage).map(({ fields }) => fields['queueOffset'])).toEqual(['0', '1', '1'])
    expect(told).toEqual(['assigned T:0@0 none', 'committed T:0@0'].slice(0, told.length))
  })

  it('says so when what it is told can not be understood', async () => {
    await start([], [[REQUEST.pullMessage, () => ({ fields: { nextBeginOffset: 1 }, body: Buffer.from('no message') })]])
    await soon(() => broken.length === 1)
    expect(broken[0]?.message).toContain('c1')
  })
})
