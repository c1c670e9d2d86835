/** Live rounds against a broker in memory: what they record, and that each misbehaviour is convicted of what it is. */
import { describe, expect, it, vi } from 'vitest'
import { claimsContract } from '../../contract/claims.ts'
import { drainOf } from '../../harness/history-file.ts'
import { judgementOf, runPlan, violated, type RunResult } from '../../harness/run-plan.ts'
import type { Event, SendInvoke } from '../../history/event.ts'
import type { Fault } from '../../plan/faults.ts'
import { InputError } from '../../plan/input-error.ts'
import type { Plan } from '../../plan/plan.ts'
import { AUDITOR } from '../../plan/script.ts'
import { ms } from '../../plan/units.ts'
import { FakeTarget, type FakeOptions } from '../testing/fake-target.ts'
import { churn, fault, livePlan, load, send, transaction, type Parts } from '../testing/live-plan.ts'
import { BrokerDown, type ConsumerEvents, type Delivery } from '../target.ts'
import { LiveExecutor, type LiveOptions } from './executor.ts'

const QUICK: LiveOptions = { version: '0', token: 'test', sendLimitMs: 400, drainLimitMs: 2000 }

const on = (target: FakeTarget, plan: Plan, options = QUICK): Promise<RunResult> =>
  runPlan({ system: 'fake', executor: new LiveExecutor(target, options), contract: claimsContract }, plan)

const round = (fake: FakeOptions, parts: Parts = {}, options = QUICK): Promise<RunResult> =>
  on(new FakeTarget(fake), livePlan(parts), options)

const quietEvents: ConsumerEvents = { delivered: () => undefined, assigned: () => undefined, committed: () => undefined }
const phases = (result: RunResult): string[] => result.events.flatMap((event) => (event.type === 'phase' ? [event.phase] : []))
const sends = (events: readonly Event[]): SendInvoke[] => events.filter((event) => event.type === 'invoke' && event.f === 'send')
const verdicts = (result: RunResult): Record<string, string> =>
  Object.fromEntries(result.judgements.map(({ id, verdict }) => [id, verdict]))
const blamed = (result: RunResult): string[] => violated(result).map(({ id }) => id)
const said = (result: RunResult, guarantee: string): string => judgementOf(result, guarantee)?.reason ?? ''

describe.concurrent('a round on a good broker', () => {
  it('goes through all phases, in time, and leaves nothing behind', async () => {
    const target = new FakeTarget()
    const result = await on(
      target,
      livePlan({ workload: [load(200), send(10, { fails: 2 }), send(20, { mode: 'async' }), send(30, { mode: 'oneway' })] }),
    )
    expect(phases(result)).toEqual(['heal', 'drained', 'end'])
    expect(result.outcome.drain).toEqual({ drained: true, fresh: false, reason: '' })
    expect(sends(result.events)).toHaveLength(203 + 2)
    expect(result.events.map((event) => event.i)).toEqual(result.events.map((_, i) => i))
    expect(result.events.every((event, i) => event.t >= (result.events[i - 1]?.t ?? 0))).toBe(true)
    expect(JSON.stringify(result.events)).not.toContain('mqtest')
    expect(result.outcome.header).toMatchObject({ system: 'fake', client: 'none', brokers: ['b1'], version: '0' })
    expect(verdicts(result)).toMatchObject({ 'ALO-1': 'upheld', 'ALO-2': 'upheld', 'ALO-4': 'upheld', 'ORD-1': 'upheld' })
    expect(target.broker.isEmpty).toBe(true)
    expect(target.closedProducers).toBe(target.openProducers)
  })

  it('that shows no offsets and can not be read is audited by a group of its own', async () => {
    const result = await round({ capabilities: { offsets: false, read: false, commits: false, transactions: 'none' } })
    expect(result.outcome.header.records).not.toContain('commit')
    expect(result.events.filter((event) => event.type === 'ok' && event.f === 'pull')).toHaveLength(200 + 2)
    expect(result.events.filter((event) => event.type === 'ok' && event.f === 'audit').map((event) => event.v)).toEqual([
      { topic: 'T', queue: '0', min: 0, max: 101 },
      { topic: 'T', queue: '1', min: 0, max: 101 },
    ])
    expect(verdicts(result)).toMatchObject({ 'ALO-1': 'upheld', 'ALO-4': 'upheld', 'DUR-4': 'upheld' })
  })

  it('that is still giving the auditor messages when its time is over has not lost the rest', async () => {
    const target = new FakeTarget({ capabilities: { offsets: false, read: false, commits: false, transactions: 'none' } })
    const open = target.openConsumer.bind(target)
    // One queue comes to the auditor in drops, with its sentinel first, which is an order that it was not sent in.
    target.openConsumer = (spec, events) => {
      if (spec.name !== AUDITOR) return open(spec, events)
      const held: Delivery[] = []
      const drop = setInterval(() => {
        const next = held.pop()
        if (next !== undefined) events.delivered(next)
      }, 100)
      setTimeout(() => clearInterval(drop), 3000)
      return open(spec, { ...quietEvents, delivered: (one) => (one.queue === 0 ? held.push(one) : events.delivered(one)) })
    }
    const result = await on(target, livePlan({ workload: [load(100)] }), { ...QUICK, drainLimitMs: 1000 })
    const audited = result.events.flatMap((event) => (event.type === 'ok' && event.f === 'audit' ? [event.v.queue] : []))
    expect(audited).toEqual(['1'])
    expect(blamed(result)).toEqual(['ORD-1'])
  })

  it('gives each round names of its own', async () => {
    const target = new FakeTarget()
    const names: string[] = []
    const setUp = target.setUp.bind(target)
    target.setUp = (topics, groups) => {
      names.push(...topics.map(({ topic }) => topic), ...groups.map(({ group }) => group))
      return setUp(topics, groups)
    }
    const executor = new LiveExecutor(target, QUICK)
    await Promise.all([executor.run(livePlan(), () => undefined), executor.run(livePlan(), () => undefined)])
    expect(new Set(names).size).toBe(4)
    expect(names.every((name) => /^mqtest-[12]-[A-Za-z0-9_-]+$/.test(name))).toBe(true)
  })

  const ALONE = { groups: [{ name: 'g', topics: ['T'], consumers: ['c1'] }] }
  const moves = (result: RunResult): string[] =>
    result.events.flatMap((event) => ('f' in event && event.f === 'churn' ? [`${event.type} ${event.v.act} ${event.p}`] : []))
  const rebalancing = (): FakeTarget => Object.assign(new FakeTarget(), { rebalances: true })

  it('starts and stops consumers as the plan says', async () => {
    const items = [churn('start', 'c1', 100), churn('stop', 'c1', 150), churn('stop', 'c1', 200), churn('start', 'c1', 250)]
    const kill = fault('processKill', 'c1', 180, 30)
    const result = await on(rebalancing(), livePlan({ cluster: ALONE, workload: [load(200), ...items, load(100, 300)], faults: [kill] }))
    expect(blamed(result)).toEqual([])
    expect(result.outcome.drain.drained).toBe(true)
    expect(moves(result)).toEqual(['ok start c1', 'ok stop c1', 'fail stop c1', 'ok start c1'])
    const times = result.events.flatMap((event) => (event.type === 'invoke' && event.f === 'consume' ? [event.t] : []))
    const back = result.events.findLast((event) => event.type === 'ok' && event.f === 'churn')?.t ?? 0
    expect(times.some((t) => t < ms(100))).toBe(false)
    expect(times.some((t) => t > ms(200) && t < back)).toBe(false)
  })

  it('gives a group that nobody runs its consumers back', async () => {
    const result = await on(rebalancing(), livePlan({ cluster: ALONE, workload: [load(100), churn('stop', 'c1', 50)] }))
    expect(result.outcome.drain.drained).toBe(true)
    expect(moves(result)).toEqual(['ok stop c1', 'ok start c1'])
  })

  it('leaves consumers as they are where nobody takes over from whom, and says so', async () => {
    const result = await round({}, { workload: [load(100), churn('stop', 'c1', 50), churn('start', 'c2', 80)] })
    expect(blamed(result)).toEqual([])
    expect(moves(result)).toEqual(['fail stop c1', 'fail start c2'])
  })

  it('survives restarts and pauses of everybody', async () => {
    const faults = [
      fault('processKill', 'b1', 100, 50),
      fault('pause', 'c1', 150, 150),
      fault('processKill', 'c2', 200, 60),
      fault('gracefulRestart', 'c1', 320, 30),
      fault('processKill', 'p1', 220, 30),
      fault('pause', 'b1', 260, 60),
    ]
    const result = await round({}, { workload: [load(200), load(100, 350)], faults })
    expect(blamed(result)).toEqual([])
    expect(result.outcome.drain.drained).toBe(true)
    const struck = result.events.flatMap((event) => (event.type === 'fault' ? [`${event.kind} ${event.on} ${event.effective}`] : []))
    expect(struck.sort()).toEqual(faults.map(({ kind, on: whom }) => `${kind} ${whom} true`).sort())
  })

  it('that is slow to start gets what was planned for afterwards when it is back', async () => {
    const result = await round({ startMs: 700 }, { workload: [send(10), send(400)], faults: [fault('processKill', 'b1', 100, 100)] })
    const [, second] = sends(result.events)
    expect(second?.t).toBeGreaterThan(ms(1000))
    expect(result.events.some((event) => event.type === 'ok' && event.f === 'send' && event.op === second?.op)).toBe(true)
  })

  it('decides transactions as its producers do', async () => {
    const workload = [transaction(10, 'commit', 'commit'), transaction(20, 'rollback', 'rollback'), transaction(30, 'unknown', 'commit')]
    const result = await round({}, { workload })
    expect(verdicts(result)).toMatchObject({ 'TXN-1': 'upheld', 'TXN-2': 'upheld' })
    expect(result.events.filter((event) => event.type === 'invoke' && event.f === 'check').map((event) => event.v)).toEqual([
      { answer: 'commit' },
    ])
  })

  it('creates topics', async () => {
    const target = new FakeTarget()
    const create: Plan['workload'][number] = { do: 'createTopic', client: 'p1', atUs: 0, salt: 1, topic: 'V', queues: 1 }
    const result = await on(target, livePlan({ workload: [create, send(50, { topic: 'V' })] }))
    expect(result.events.filter((event) => event.type === 'ok' && event.f === 'pull' && event.v.topic === 'V')).toHaveLength(1)
    expect(target.broker.isEmpty).toBe(true)
  })
})

it.concurrent('a topic is removed also when nobody was told that it was created', async () => {
  const target = new FakeTarget()
  target.createTopic = (topic) => {
    target.broker.setUp([topic], [])
    return new Promise(() => undefined)
  }
  await on(target, livePlan({ workload: [{ do: 'createTopic', client: 'p1', atUs: 0, salt: 1, topic: 'V', queues: 1 }] }))
  expect(target.broker.isEmpty).toBe(true)
})

describe.concurrent('a broker', () => {
  it('that loses messages breaks ALO-1', async () => {
    const result = await round({ quirks: { losesEvery: 50 } })
    expect(blamed(result)).toContain('ALO-1')
  })

  it('that stores messages twice breaks ALO-5', async () => {
    expect(blamed(await round({ quirks: { storesTwiceEvery: 50 } }))).toEqual(['ALO-5'])
  })

  it('that changes messages breaks ALO-4', async () => {
    expect(blamed(await round({ quirks: { corruptsEvery: 50 } }))).toContain('ALO-4')
  })

  it('that gives away an offset twice breaks ORD-2', async () => {
    expect(blamed(await round({ quirks: { swapsEvery: 20 } }))).toContain('ORD-2')
  })

  it('that forgets at a restart breaks DUR-1 and ALO-1', async () => {
    // Whoever is paused has not taken what the restart then forgets.
    const faults = [fault('processKill', 'c1', 50, 300), fault('processKill', 'c2', 50, 300), fault('processKill', 'b1', 200, 50)]
    const result = await round({ quirks: { forgets: true } }, { faults })
    expect(blamed(result)).toEqual(expect.arrayContaining(['ALO-1', 'DUR-1']))
  })

  it('that does not bring back what a listener failed breaks ALO-1', async () => {
    const result = await round(
      { quirks: { dropsFailed: true } },
      { workload: [send(10), send(20, { fails: 1 })] },
      { ...QUICK, drainLimitMs: 300 },
    )
    expect(phases(result)).toEqual(['heal', 'fresh', 'drained', 'end'])
    expect(said(result, 'ALO-1')).toContain('never finished')
  })

  it('whose consumers must be restarted breaks ALO-1', async () => {
    const parts = { workload: [load(100), send(400)], faults: [fault('processKill', 'b1', 150, 50)] }
    const result = await round({ quirks: { forgetsConsumers: true } }, parts, { ...QUICK, drainLimitMs: 400 })
    expect(said(result, 'ALO-1')).toContain('only after the clients were restarted')
  })

  it('that gives a group nothing any more breaks ALO-1, although no sentinel ever says that it is over', async () => {
    const parts = { workload: [load(100), send(400)], faults: [fault('processKill', 'b1', 150, 50)] }
    const result = await round({ quirks: { deafens: '-g' } }, parts, { ...QUICK, drainLimitMs: 400 })
    expect(phases(result)).toEqual(['heal', 'fresh', 'drained', 'end'])
    expect(blamed(result)).toEqual(['ALO-1'])
    expect(said(result, 'ALO-1')).toContain('was acknowledged and never delivered to g')
  })

  it('that shows a half breaks TXN-1 and TXN-2', async () => {
    const result = await round({ commitsHalves: true }, { workload: [transaction(10, 'rollback', 'rollback')] })
    expect(blamed(result)).toEqual(['TXN-1', 'TXN-2'])
  })

  it('that does not answer leaves sends in doubt, and nobody waits for it', async () => {
    const result = await round({ hangsEvery: 10 }, { workload: [load(100)] })
    expect(result.events.some((event) => event.type === 'info' && event.f === 'send' && event.v.status === 'TIMEOUT')).toBe(true)
    expect(blamed(result)).toEqual([])
    expect(result.outcome.drain.drained).toBe(true)
  })
})

describe.concurrent('a round that can not be finished', () => {
  it('says that a broker does not start, and the next one does not begin', async () => {
    const target = new FakeTarget({ staysDown: true })
    const result = await on(target, livePlan({ faults: [fault('processKill', 'b1', 100, 50)] }))
    expect(result.outcome.drain).toEqual({ drained: false, fresh: false, reason: 'b1 does not start: its log says: no such luck' })
    expect(phases(result)).toEqual(['stuck', 'end'])
    await expect(on(target, livePlan())).rejects.toThrow(BrokerDown)
  })

  it('is unknown throughout when the target itself is broken', async () => {
    const result = await round({ breaksAt: 50, quirks: { losesEvery: 10 } })
    expect(result.outcome.drain.broken).toBe('line 7: this is no answer')
    expect(phases(result)).toEqual(['broken', 'end'])
    expect(drainOf(result.events)).toMatchObject({ drained: false, broken: 'line 7: this is no answer' })
    expect(blamed(result)).toEqual([])
    expect(verdicts(result)).toMatchObject({ 'ALO-1': 'unknown' })
  })

  it('is abandoned by a signal, with everything closed', async () => {
    const target = new FakeTarget()
    const abort = new AbortController()
    const running = on(target, livePlan(), { ...QUICK, signal: abort.signal })
    setTimeout(() => abort.abort(new Error('enough')), 100)
    await expect(running).rejects.toThrow('enough')
    expect(target.broker.isEmpty).toBe(true)
    expect(target.closedProducers).toBe(target.openProducers)
  })
})

describe.concurrent('a fault that has begun is ended', () => {
  const long = (): Fault[] => [fault('pause', 'b1', 100, 60_000), fault('processKill', 'b1', 60_000, 100)]

  it('when somebody interrupts the round, and none begins any more', async () => {
    const target = new FakeTarget()
    const begin = vi.spyOn(target.faults, 'begin')
    const end = vi.spyOn(target.faults, 'end')
    const abort = new AbortController()
    const running = on(target, livePlan({ faults: long() }), { ...QUICK, signal: abort.signal })
    setTimeout(() => abort.abort(new Error('enough')), 200)
    await expect(running).rejects.toThrow('enough')
    expect(begin).toHaveBeenCalledTimes(1)
    expect(end.mock.calls.map(([{ kind }]) => kind)).toEqual(['pause'])
    expect(target.broker.paused).toBe(false)
  })

  it('when the target misbehaves', async () => {
    const target = new FakeTarget({ breaksAt: 150 })
    const end = vi.spyOn(target.faults, 'end')
    const result = await on(target, livePlan({ workload: [load(100), load(100, 350)], faults: [fault('processKill', 'b1', 200, 60_000)] }))
    expect(result.outcome.drain.broken).toBeDefined()
    expect(end).toHaveBeenCalledTimes(1)
    expect(target.broker.up).toBe(true)
  })

  it('when its beginning has failed, which may have done half of its work', async () => {
    const target = new FakeTarget()
    vi.spyOn(target.faults, 'begin').mockRejectedValue(new Error('the command failed'))
    const end = vi.spyOn(target.faults, 'end')
    const result = await on(target, livePlan({ faults: long() }))
    expect(result.outcome.drain.broken).toBe('the command failed')
    expect(end).toHaveBeenCalledTimes(1)
  })
})

describe.concurrent('a plan that asks for what the target can not do', () => {
  const refused: readonly (readonly [string, FakeOptions, Parts, string])[] = [
    [
      'a mode',
      { capabilities: { modes: ['sync'] } },
      { workload: [send(0), send(0, { mode: 'oneway' })] },
      "workload[1].mode: the target can't send oneway",
    ],
    ['transactions', { capabilities: { transactions: 'none' } }, { workload: [transaction(0, 'commit', 'commit')] }, 'workload[0].do: '],
    [
      'an open outcome',
      { capabilities: { transactions: 'plain' } },
      { workload: [transaction(0, 'unknown', 'commit')] },
      'workload[0].outcome: ',
    ],
    ['queues', { capabilities: { queuesMax: 1 } }, {}, 'cluster.topics[0].queues: the target has 1 at most'],
    ['size', { capabilities: { bytesMax: 10 } }, { workload: [send(0)] }, 'workload[0].bytes: the target takes 10 at most'],
    [
      'a fault',
      {},
      { faults: [{ kind: 'powerLoss', on: 'b1', atUs: 0, salt: 0, forUs: 1, keep: 'none' }] },
      'a memory has no power to lose',
    ],
    ['a node', {}, { faults: [fault('pause', 'b7', 0, 1)] }, 'faults[0].on: no broker and no client is called "b7"'],
    ['a topic', {}, { workload: [send(0, { topic: 'X' })] }, 'workload[0].topic: no topic "X"'],
  ]
  for (const [what, fake, parts, why] of refused) {
    it(`is refused: ${what}`, async () => {
      await expect(round(fake, parts)).rejects.toThrow(InputError)
      await expect(round(fake, parts)).rejects.toThrow(why)
    })
  }
})
