/** Claims on roles and how they come up, that one run settles. `spec/coverage.json` points here. */
import { describe, expect, it } from 'vitest'
import type { Event } from '../src/history/event.ts'
import { Plan, PLAN_FORMAT } from '../src/plan/plan.ts'
import { ms, seconds } from '../src/plan/units.ts'
import { simulate } from '../src/sim/run.ts'
import { rocketmq } from '../src/systems/rocketmq/system.ts'

const send = (atUs: number, topic: string): object => ({ do: 'send', client: 'p1', atUs, salt: atUs, topic, bytes: 100, mode: 'sync' })

function run(workload: readonly object[], faults: readonly object[] = []): Event[] {
  const topics = [{ name: 'T', queues: 1 }]
  const groups = [{ name: 'g', topics: ['T'], consumers: ['c1'] }]
  const cluster = { nameservers: ['n1'], brokers: ['b1'], producers: ['p1'], topics, groups, config: {} }
  const rest = { format: PLAN_FORMAT, version: 'test', system: 'rocketmq', seed: 1, policy: 'calm' }
  const events: Event[] = []
  simulate(rocketmq, Plan.parse({ ...rest, cluster, workload, faults }), (event) => events.push(event))
  return events
}

/** How the sends ended, in the order in which they were begun. */
const endings = (events: readonly Event[]): unknown[] =>
  events
    .flatMap((event) => (event.type === 'invoke' && event.f === 'send' && event.t < seconds(60) ? [event.op] : []))
    .map((op) => {
      const end = events.find((event) => 'op' in event && event.op === op && event.f === 'send' && event.type !== 'invoke')
      return end?.type === 'fail' && end.f === 'send' ? end.v.reason : end?.type
    })

describe('roles', () => {
  it('C-005: every event happens at a process of one of the roles', () => {
    const events = run([send(ms(1000), 'T')])
    expect(new Set(events.map(({ p }) => p))).toEqual(new Set(['n1', 'b1', 'p1', 'c1', 'auditor', 'sentinel', 'plan']))
  })

  it('C-009: no send succeeds before its client has found a NameServer', () => {
    const outage = { kind: 'processKill', on: 'n1', atUs: ms(10), forUs: seconds(20), salt: 1 }
    const reborn = { kind: 'processKill', on: 'p1', atUs: ms(20), forUs: ms(100), salt: 2 }
    const events = run([send(seconds(2), 'T'), send(seconds(59), 'T')], [outage, reborn])
    expect(endings(events)).toEqual(['NO_ROUTE', 'ok'])
    const routed = events.findIndex((event) => event.type === 'ok' && event.f === 'route' && event.p === 'p1' && event.t > ms(20))
    expect(events[routed]?.t).toBeGreaterThan(seconds(20))
  })

  it('C-010: a send to a topic that nobody has created fails', () => {
    const create = { do: 'createTopic', client: 'p1', atUs: seconds(10), salt: 3, topic: 'U', queues: 1 }
    expect(endings(run([send(seconds(2), 'U'), create, send(seconds(59), 'U')]))).toEqual(['NO_ROUTE', 'ok'])
  })
})
