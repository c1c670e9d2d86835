/** Claims on routing that some runs settle. `spec/coverage.json` points here. */
import { describe, expect, it } from 'vitest'
import type { Event } from '../src/history/event.ts'
import type { Fault } from '../src/plan/faults.ts'
import { Plan, PLAN_FORMAT } from '../src/plan/plan.ts'
import { seconds, type Us } from '../src/plan/units.ts'
import { simulate } from '../src/sim/run.ts'
import type { RocketmqMessage } from '../src/systems/rocketmq/messages.ts'
import { rocketmq } from '../src/systems/rocketmq/system.ts'

interface Heard {
  readonly by: string
  readonly from: number
  readonly type: RocketmqMessage['type']
}

/** Two brokers with two queues each, a send at each of these times, and more; also which messages each role was handed. */
function routed(
  sends: readonly Us[],
  faults: readonly Fault[],
  more: readonly object[] = [],
): { readonly events: Event[]; readonly heard: Heard[] } {
  const plan = Plan.parse({
    format: PLAN_FORMAT,
    version: 'test',
    system: 'rocketmq',
    seed: 1,
    policy: 'uniform',
    cluster: {
      nameservers: ['n1'],
      brokers: ['b1', 'b2'],
      producers: ['p1'],
      topics: [{ name: 'T', queues: 2, brokers: ['b1', 'b2'] }],
      groups: [{ name: 'g', topics: ['T'], consumers: ['c1'] }],
      config: {},
    },
    workload: [...sends.map((atUs, salt) => ({ do: 'send', client: 'p1', atUs, salt, topic: 'T', bytes: 100, mode: 'sync' })), ...more],
    faults,
  })
  const events: Event[] = []
  const heard: Heard[] = []
  const listened: typeof rocketmq = {
    ...rocketmq,
    handle(node, entry, env) {
      if (entry.kind === 'message') heard.push({ by: node.role, from: entry.from, type: (entry.body as RocketmqMessage).type })
      rocketmq.handle(node, entry, env)
    },
  }
  simulate(listened, plan, (event) => events.push(event))
  return { events, heard }
}

const kill = (on: string, atUs: Us, forUs: Us): Fault => ({ kind: 'processKill', on, atUs, forUs, salt: 1 })

describe('claims', () => {
  const busy = routed([seconds(1), seconds(40), seconds(70)], [kill('b2', seconds(32), seconds(20))])

  it('C-026: no NameServer tells a client anything that it was not asked', () => {
    const told = busy.heard.filter(({ by, from }) => from === 0 && by !== 'nameserver')
    expect(new Set(told.map(({ type }) => type))).toEqual(new Set(['routeAnswer']))
    expect(told.length).toBeLessThanOrEqual(busy.heard.filter(({ type }) => type === 'getRoute').length)
  })

  it('C-044: no message passes a NameServer', () => {
    const asked = new Set(busy.heard.filter(({ by }) => by === 'nameserver').map(({ type }) => type))
    expect([...asked].sort()).toEqual(['getRoute', 'registerBroker'])
  })

  it('C-028: a silent death is never noticed within 30 s, and always within 158 s', () => {
    for (let second = 31; second <= 61; second += 5) {
      const diedAt = seconds(second)
      const { events } = routed([seconds(1)], [{ kind: 'powerLoss', on: 'b2', atUs: diedAt, forUs: seconds(300), keep: 'none', salt: 1 }])
      const noticed = events.find((event) => event.type === 'ok' && event.f === 'route' && event.p === 'p1' && event.t > diedAt)
      const afterUs = (noticed?.t ?? Infinity) - diedAt
      expect(afterUs).toBeGreaterThan(seconds(30))
      expect(afterUs).toBeLessThan(seconds(158))
    }
  })

  it('C-047: without faults the queues of a topic are used in turn, by each thread for itself', () => {
    const load = { do: 'load', client: 'p1', atUs: seconds(1), salt: 9, topic: 'T', bytes: 100, workers: 3 }
    const { events } = routed([], [], [{ ...load, durationUs: seconds(5), everyUs: seconds(5) / 50 }])
    const counts = new Map<number, Map<string, number>>()
    for (const event of events) {
      if (event.type !== 'info' || event.f !== 'attempt' || event.p !== 'p1') continue
      const own = counts.get(event.v.thread) ?? new Map<string, number>()
      counts.set(event.v.thread, own.set(event.v.queue, (own.get(event.v.queue) ?? 0) + 1))
    }
    expect(counts.size).toBe(3)
    for (const own of counts.values()) {
      expect([...own.values()].reduce((sum, count) => sum + count, 0)).toBe(50)
      expect(own.size).toBe(4)
      expect(Math.max(...own.values()) - Math.min(...own.values())).toBeLessThanOrEqual(1)
    }
  })

  it('C-030: a client that starts while no NameServer is there has no route', () => {
    const outage = [kill('n1', seconds(5), seconds(60)), kill('p1', seconds(10), seconds(1))]
    const { events } = routed([seconds(8), seconds(20)], outage)
    const ends = events.filter((event) => event.p === 'p1' && (event.type === 'ok' || event.type === 'fail') && event.f === 'send')
    expect(ends).toMatchObject([{ type: 'ok' }, { type: 'fail', v: { reason: 'NO_ROUTE' } }])
  })
})
