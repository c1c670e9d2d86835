/** Attempts, their ends, and what the application is told: each end of a send that RMQ-080 to RMQ-083 know. */
import { describe, expect, it } from 'vitest'
import type { Item } from '../../../plan/plan.ts'
import { ms, seconds } from '../../../plan/units.ts'
import type { NodeId } from '../../../sim/system.ts'
import type { SendStatus } from '../messages.ts'
import { producer } from './producer.ts'
import type { ClientRules } from './rules.ts'
import { BROKER, FakeEnv, PRODUCER, settingFor } from './testing/fake-env.ts'

/** Another producer, where there are two. */
const OTHER: NodeId = 3

type Send = Item & { readonly do: 'send' }
const send = (over: Partial<Send> = {}): Send => ({
  do: 'send',
  client: 'p1',
  atUs: ms(100),
  salt: 7,
  topic: 'T',
  bytes: 10,
  mode: 'sync',
  ...over,
})

/** A producer that knows its route, at the moment when its first step begins. */
function begun(item: Item, rules: Partial<ClientRules> = {}): FakeEnv {
  const state = producer.boot(PRODUCER, settingFor([item]))
  const env = new FakeEnv((entry, self) => producer.handle(state, entry, self), rules)
  producer.start(state, env)
  env.until(ms(20))
  env.give('message', 0, {
    type: 'routeAnswer',
    salt: 0,
    topic: 'T',
    at: env.last('getRoute').at,
    brokers: [{ broker: BROKER, readQueues: 2, writeQueues: 2 }],
    order: null,
  })
  env.until(ms(100))
  return env
}

function answer(env: FakeEnv, status: SendStatus): void {
  const { op, attempt, queue } = env.last('send')
  const stored = status === 'SEND_OK' || status === 'FLUSH_DISK_TIMEOUT'
  env.give('message', BROKER, {
    type: 'sendAnswer',
    salt: 0,
    op,
    attempt,
    status,
    topic: 'T',
    queue,
    offset: stored ? 3 : -1,
    at: stored ? 400 : -1,
    more: [],
  })
}
const refuse = (env: FakeEnv): void => env.give('refused', BROKER, env.last('send'))
const lastEvent = (env: FakeEnv): unknown => {
  const event = env.events[env.events.length - 1]
  return event !== undefined && 'v' in event ? { type: event.type, ...event.v } : undefined
}

describe('a sync send', () => {
  it('is acknowledged by SEND_OK alone', () => {
    const env = begun(send())
    answer(env, 'SEND_OK')
    expect(lastEvent(env)).toMatchObject({ type: 'ok', status: 'SEND_OK', topic: 'T', offset: 3, broker: 'b1', at: 400 })
  })

  it('that is stored but not forced is in doubt, and not sent again', () => {
    const env = begun(send())
    answer(env, 'FLUSH_DISK_TIMEOUT')
    expect(lastEvent(env)).toEqual({ type: 'info', status: 'FLUSH_DISK_TIMEOUT' })
    expect(env.of('send')).toHaveLength(1)
  })

  it('is tried three times, on the next queue each time, and then has failed for certain', () => {
    const env = begun(send())
    refuse(env)
    answer(env, 'SYSTEM_BUSY')
    expect(env.of('send').map(({ attempt, queue }) => [attempt, queue])).toEqual([
      [1, 0],
      [2, 1],
      [3, 0],
    ])
    refuse(env)
    expect(lastEvent(env)).toMatchObject({ type: 'fail' })
  })

  it('has not failed for certain when one of its connections broke', () => {
    const env = begun(send())
    env.give('reset', BROKER)
    refuse(env)
    refuse(env)
    expect(lastEvent(env)).toEqual({ type: 'info', status: 'CONNECTION_LOST' })
  })

  it('is not tried again after a code that another attempt would meet again', () => {
    const env = begun(send())
    answer(env, 'MESSAGE_ILLEGAL')
    expect(lastEvent(env)).toEqual({ type: 'fail', reason: 'MESSAGE_ILLEGAL' })
  })

  it('to a queue that the caller chose has one attempt', () => {
    const env = begun(send({ queue: 1 }))
    expect(env.last('send').queue).toBe(1)
    refuse(env)
    expect(env.story).toEqual(['invoke send', 'info attempt', 'fail send'])
  })

  it('to the queue of its key has one attempt, and goes there each time', () => {
    const queues = [1, 2, 3].map((salt) => {
      const env = begun(send({ key: 'k1', select: 'key', salt }))
      refuse(env)
      expect(env.story).toEqual(['invoke send', 'info attempt', 'fail send'])
      return env.last('send').queue
    })
    expect(new Set(queues).size).toBe(1)
  })

  it('ends when the budget of all attempts is used up, whatever comes later', () => {
    const env = begun(send())
    env.until(ms(2000))
    refuse(env)
    env.until(ms(100) + seconds(3))
    expect(lastEvent(env)).toEqual({ type: 'info', status: 'TIMEOUT' })
    answer(env, 'SEND_OK')
    expect(env.story).toEqual(['invoke send', 'info attempt', 'info attempt', 'info send'])
  })

  it('does not take the answer of an attempt that is over', () => {
    const env = begun(send())
    const first = env.last('send')
    env.give('reset', BROKER)
    env.give('message', BROKER, {
      type: 'sendAnswer',
      salt: 0,
      op: first.op,
      attempt: 1,
      status: 'SEND_OK',
      topic: 'T',
      queue: 0,
      offset: 0,
      at: 0,
      more: [],
    })
    expect(env.story).toEqual(['invoke send', 'info attempt', 'info attempt'])
  })

  it('sends the same content in every attempt', () => {
    const env = begun(send())
    refuse(env)
    const [first, second] = env.of('send')
    expect(second).toMatchObject({ op: first?.op, digest: first?.digest })
  })
})

describe('other modes', () => {
  it('async: the same queue again after a lost connection, but not after a code', () => {
    const env = begun(send({ mode: 'async' }))
    refuse(env)
    expect(env.of('send').map(({ queue }) => queue)).toEqual([0, 0])
    answer(env, 'SYSTEM_BUSY')
    expect(lastEvent(env)).toEqual({ type: 'fail', reason: 'SYSTEM_BUSY' })
  })

  it('one-way: nobody will ever know', () => {
    const env = begun(send({ mode: 'oneway' }))
    expect(lastEvent(env)).toEqual({ type: 'info', status: 'ONEWAY' })
    expect(env.last('send').oneway).toBe(true)
  })
})

describe('routes', () => {
  const unrouted = (item: Item): FakeEnv => {
    const state = producer.boot(
      PRODUCER,
      settingFor([item, { do: 'createTopic', client: 'p1', atUs: seconds(50), salt: 9, topic: 'V', queues: 1 }]),
    )
    const env = new FakeEnv((entry, self) => producer.handle(state, entry, self))
    producer.start(state, env)
    return env
  }

  it('that never come fail the send for certain, after a few look-ups', () => {
    const env = unrouted(send())
    for (let at = 100; at < 3200; at += 100) {
      env.until(ms(at))
      env.give('message', 0, { type: 'routeAnswer', salt: 0, topic: 'T', at: env.last('getRoute').at, brokers: [], order: null })
    }
    expect(env.story).toEqual(['invoke send', 'fail send'])
    expect(env.of('getRoute').filter(({ topic }) => topic === 'T').length).toBeLessThan(8)
  })

  it('are not needed to create a topic', () => {
    const env = unrouted({ do: 'createTopic', client: 'p1', atUs: ms(100), salt: 8, topic: 'V', queues: 3 })
    env.until(ms(100))
    expect(env.last('createTopic')).toMatchObject({ topic: 'V', queues: 3 })
    env.give('message', BROKER, { type: 'createTopicAnswer', salt: 0, op: 1 })
    expect(env.story).toEqual(['invoke createTopic', 'ok createTopic'])
    expect(env.last('getRoute').topic).toBe('V')
  })
})

describe('transactions', () => {
  const transaction: Item = {
    do: 'transaction',
    client: 'p1',
    atUs: ms(100),
    salt: 7,
    topic: 'T',
    bytes: 10,
    outcome: 'commit',
    answer: 'commit',
  }
  const check = (env: FakeEnv): void =>
    env.give('message', BROKER, { type: 'checkTransaction', salt: 0, message: 1, digest: 7, halfOffset: 9, halfAt: 900 })

  it('run after SEND_OK, and tell the broker where the half lies', () => {
    const env = begun(transaction)
    answer(env, 'SEND_OK')
    expect(env.last('endTransaction')).toMatchObject({ message: 1, halfOffset: 3, halfAt: 400, outcome: 'commit', fromCheck: false })
  })

  it('do not run after any other status: the half is rolled back', () => {
    const env = begun(transaction)
    answer(env, 'FLUSH_DISK_TIMEOUT')
    expect(env.last('endTransaction').outcome).toBe('rollback')
    check(env)
    expect(env.last('endTransaction')).toMatchObject({ outcome: 'rollback', halfOffset: 9, fromCheck: true })
  })

  it('are told again when the broker asks, also by the next process on the same disk', () => {
    const env = begun(transaction)
    answer(env, 'SEND_OK')
    check(env)
    expect(env.last('endTransaction')).toMatchObject({ outcome: 'commit', fromCheck: true })
    expect(env.story.slice(-2)).toEqual(['invoke check', 'info endTxn'])
  })

  it('of another instance are looked for in the database of the application, and unknown where it can not be reached', () => {
    const state = producer.boot(PRODUCER, settingFor([{ ...transaction, client: 'p2' }], 2, ['p1', 'p2']))
    const env = new FakeEnv((entry, self) => producer.handle(state, entry, self))
    check(env)
    const asked = env.last('lookUp')
    expect(asked).toMatchObject({ message: 1, halfOffset: 9, broker: BROKER })
    env.give('message', OTHER, { ...asked, type: 'lookedUp', outcome: 'commit' })
    expect(env.last('endTransaction')).toMatchObject({ message: 1, outcome: 'commit', halfOffset: 9, halfAt: 900, fromCheck: true })
    env.give('refused', OTHER, asked)
    expect(env.last('endTransaction').outcome).toBe('unknown')
  })

  it('are told to another instance that looks for them', () => {
    const env = begun(transaction)
    answer(env, 'SEND_OK')
    env.give('message', OTHER, { type: 'lookUp', salt: 0, message: 1, digest: 7, halfOffset: 9, halfAt: 900, broker: BROKER })
    expect(env.last('lookedUp')).toMatchObject({ message: 1, outcome: 'commit', broker: BROKER })
  })
})
