/** Requests end in exactly one way: an answer, the end of their time, or the end of the connection. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeBroker, soon, type Handler } from '../testing/fake-broker.ts'
import { ConnectionLost, ConnectionRefused, openConnection, TimedOut, type Connection } from './connection.ts'
import { ProtocolError, type Frame } from './frame.ts'

const ECHO = 1
const SILENT = 2
const LATE = 3

let broker: FakeBroker
let connection: Connection
let requests: Frame[]
const handlers = new Map<number, Handler>([
  [ECHO, ({ body, fields }) => ({ body, fields: { heard: fields['say'] ?? '' } })],
  [SILENT, () => null],
])

beforeEach(async () => {
  broker = await FakeBroker.start(handlers)
  requests = []
  connection = await openConnection('127.0.0.1', broker.port, 1000, (frame) => requests.push(frame))
})
afterEach(async () => {
  connection.destroy()
  await broker.close()
})

describe('a connection', () => {
  it('joins each answer to its request', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, k) => connection.request(ECHO, `{"say":"${k}"}`, Buffer.from(`body ${k}`), 1000)),
    )
    expect(answers.map(({ fields, body }) => [fields['heard'], body.toString()])).toEqual(answers.map((_, k) => [`${k}`, `body ${k}`]))
  })

  it('gives up after the time of a request, and counts the answer that comes later', async () => {
    await expect(connection.request(SILENT, '{}', null, 20)).rejects.toThrow(TimedOut)
    const { opaque } = broker.of(SILENT)[0] as Frame
    for (const socket of broker.sockets) {
      const header = Buffer.from(`{"code":0,"flag":1,"opaque":${opaque}}`)
      const prefix = Buffer.alloc(8)
      prefix.writeInt32BE(4 + header.length, 0)
      prefix.writeInt32BE(header.length, 4)
      socket.write(Buffer.concat([prefix, header]))
    }
    await soon(() => connection.late === 1)
    expect((await connection.request(ECHO, '{}', null, 1000)).code).toBe(0)
  })

  it('ends what is open when the other end goes', async () => {
    const open = connection.request(SILENT, '{}', null, 10_000)
    await soon(() => broker.of(SILENT).length === 1)
    broker.drop()
    await expect(open).rejects.toThrow(ConnectionLost)
    await expect(connection.request(ECHO, '{}', null, 1000)).rejects.toThrow(ConnectionLost)
  })

  it('says what was written before it is closed, and nothing when it dies', async () => {
    connection.oneway(ECHO, '{}', Buffer.from('last'))
    connection.close()
    await soon(() => broker.of(ECHO).length === 1)
    const other = await openConnection('127.0.0.1', broker.port, 1000, () => undefined)
    other.oneway(LATE, '{}', null)
    other.destroy()
    await soon(() => broker.sockets.size === 0)
    expect(broker.of(LATE)).toEqual([])
  })

  it('is refused where nobody listens', async () => {
    const { port } = broker
    await broker.close()
    await expect(openConnection('127.0.0.1', port, 1000, () => undefined)).rejects.toThrow(ConnectionRefused)
  })

  it("hands on the broker's own requests", async () => {
    broker.tell(40, { consumerGroup: 'g' }, Buffer.from('x'))
    await soon(() => requests.length === 1)
    expect(requests[0]).toMatchObject({ code: 40, fields: { consumerGroup: 'g' } })
  })

  it('ends with the first bytes that are no frame', async () => {
    const open = connection.request(SILENT, '{}', null, 10_000)
    await soon(() => broker.of(SILENT).length === 1)
    for (const socket of broker.sockets) socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')
    await expect(open).rejects.toThrow(ProtocolError)
  })
})
