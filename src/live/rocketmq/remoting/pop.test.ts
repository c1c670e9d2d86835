/** POP on the wire: what is asked, which receipt each message has, and under which place it is acknowledged. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeBroker, type Reply } from '../testing/fake-broker.ts'
import { storedBytes } from '../testing/stored.ts'
import { REQUEST } from './codes.ts'
import { openConnection, type Connection } from './connection.ts'
import { Refused } from './fields.ts'
import { ProtocolError } from './frame.ts'
import { acknowledge, changeInvisible, popMessages } from './pop.ts'

const request = { group: 'g', topic: 'T', broker: 'b1', messagesMax: 8, invisibleMs: 3000, pollMs: 0, inOrder: false }
const LIMIT_MS = 1000

describe('popping', () => {
  let broker: FakeBroker
  let connection: Connection
  let reply: Reply = {}

  beforeEach(async () => {
    broker = await FakeBroker.start(new Map([[REQUEST.popMessage, () => reply]]))
    connection = await openConnection(broker.address.host, broker.port, LIMIT_MS, () => undefined)
  })

  afterEach(async () => {
    connection.destroy()
    await broker.close()
  })

  const found = (...stored: Parameters<typeof storedBytes>[0][]): Reply => ({
    fields: { popTime: 500, invisibleTime: 3000, reviveQid: 2, startOffsetInfo: '0 1 7;0 3 4' },
    body: Buffer.concat(stored.map((one) => storedBytes(one))),
  })

  it('asks for any queue', async () => {
    reply = { code: 210 }
    expect(await popMessages(connection, { ...request, inOrder: true }, LIMIT_MS)).toEqual([])
    expect(broker.of(REQUEST.popMessage)[0]?.fields).toMatchObject({
      consumerGroup: 'g',
      topic: 'T',
      queueId: '-1',
      maxMsgNums: '8',
      invisibleTime: '3000',
      initMode: '0',
      order: 'true',
    })
  })

  it('names what was handed out by where that began, and acknowledges it where it lies', async () => {
    reply = found({ queue: 1, offset: 8 }, { queue: 3, offset: 4 })
    const popped = await popMessages(connection, request, LIMIT_MS)
    expect(popped.map(({ receipt }) => receipt)).toEqual(['7 500 3000 2 0 b1 1 8', '4 500 3000 2 0 b1 3 4'])
    const [first] = popped
    if (first === undefined) throw new Error('nothing was popped')
    await acknowledge(connection, 'g', first, LIMIT_MS)
    expect(broker.of(REQUEST.ackMessage)[0]?.fields).toEqual({
      consumerGroup: 'g',
      topic: 'T',
      queueId: '1',
      extraInfo: '7 500 3000 2 0 b1 1 8',
      offset: '8',
    })
  })

  it.each([
    ['1', '%RETRY%g_T'],
    ['2', '%RETRY%g+T'],
  ])('settles what came again from a topic of the group, though it says otherwise (flag %s)', async (flag, topic) => {
    const receipt = `5 600 3000 1 ${flag} b1 0 6`
    reply = found({ queue: 2, offset: 99, properties: { POP_CK: receipt, other: 'x' } })
    const [popped] = await popMessages(connection, request, LIMIT_MS)
    if (popped === undefined) throw new Error('nothing was popped')
    expect(popped.place).toEqual({ topic, queue: 0, offset: 6 })
    await changeInvisible(connection, 'g', popped, 1000, LIMIT_MS)
    expect(broker.of(REQUEST.changeInvisibleTime)[0]?.fields).toMatchObject({ topic, queueId: '0', offset: '6', invisibleTime: '1000' })
  })

  it('says what is refused, and what can not be understood', async () => {
    reply = { code: 1 }
    await expect(popMessages(connection, request, LIMIT_MS)).rejects.toThrow(Refused)
    reply = found({ properties: { POP_CK: 'nonsense' } })
    await expect(popMessages(connection, request, LIMIT_MS)).rejects.toThrow(ProtocolError)
  })
})
