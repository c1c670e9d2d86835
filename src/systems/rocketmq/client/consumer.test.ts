/** What a consumer holds, finishes, reports and drops (RMQ-089 to RMQ-099). */
import { describe, expect, it } from 'vitest'
import { NO_LABELS } from '../../../plan/labels.ts'
import type { Group } from '../../../plan/plan.ts'
import { ms, seconds } from '../../../plan/units.ts'
import type { OffsetAnswer, PullAnswer, PulledMessage } from '../messages.ts'
import { consumer, type ConsumerState } from './consumer.ts'
import { clientRules, type ClientRules } from './rules.ts'
import { BROKER, CONSUMER, FakeEnv, settingFor } from './testing/fake-env.ts'

const message = (offset: number, fails = 0, name = offset + 1): PulledMessage => ({
  offset,
  message: name,
  msgId: `p1-0-${name}`,
  key: '',
  digest: name,
  bytes: 100,
  fails,
  labels: NO_LABELS,
  at: offset * 100,
})

interface Started {
  readonly env: FakeEnv
  readonly state: ConsumerState
}

/** The broker says that the members have changed, and to whom. */
function shares(env: FakeEnv, members: readonly string[]): void {
  env.give('message', BROKER, { type: 'consumerIdsChanged', salt: 0, group: 'g' })
  env.give('message', BROKER, { type: 'consumerList', salt: 0, request: env.last('getConsumerList').request, members })
}

function started(rules: Partial<ClientRules> = {}, group: Partial<Group> = {}): Started {
  const setting = settingFor([], 1)
  const groups = setting.cluster.groups.map((one) => ({ ...one, ...group }))
  const state = consumer.boot(CONSUMER, { ...setting, cluster: { ...setting.cluster, groups } })
  const env = new FakeEnv((entry, self) => consumer.handle(state, entry, self), rules)
  consumer.start(state, env)
  env.until(ms(11))
  env.give('message', 0, {
    type: 'routeAnswer',
    salt: 0,
    topic: 'T',
    at: env.last('getRoute').at,
    brokers: [{ broker: BROKER, readQueues: 1, writeQueues: 1 }],
    order: null,
  })
  shares(env, [state.clientId])
  return { env, state }
}

const offset = (env: FakeEnv, over: Partial<OffsetAnswer>): void =>
  env.give('message', BROKER, {
    type: 'offsetAnswer',
    salt: 0,
    request: env.last('queryOffset').request,
    found: 'none',
    offset: 0,
    min: 0,
    max: 0,
    young: false,
    since: -1,
    ...over,
  })

const pulled = (env: FakeEnv, over: Partial<PullAnswer>): void =>
  env.give('message', BROKER, {
    type: 'pullAnswer',
    salt: 0,
    request: env.last('pull').request,
    topic: 'T',
    queue: 0,
    status: 'FOUND',
    messages: [],
    next: 0,
    min: 0,
    max: 0,
    stale: false,
    ...over,
  })

/** A consumer that is pulling at offset 0. */
function pulling(rules: Partial<ClientRules> = {}, group: Partial<Group> = {}): Started {
  const made = started(rules, group)
  offset(made.env, {})
  made.env.until(ms(600))
  return made
}

const found = (env: FakeEnv, messages: readonly PulledMessage[]): void => {
  const next = (messages[messages.length - 1]?.offset ?? -1) + 1
  pulled(env, { messages, next, max: next })
}
const commits = (env: FakeEnv): number[] =>
  env.events.flatMap((event) => (event.type === 'info' && event.f === 'commit' ? [event.v.offset] : []))
const deliveries = (env: FakeEnv): string[] =>
  env.events.flatMap((event) =>
    event.type === 'invoke' && event.f === 'consume' ? [`${event.v.offset}:${event.v.message}#${event.v.attempt}`] : [],
  )

describe('the start of a queue', () => {
  it('is the stored offset', () => {
    const { env } = started()
    offset(env, { found: 'stored', offset: 5, max: 9 })
    env.until(seconds(1))
    expect(env.last('pull').offset).toBe(5)
  })

  it('is the beginning of a young queue without one, and in an old one where the group wants to begin (RMQ-097)', () => {
    const none = { found: 'none', offset: 0, min: 0, max: 9, young: false, since: 6 } as const
    expect(clientRules.startOffset({ ...none, young: true }, 'last')).toBe(0)
    expect(clientRules.startOffset(none, 'last')).toBe(9)
    expect(clientRules.startOffset(none, 'first')).toBe(0)
    expect(clientRules.startOffset(none, { timestampUs: 7 })).toBe(6)
    expect(clientRules.startOffset({ ...none, found: 'stored', offset: 3 }, 'first')).toBe(3)
  })

  it('is asked for again when nobody answers, after the time of one request', () => {
    const { env } = started()
    env.until(seconds(5))
    expect(env.of('queryOffset')).toHaveLength(2)
    expect(env.of('pull')).toHaveLength(0)
  })
})

describe('progress', () => {
  it('is pinned by the smallest unfinished message, and told every five seconds, first after ten', () => {
    const { env } = pulling()
    found(env, [message(0, 2), message(1), message(2)])
    env.until(ms(10_700))
    expect(env.of('updateOffset').map((one) => one.offset)).toEqual([0])
    env.until(seconds(30))
    expect(deliveries(env)).toEqual(['0:1#0', '1:2#0', '2:3#0', '0:1#1', '0:1#2'])
    expect(env.last('updateOffset').offset).toBe(3)
  })

  it('rides along on pulls', () => {
    const { env } = pulling()
    found(env, [message(0)])
    env.until(seconds(1))
    found(env, [message(1)])
    expect(env.last('pull').commit).toBe(1)
    expect(commits(env)).toContain(1)
  })

  it('is told by a consumer that loses the queue, and results for it are void afterwards (RMQ-094, RMQ-103)', () => {
    const { env, state } = pulling()
    found(env, [message(0), message(1, 1)])
    env.until(ms(601))
    shares(env, ['b@0', state.clientId])
    expect(env.last('updateOffset').offset).toBe(1)
    expect(env.story.slice(-2)).toEqual(['info commit', 'ok revoke'])
    env.until(seconds(15))
    expect(commits(env)).toEqual([1])
  })

  it('is told by a consumer that stops in good order', () => {
    const { env, state } = pulling()
    found(env, [message(0)])
    env.until(ms(700))
    consumer.stop(state, env)
    expect(env.last('updateOffset').offset).toBe(1)
    expect(env.exited).toBe(true)
  })
})

describe('a listener that is given several messages at once', () => {
  const told = (env: FakeEnv): string[] =>
    env.events.flatMap((event) =>
      'f' in event && event.f === 'consume' && event.type !== 'invoke' ? [`${event.type} ${event.v.offset}`] : [],
    )
  const three = [message(0), message(1, 1), message(2)]

  it('works through them, and stops where it fails: all of them come again (RMQ-091)', () => {
    const { env } = pulling({}, { batch: { max: 3, verdict: 'whole' } })
    found(env, three)
    env.until(ms(700))
    expect(told(env)).toEqual(['fail 0', 'fail 1', 'fail 2'])
    env.until(seconds(30))
    expect(commits(env)).toEqual([3])
  })

  it('or says how far it has come: the others come again (RMQ-099)', () => {
    const { env } = pulling({}, { batch: { max: 3, verdict: 'ack-index' } })
    found(env, three)
    env.until(ms(700))
    expect(told(env)).toEqual(['ok 0', 'fail 1', 'fail 2'])
    env.until(seconds(30))
    expect(deliveries(env)).toEqual(['0:1#0', '1:2#0', '2:3#0', '1:2#1', '2:3#1'])
  })

  it('is given no more than it asks for', () => {
    const { env } = pulling({}, { batch: { max: 2, verdict: 'whole' } })
    found(env, [message(0), message(1, 1), message(2)])
    env.until(ms(700))
    expect(told(env).sort()).toEqual(['fail 0', 'fail 1', 'ok 2'])
  })
})

describe('a correction by the broker', () => {
  /** Offsets 0 and 1 are held and failing when the broker sends the consumer back to 0. */
  function corrected(): Started {
    const made = pulling()
    found(made.env, [message(0, 5), message(1, 5)])
    made.env.until(ms(601))
    pulled(made.env, { status: 'OFFSET_MOVED', next: 0, max: 0 })
    return made
  }

  it('drops what is held, tells the broker, and starts again there', () => {
    const { env } = corrected()
    expect(env.last('updateOffset').offset).toBe(0)
    env.until(ms(1200))
    expect(env.last('pull').offset).toBe(0)
  })

  it('makes old retries void: new messages at the same offsets are delivered once', () => {
    const { env } = corrected()
    env.until(ms(1200))
    found(env, [message(0, 1, 11)])
    env.until(ms(5600))
    // The old retry of offset 1 falls due while the new message there is at work.
    found(env, [message(1, 0, 12)])
    env.until(ms(6100))
    expect(deliveries(env).filter((one) => one.includes(':11') || one.includes(':12'))).toEqual(['0:11#0', '1:12#0'])
    env.until(seconds(30))
    expect(Math.max(...commits(env))).toBe(2)
  })

  it('is not undone by a result of before', () => {
    const { env } = pulling()
    found(env, [message(0)])
    pulled(env, { status: 'OFFSET_MOVED', next: 0, max: 0 })
    env.until(seconds(20))
    expect(env.story.filter((one) => one === 'ok consume')).toHaveLength(1)
    expect(commits(env).every((one) => one === 0)).toBe(true)
  })
})

describe('the members of a group', () => {
  /** Two topics of one broker, each of whose lists comes when it is asked for. */
  it('are asked for again where the broker has named others for another topic', () => {
    const { env, state } = started({}, { topics: ['T', 'U'] })
    const others = [state.clientId, 'b@0']
    const { at } = env.of('getRoute').find(({ topic }) => topic === 'U') as { at: number }
    const brokers = [{ broker: BROKER, readQueues: 1, writeQueues: 1 }]
    env.give('message', 0, { type: 'routeAnswer', salt: 0, topic: 'U', at, brokers, order: null })
    const asked = env.of('getConsumerList').length
    env.give('message', BROKER, { type: 'consumerList', salt: 0, request: env.last('getConsumerList').request, members: others })
    expect(state.balances.map(({ topic, settled }) => `${topic} ${String(settled)}`)).toEqual(['T false', 'U true'])
    env.until(seconds(21))
    expect(env.of('getConsumerList').length).toBe(asked + 2)
  })
})

describe('the pull loop', () => {
  it('has one pull out, and drops answers to others', () => {
    const { env } = pulling()
    const { request } = env.last('pull')
    found(env, [message(0)])
    env.give('message', BROKER, {
      type: 'pullAnswer',
      salt: 0,
      request,
      topic: 'T',
      queue: 0,
      status: 'FOUND',
      messages: [message(0)],
      next: 1,
      min: 0,
      max: 1,
      stale: false,
    })
    expect(deliveries(env)).toEqual(['0:1#0'])
  })

  it('waits three seconds after an error, and thirty for an answer', () => {
    const { env } = pulling()
    const at = env.uptime
    env.give('reset', BROKER)
    env.until(at + seconds(3) - 1)
    expect(env.of('pull')).toHaveLength(1)
    env.until(at + seconds(3))
    expect(env.of('pull')).toHaveLength(2)
    env.until(at + seconds(35))
    expect(env.of('pull')).toHaveLength(2)
    env.until(at + seconds(36))
    expect(env.of('pull')).toHaveLength(3)
  })

  it('stops while too much is held, and goes on when there is room (RMQ-090)', () => {
    const { env } = pulling()
    found(
      env,
      Array.from({ length: 1001 }, (_, k) => message(k)),
    )
    expect(env.of('pull')).toHaveLength(1)
    env.until(ms(601))
    expect(env.of('pull').length).toBeGreaterThan(1)
  })

  it('rests for longer than a pull may take, and asks for nothing meanwhile', () => {
    const { env } = pulling({ releasedBytes: () => 0 })
    found(env, [{ ...message(0), bytes: (100 << 20) + 1 }])
    env.until(seconds(60))
    expect(env.of('pull')).toHaveLength(1)
  })
})
