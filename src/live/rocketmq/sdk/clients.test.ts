/** What is made of the library's answers, without the library and without a broker. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../../plan/input-error.ts'
import type { TxnOutcome } from '../../../plan/plan.ts'
import { BrokerDown, type Delivery, type Outgoing } from '../../target.ts'
import { soon } from '../testing/fake-broker.ts'
import { FakeSdk } from '../testing/fake-sdk.ts'
import { SdkClients } from './clients.ts'
import { loadSdk } from './module.ts'

const message: Outgoing = { topic: 'T', queue: 0, payload: Buffer.from('body'), mode: 'sync' }
const failing = (code: unknown): Error => Object.assign(new Error('no'), { code })
const answering = (outcome: TxnOutcome) => ({ check: () => outcome })
const opened = (sdk: FakeSdk): SdkClients => new SdkClients(sdk, '127.0.0.1:1', { requestMs: 3000, retryMs: 700 })

describe('the library', () => {
  it('that is not there, or is another one, is named with what to do', () => {
    expect(() => loadSdk('/nowhere/index.js')).toThrow(/provision rocketmq/)
    const dir = mkdtempSync(join(tmpdir(), 'mqproof-sdk-'))
    try {
      const path = join(dir, 'index.cjs')
      writeFileSync(path, 'exports.Producer = class {}')
      expect(() => loadSdk(path)).toThrow(InputError)
      const names = ['Producer', 'SimpleConsumer', 'PushConsumer', 'ConsumeResult', 'ConsumeResultSuspend']
      writeFileSync(join(dir, 'whole.cjs'), names.map((name) => `exports.${name} = class {}`).join(';'))
      expect(loadSdk(join(dir, 'whole.cjs'))).toHaveProperty('SimpleConsumer')
    } finally {
      rmSync(dir, { recursive: true })
    }
  })

  it('that is not let in is a broker that is down, and leaves nothing open', async () => {
    const sdk = new FakeSdk()
    sdk.startup = () => Promise.reject(new Error('no route'))
    await expect(opened(sdk).openProducer('p1', ['T'], answering('commit'))).rejects.toThrow(BrokerDown)
    await soon(() => sdk.producers[0]?.shut === true)
  })
})

describe('clients', () => {
  it('have one topic each: with more, the library may wait for ever when it starts', async () => {
    const sdk = new FakeSdk()
    const producer = await opened(sdk).openProducer('p1', ['T', 'U'], answering('commit'))
    expect(sdk.producers.map(({ options }) => options.topics)).toEqual([['T'], ['U'], []])
    await producer.send({ ...message, topic: 'U' })
    await producer.send({ ...message, topic: 'made later' })
    expect(sdk.producers.map(({ sent }) => sent.map(({ topic }) => topic))).toEqual([[], ['U'], ['made later']])
    await producer.close()
    expect(sdk.producers.every(({ shut, saidGoodbye }) => shut && saidGoodbye)).toBe(true)
  })
})

describe('a send', () => {
  it('that is stored shows no offset, and is tried once', async () => {
    const sdk = new FakeSdk()
    const producer = await opened(sdk).openProducer('p1', ['T'], answering('commit'))
    expect(await producer.send(message)).toEqual({
      type: 'ok',
      status: 'OK',
      shown: { queue: 0, offset: -1, at: -1, broker: 'b1' },
    })
    expect(sdk.producers[0]?.options).toMatchObject({ maxAttempts: 1, topics: ['T'], endpoints: '127.0.0.1:1' })
    expect(Buffer.from(sdk.producers[0]?.sent[0]?.body ?? []).toString()).toBe('body')
  })

  it.each([
    [42900, 'fail', 'CODE_42900'],
    [40402, 'fail', 'CODE_40402'],
    [40800, 'info', 'CODE_40800'],
    [50401, 'info', 'CODE_50401'],
    [4, 'info', 'DEADLINE_EXCEEDED'],
    [14, 'info', 'UNAVAILABLE'],
    ['ECONNRESET', 'info', 'CLIENT_ERROR'],
    [undefined, 'info', 'CLIENT_ERROR'],
  ])('that ends with code %s is told as it is', async (code, type, status) => {
    const sdk = new FakeSdk()
    const producer = await opened(sdk).openProducer('p1', ['T'], answering('commit'))
    sdk.sendError = failing(code)
    expect(await producer.send(message)).toEqual({ type, status })
    expect(await producer.begin?.(message)).toEqual({ result: { type, status }, handle: null })
  })
})

describe('a transaction', () => {
  it('ends as it is told to, and in silence when nobody knows', async () => {
    const sdk = new FakeSdk()
    const producer = await opened(sdk).openProducer('p1', ['T'], answering('commit'))
    for (const outcome of ['commit', 'rollback', 'unknown'] as const) {
      const half = await producer.begin?.(message)
      if (half !== undefined) await producer.end?.(half, outcome)
    }
    expect(sdk.ended).toEqual(['commit', 'rollback'])
  })

  it('is answered for by whoever sent it, whichever producer is asked', async () => {
    const sdk = new FakeSdk()
    const clients = opened(sdk)
    const first = await clients.openProducer('p1', ['T'], answering('rollback'))
    await clients.openProducer('p2', ['T'], answering('commit'))
    await first.begin?.(message)
    const sent = sdk.producers[0]?.sent[0]
    const asked = sdk.producers[1]?.options.checker
    if (sent === undefined || asked === undefined) throw new Error('nothing was sent')
    expect(await asked.check(sent)).toBe(2)
    expect(await asked.check({ ...sent, properties: new Map() })).toBe(0)
  })
})

describe('a consumer', () => {
  const spec = { name: 'c1', group: 'g', topics: [{ topic: 'T', queues: 1 }], members: ['c1'] }
  const listening = (got: Delivery[]) => ({
    delivered: (delivery: Delivery) => got.push(delivery),
    assigned: () => undefined,
    committed: () => undefined,
  })

  it('acknowledges what is done, and asks for the rest again', async () => {
    const sdk = new FakeSdk()
    const got: Delivery[] = []
    const consumer = await opened(sdk).openConsumer(spec, listening(got))
    sdk.arrive({ topic: 'T', body: Buffer.from('one'), properties: new Map(), deliveryAttempt: 3 })
    await soon(() => got.length === 1)
    expect(got[0]).toMatchObject({ topic: 'T', queue: 0, offset: -1, attempt: 2 })
    await got[0]?.settle(false)
    await got[0]?.settle(true)
    expect(sdk.told).toEqual(['again after 700 ms', 'done'])
    await consumer.close()
    expect(sdk.consumers[0]).toMatchObject({ shut: true, saidGoodbye: true })
  })

  it('goes on after errors, and gives nothing any more once its process has died', async () => {
    const sdk = new FakeSdk()
    const got: Delivery[] = []
    sdk.receiveErrors = 1
    const consumer = await opened(sdk).openConsumer(spec, listening(got))
    sdk.arrive({ topic: 'T', body: Buffer.from('one'), properties: new Map() })
    await soon(() => got.length === 1)
    consumer.abort()
    sdk.arrive({ topic: 'T', body: Buffer.from('two'), properties: new Map() })
    await got[0]?.settle(true)
    await soon(() => sdk.consumers[0]?.shut === true)
    expect(got).toHaveLength(1)
    expect(sdk.told).toEqual([])
    expect(sdk.consumers[0]?.saidGoodbye).toBe(false)
  })
})

describe('a push consumer', () => {
  const spec = { name: 'c1', group: 'g', topics: [{ topic: 'T', queues: 1 }], members: ['c1'], listener: 'orderly' as const }
  const incoming = { topic: 'T', body: Buffer.from('one'), properties: new Map<string, string>(), deliveryAttempt: 2 }

  async function consuming() {
    const sdk = new FakeSdk()
    const got: Delivery[] = []
    const events = { delivered: (delivery: Delivery) => got.push(delivery), assigned: () => undefined, committed: () => undefined }
    const consumer = await opened(sdk).openConsumer(spec, events)
    const client = sdk.pushConsumers[0]
    if (client === undefined) throw new Error('no push consumer was made')
    return { sdk, got, consumer, client, listen: () => client.options.messageListener.consume(incoming) }
  }

  it('has a group that keeps order, and tells the library what became of each message', async () => {
    const { sdk, got, consumer, client, listen } = await consuming()
    expect([...client.options.subscriptions]).toEqual([['T', '*']])
    const [first, second] = [listen(), listen()]
    expect(got[0]).toMatchObject({ topic: 'T', queue: 0, offset: -1, attempt: 1 })
    await got[0]?.settle(true)
    await got[1]?.settle(false)
    expect(await first).toBe(sdk.ConsumeResult.SUCCESS)
    expect(await second).toBe(sdk.ConsumeResult.FAILURE)
    await consumer.close()
    expect(client).toMatchObject({ shut: true, saidGoodbye: true })
  })

  it('gives back what it holds when it ends, and takes nothing more', async () => {
    const { sdk, got, consumer, client, listen } = await consuming()
    const held = listen()
    consumer.abort()
    expect(await held).toBe(sdk.again)
    await got[0]?.settle(true)
    expect(await listen()).toBe(sdk.again)
    expect(got).toHaveLength(1)
    await soon(() => client.shut)
    expect(client.saidGoodbye).toBe(false)
  })
})
