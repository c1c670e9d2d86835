/** The reference as a target: what goes in comes out, what RocketMQ promises holds under faults, and what it does not is seen. */
import { describe, expect, it } from 'vitest'
import { pause } from '../live/waits.ts'
import type { ConsumerEvents, Delivery, HalfResult, Outgoing, Producer, SendResult, Target } from '../live/target.ts'
import type { Fault } from '../plan/faults.ts'
import type { TxnOutcome } from '../plan/plan.ts'
import { ms, seconds } from '../plan/units.ts'
import { withReference } from './testing/round.ts'

const TOPIC = { topic: 'T', queues: 1 }
const GROUP = { group: 'g', topics: ['T'] }
const moment = { atUs: 0, salt: 7 }

const message = (text: string, over: Partial<Outgoing> = {}): Outgoing => ({
  topic: 'T',
  queue: 0,
  payload: Buffer.from(text),
  mode: 'sync',
  ...over,
})
const textOf = ({ payload }: { readonly payload: Uint8Array }): string => Buffer.from(payload).toString()

/** A consumer that remembers everything, and succeeds unless told otherwise. */
class Listener implements ConsumerEvents {
  readonly seen: string[] = []
  readonly progress: number[] = []
  readonly starts: string[] = []
  private readonly succeeds: (delivery: Delivery) => boolean | null

  constructor(succeeds: (delivery: Delivery) => boolean | null = () => true) {
    this.succeeds = succeeds
  }

  delivered(delivery: Delivery): void {
    this.seen.push(`${textOf(delivery)}#${delivery.attempt}`)
    const done = this.succeeds(delivery)
    if (done !== null) void delivery.settle(done)
  }

  assigned(_topic: string, _queue: number, offset: number, from: string): void {
    this.starts.push(`${from} ${offset}`)
  }

  committed(_topic: string, _queue: number, offset: number): void {
    this.progress.push(offset)
  }
}

const statusOf = ({ status }: SendResult): string => status
const spec = { name: 'c1', group: 'g', topics: [TOPIC], members: ['c1'] }

async function setUp(target: Target, answer: TxnOutcome = 'unknown'): Promise<Producer> {
  await target.setUp([TOPIC], [GROUP])
  return target.openProducer('p1', { check: () => answer })
}

async function texts(target: Target): Promise<string[]> {
  return ((await target.read?.('T', 0))?.messages ?? []).map(textOf)
}

/** Begins and ends a fault; gives whether it had an effect. */
async function strike(target: Target, fault: Fault, meanwhile: () => Promise<unknown> = () => pause(10)): Promise<boolean> {
  let effective = false
  const begun = target.faults.begin(fault, () => (effective = true))
  if (!['diskStall', 'forceFails', 'cut'].includes(fault.kind)) await begun
  await meanwhile()
  await begun
  await target.faults.end(fault)
  return effective
}

const half = async (producer: Producer, text: string): Promise<HalfResult> => {
  if (producer.begin === undefined) throw new Error('the reference has transactions')
  return producer.begin(message(text))
}

describe('messages', () => {
  it('are acknowledged with their place, delivered byte for byte, and read again', async () => {
    await withReference({}, async (target) => {
      const producer = await setUp(target)
      const listener = new Listener()
      await target.openConsumer(spec, listener)
      const odd = Uint8Array.from([0, 255, 10, 34, 128])
      const results = [await producer.send(message('one')), await producer.send({ ...message(''), payload: odd })]
      expect(results.map((one) => (one.type === 'ok' ? `${one.status} ${one.shown.queue}@${one.shown.offset}` : one.type))).toEqual([
        'SEND_OK 0@0',
        'SEND_OK 0@1',
      ])
      await pause(3000)
      expect(listener.seen).toEqual(['one#0', `${Buffer.from(odd).toString()}#0`])
      expect([listener.starts, listener.progress.at(-1)]).toEqual([['none 0'], 2])
      expect(await texts(target)).toEqual(['one', Buffer.from(odd).toString()])
    })
  })

  it('that a listener has failed come again, and hold the progress of their group back', async () => {
    await withReference({}, async (target) => {
      const producer = await setUp(target)
      const listener = new Listener(({ attempt, offset }) => (offset === 0 ? attempt === 2 : true))
      await target.openConsumer(spec, listener)
      for (const text of ['one', 'two']) await producer.send(message(text))
      await pause(1500)
      expect([listener.seen, Math.max(...listener.progress)]).toEqual([['one#0', 'two#0'], 0])
      await pause(4000)
      expect([listener.seen.slice(2), listener.progress.at(-1)]).toEqual([['one#1', 'one#2'], 2])
    })
  })

  it('go on where the group stood when its consumer died', async () => {
    await withReference({}, async (target) => {
      const producer = await setUp(target)
      const first = await target.openConsumer(spec, new Listener(({ offset }) => (offset === 0 ? true : null)))
      for (const text of ['one', 'two']) await producer.send(message(text))
      await pause(4000)
      first.abort()
      const listener = new Listener()
      await target.openConsumer(spec, listener)
      await pause(2000)
      expect([listener.starts, listener.seen]).toEqual([['stored 1'], ['two#0']])
    })
  })

  it('of one-way sends are in doubt', async () => {
    await withReference({}, async (target) => {
      const producer = await setUp(target)
      expect(await producer.send(message('one', { mode: 'oneway' }))).toEqual({ type: 'info', status: 'ONEWAY' })
    })
  })
})

describe('transactions', () => {
  it('are visible once they are committed, and never when they are rolled back', async () => {
    await withReference({}, async (target) => {
      const producer = await setUp(target)
      const [kept, dropped] = [await half(producer, 'kept'), await half(producer, 'dropped')]
      expect(await texts(target)).toEqual([])
      await producer.end?.(kept, 'commit')
      await producer.end?.(dropped, 'rollback')
      await pause(100)
      expect(await texts(target)).toEqual(['kept'])
    })
  })

  it.each([
    ['commit', ['open']],
    ['rollback', []],
  ] as const)('that stay open are asked about, and end by the answer: %s', async (answer, there) => {
    await withReference({}, async (target) => {
      const producer = await setUp(target, answer)
      await half(producer, 'open')
      await pause(6000)
      expect(await texts(target)).toEqual(there)
    })
  })
})

describe('faults', () => {
  const powerLoss: Fault = { kind: 'powerLoss', on: 'b1', ...moment, forUs: ms(500), keep: 'none' }

  it('take what was not forced, and nothing else', async () => {
    for (const [flushDiskType, left] of [
      ['SYNC_FLUSH', ['one', 'two']],
      ['ASYNC_FLUSH', []],
    ] as const) {
      await withReference({ flushDiskType }, async (target) => {
        const producer = await setUp(target)
        expect([await producer.send(message('one')), await producer.send(message('two'))].map(statusOf)).toEqual(['SEND_OK', 'SEND_OK'])
        expect(await strike(target, powerLoss)).toBe(true)
        expect(await texts(target)).toEqual(left)
      })
    }
  })

  it('that lie in wait have an effect only when they change something', async () => {
    await withReference({}, async (target) => {
      const producer = await setUp(target)
      const cut: Fault = { kind: 'cut', on: 'p1', peer: 'b1', oneWay: false, ...moment, forUs: seconds(1) }
      expect(await strike(target, cut)).toBe(false)
      expect(await strike(target, cut, () => producer.send(message('one')))).toBe(true)
      const stall: Fault = { kind: 'diskStall', on: 'b1', ...moment, forUs: seconds(1) }
      expect(await strike(target, stall, () => producer.send(message('two')))).toBe(true)
    })
  })

  it('that end the broker by its own decision do not keep it down', async () => {
    await withReference({ preset: 'hardened' }, async (target) => {
      const producer = await setUp(target)
      const fails: Fault = { kind: 'forceFails', on: 'b1', ...moment, forUs: seconds(2) }
      expect(await strike(target, fails, () => producer.send(message('one')))).toBe(true)
      expect(statusOf(await producer.send(message('two')))).toBe('SEND_OK')
    })
  })

  it('that flip a bit show in what is read', async () => {
    await withReference({}, async (target) => {
      const producer = await setUp(target)
      await producer.send(message('a'.repeat(4000)))
      const corrupted: string[] = []
      for (let salt = 0; salt < 20 && corrupted.length === 0; salt++) {
        await strike(target, { kind: 'bitCorruption', on: 'b1', atUs: 0, salt })
        corrupted.push(...(await texts(target)).filter((text) => text !== 'a'.repeat(4000)))
      }
      expect(corrupted.map((text) => text.length)).toEqual([4000])
    })
  })

  it('that take the disk leave the topics as an operator would', async () => {
    await withReference({}, async (target) => {
      const producer = await setUp(target)
      await producer.send(message('one'))
      await strike(target, { kind: 'diskLoss', on: 'b1', ...moment, forUs: ms(300) })
      expect(statusOf(await producer.send(message('two')))).toBe('SEND_OK')
      expect(await texts(target)).toEqual(['two'])
    })
  })

  it('end with the round: the next one has a broker of its own', async () => {
    await withReference({}, async (target) => {
      const producer = await setUp(target)
      await producer.send(message('one'))
      const cut: Fault = { kind: 'cut', on: 'p1', peer: 'b1', oneWay: false, ...moment, forUs: seconds(9) }
      void target.faults.begin(cut, () => undefined)
      const late = producer.send(message('two'))
      await pause(100)
      await target.tearDown([TOPIC], [GROUP])
      expect(await late).toEqual({ type: 'info', status: 'the round is over' })
      await setUp(target)
      expect(await texts(target)).toEqual([])
    })
  })
})
