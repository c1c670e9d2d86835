/** What a producer says about a publish: yes only for an ack, no only where nothing can be stored, and otherwise that nobody knows. */
import { describe, expect, it } from 'vitest'
import { outcomeOf, RabbitmqProducer } from './producer.ts'

describe('the outcome of a publish', () => {
  it('is yes for an ack, unless no queue would have it', () => {
    expect(outcomeOf(null, false, 3, '')).toEqual({ type: 'ok', status: 'ACK', shown: { queue: 3, offset: -1, at: -1, broker: 'b1' } })
    expect(outcomeOf(null, true, 3, '')).toEqual({ type: 'fail', status: 'NO_ROUTE' })
  })

  it('is open after a nack, which other queues may not share, and when the connection went first', () => {
    expect(outcomeOf(new Error('message nacked'), false, 0, '')).toEqual({ type: 'info', status: 'NACK' })
    expect(outcomeOf(new Error('channel closed'), false, 0, 'read ECONNRESET')).toEqual({
      type: 'info',
      status: 'the connection was lost: read ECONNRESET',
    })
    expect(outcomeOf(new Error('channel closed'), false, 0, '')).toMatchObject({ type: 'info' })
  })
})

describe('a producer', () => {
  const producer = () =>
    new RabbitmqProducer({ name: 'p1', persistent: true, url: () => Promise.resolve('amqp://127.0.0.1:1'), queuesOf: () => 1 })
  const message = { topic: 'T', queue: 0, payload: new Uint8Array(1), mode: 'sync' as const }

  it('refuses what it can not even write, and does not fail because of its broker', async () => {
    const one = producer()
    await one.open()
    expect(await one.send(message)).toMatchObject({ type: 'fail', status: expect.stringMatching(/^not connected: /) as string })
    await one.close()
  })

  it('sends nothing once it is closed or dead', async () => {
    for (const end of ['close', 'abort'] as const) {
      const one = producer()
      await one[end]()
      expect(await one.send(message)).toEqual({ type: 'fail', status: 'not connected: the producer is closed' })
    }
  })
})
