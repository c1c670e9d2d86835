/** What a producer makes of each answer, and of none. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SendMode } from '../../plan/plan.ts'
import { TargetBroken, type Outgoing } from '../target.ts'
import { RemotingProducer } from './producer.ts'
import { REQUEST } from './remoting/codes.ts'
import { FakeBroker, soon, type Handler, type Reply } from './testing/fake-broker.ts'
import { storedBytes } from './testing/stored.ts'

const OK: Reply = { fields: { msgId: '7F00000100002A9F00000000000001F4', queueId: 1, queueOffset: 9 } }

let broker: FakeBroker
let producer: RemotingProducer
let reply: Reply | null
const checked: string[] = []

const options = { name: 'p1', group: 'pg', broker: 'b1', sendTimeoutMs: 100, queuesOf: () => 3 }
const events = {
  check: (payload: Uint8Array) => {
    checked.push(Buffer.from(payload).toString())
    return 'commit' as const
  },
}
const message = (mode: SendMode = 'sync', queue: number | null = 1): Outgoing => ({
  topic: 'T',
  queue,
  payload: Buffer.from('body'),
  mode,
})

beforeEach(async () => {
  reply = OK
  broker = await FakeBroker.start(new Map<number, Handler>([[REQUEST.sendMessageV2, () => reply]]))
  producer = new RemotingProducer({ ...options, address: broker.address }, events)
})
afterEach(async () => {
  producer.abort()
  await broker.close()
})

describe('a send', () => {
  it('that is stored says where', async () => {
    expect(await producer.send(message())).toEqual({
      type: 'ok',
      status: 'SEND_OK',
      shown: { queue: 1, offset: 9, at: 500, broker: 'b1' },
    })
    const [sent] = broker.of(REQUEST.sendMessageV2)
    expect(sent?.fields).toMatchObject({ a: 'pg', b: 'T', e: '1', f: '0', n: 'b1' })
    expect(sent?.fields['i']).toMatch(/^UNIQ_KEY\u0001[0-9A-F]{32}\u0002WAIT\u0001true\u0002$/)
    expect(sent?.body.toString()).toBe('body')
  })

  it.each([
    [2, 'fail', 'SYSTEM_BUSY'],
    [13, 'fail', 'MESSAGE_ILLEGAL'],
    [14, 'fail', 'SERVICE_NOT_AVAILABLE'],
    [17, 'fail', 'TOPIC_NOT_EXIST'],
    [1, 'info', 'SYSTEM_ERROR'],
    [999, 'info', 'CODE_999'],
  ])('that is answered with %i is %s', async (code, type, status) => {
    reply = { code }
    expect(await producer.send(message())).toEqual({ type, status })
  })

  it.each([
    [10, 'FLUSH_DISK_TIMEOUT'],
    [12, 'FLUSH_SLAVE_TIMEOUT'],
  ])('of status %i may be stored (RML-063)', async (code, status) => {
    reply = { ...OK, code }
    expect(await producer.send(message())).toEqual({ type: 'info', status })
  })

  it('without an answer may be stored, and is not sent again', async () => {
    reply = null
    expect(await producer.send(message())).toEqual({ type: 'info', status: 'TIMEOUT' })
    expect(broker.of(REQUEST.sendMessageV2)).toHaveLength(1)
  })

  it('on a connection that breaks may be stored', async () => {
    reply = null
    const open = producer.send(message())
    await soon(() => broker.of(REQUEST.sendMessageV2).length === 1)
    broker.drop()
    expect(await open).toEqual({ type: 'info', status: 'CONNECTION_LOST' })
    reply = OK
    expect(await producer.send(message())).toMatchObject({ type: 'ok' })
  })

  it('that finds nobody is not stored', async () => {
    await broker.close()
    expect(await producer.send(message())).toEqual({ type: 'fail', status: 'CONNECTION_REFUSED' })
  })

  it('one way has no answer', async () => {
    expect(await producer.send(message('oneway'))).toEqual({ type: 'info', status: 'ONEWAY' })
    await soon(() => broker.of(REQUEST.sendMessageV2).length === 1)
  })

  it('whose answer makes no sense says that nothing can be believed', async () => {
    reply = { fields: { queueId: 1, queueOffset: 'nine' } }
    await expect(producer.send(message())).rejects.toThrow(TargetBroken)
  })

  it('takes the queues in turn when none was asked for', async () => {
    for (let k = 0; k < 5; k++) await producer.send(message('sync', null))
    expect(broker.of(REQUEST.sendMessageV2).map(({ fields }) => fields['e'])).toEqual(['0', '1', '2', '0', '1'])
  })
})

describe('a transaction', () => {
  it('ends with the place of its half', async () => {
    const half = await producer.begin(message())
    expect(half.result).toEqual({ type: 'ok', status: 'SEND_OK', shown: { queue: -1, offset: -1, at: 500, broker: 'b1' } })
    const properties = broker.of(REQUEST.sendMessageV2)[0]?.fields['i'] ?? ''
    expect(properties).toContain('TRAN_MSG\u0001true\u0002PGROUP\u0001pg\u0002')
    await producer.end(half, 'rollback')
    await soon(() => broker.of(REQUEST.endTransaction).length === 1)
    expect(broker.of(REQUEST.endTransaction)[0]?.fields).toMatchObject({
      tranStateTableOffset: '9',
      commitLogOffset: '500',
      commitOrRollback: '12',
      fromTransactionCheck: 'false',
      msgId: properties.slice(9, 41),
    })
  })

  it('is answered for when the broker asks, at the place that the broker names', async () => {
    await producer.stayKnown()
    await soon(() => broker.of(REQUEST.heartbeat).length === 1)
    broker.tell(REQUEST.checkTransaction, { tranStateTableOffset: 3, commitLogOffset: 77, msgId: 'KEY' }, storedBytes({ body: 'asked' }))
    await soon(() => broker.of(REQUEST.endTransaction).length === 1)
    expect(checked).toEqual(['asked'])
    expect(broker.of(REQUEST.endTransaction)[0]?.fields).toMatchObject({
      tranStateTableOffset: '3',
      commitLogOffset: '77',
      commitOrRollback: '8',
      fromTransactionCheck: 'true',
      producerGroup: 'pg',
      topic: 'T',
    })
  })

  it('whose half got no answer has nothing to be ended', async () => {
    reply = null
    const half = await producer.begin(message())
    expect(half).toEqual({ result: { type: 'info', status: 'TIMEOUT' }, handle: null })
    await producer.end(half, 'commit')
    expect(broker.of(REQUEST.endTransaction)).toEqual([])
  })
})
