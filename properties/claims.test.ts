/** Claims on storage and flush that a number or one run settles. `spec/coverage.json` points here. */
import { describe, expect, it } from 'vitest'
import type { Event } from '../src/history/event.ts'
import { Plan, PLAN_FORMAT } from '../src/plan/plan.ts'
import { ms } from '../src/plan/units.ts'
import { simulate } from '../src/sim/run.ts'
import { segmentName } from '../src/systems/rocketmq/broker/log.ts'
import { QUEUE_ENTRY_BYTES } from '../src/systems/rocketmq/broker/record.ts'
import { Config } from '../src/systems/rocketmq/config.ts'
import { DEFAULTS } from '../src/systems/rocketmq/parameters.ts'
import { rocketmq } from '../src/systems/rocketmq/system.ts'

/** Twenty sends, a millisecond apart, and what was recorded. */
function twentySends(config: object, faults: readonly object[] = []): Event[] {
  const plan = Plan.parse({
    format: PLAN_FORMAT,
    version: 'test',
    system: 'rocketmq',
    seed: 1,
    policy: 'uniform',
    cluster: {
      nameservers: ['n1'],
      brokers: ['b1'],
      producers: ['p1'],
      topics: [{ name: 'T', queues: 1 }],
      groups: [{ name: 'g', topics: ['T'], consumers: ['c1'] }],
      config,
    },
    workload: Array.from({ length: 20 }, (_, k) => ({
      do: 'send',
      client: 'p1',
      atUs: ms(1000 + k),
      salt: k,
      topic: 'T',
      bytes: 300,
      mode: 'sync',
    })),
    faults,
  })
  const events: Event[] = []
  simulate(rocketmq, plan, (event) => events.push(event))
  return events
}

describe('numbers', () => {
  it('C-064: a log file has 1 GiB and is named by its start in 20 digits', () => {
    expect(DEFAULTS.segmentBytes).toBe(1_073_741_824)
    expect(segmentName(DEFAULTS.segmentBytes)).toMatch(/\/00000000001073741824$/)
  })

  it('C-065: a consume queue entry has 20 bytes', () => {
    expect(QUEUE_ENTRY_BYTES).toBe(20)
  })

  it('C-079: the dispatcher turns within a millisecond', () => {
    expect(DEFAULTS.dispatchIntervalUs).toBe(ms(1))
    const events = twentySends({})
    const dispatched = new Map(events.flatMap((event) => (event.type === 'white' && event.f === 'dispatch' ? [[event.v.at, event.t]] : [])))
    const appends = events.flatMap((event) => (event.type === 'white' && event.f === 'append' ? [event] : []))
    expect(appends.length).toBeGreaterThanOrEqual(20)
    for (const { t, v } of appends) expect((dispatched.get(v.at) ?? Infinity) - t).toBeLessThanOrEqual(ms(1))
  })

  it('C-083: ASYNC_FLUSH is the default', () => {
    expect(Config.parse({}).flushDiskType).toBe('ASYNC_FLUSH')
  })
})

describe('runs', () => {
  it('C-064: no record spans two files', () => {
    const segmentBytes = 2048
    const events = twentySends({ parameters: { segmentBytes } })
    const appends = events.flatMap((event) => (event.type === 'white' && event.f === 'append' ? [event.v] : []))
    const fileOf = (position: number): number => Math.floor(position / segmentBytes)
    for (const { at, size } of appends) expect(fileOf(at + size - 1)).toBe(fileOf(at))
    expect(fileOf(appends[appends.length - 1]?.at ?? 0)).toBeGreaterThan(2)
  })

  it('C-068: a message is stored before it is visible', () => {
    for (const flushDiskType of ['SYNC_FLUSH', 'ASYNC_FLUSH']) {
      const events = twentySends({ flushDiskType })
      const dispatched = new Set<number>()
      const appended = new Map<number, number>()
      let delivered = 0
      for (const event of events) {
        if (event.type === 'white' && event.f === 'append') appended.set(event.v.offset, event.v.at)
        if (event.type === 'white' && event.f === 'dispatch') {
          expect([...appended.values()]).toContain(event.v.at)
          dispatched.add(event.v.offset)
        }
        if (event.type !== 'invoke' || event.f !== 'consume') continue
        expect(dispatched).toContain(event.v.offset)
        delivered++
      }
      expect(delivered).toBeGreaterThanOrEqual(20)
    }
  })

  it('C-089: a full disk refuses sends, and never answers SEND_OK', () => {
    const events = twentySends({}, [{ kind: 'diskFull', on: 'b1', atUs: ms(1005), forUs: ms(5000), salt: 7 }])
    const full = events.findIndex((event) => event.type === 'fault' && event.kind === 'diskFull' && event.effective)
    expect(full).toBeGreaterThan(0)
    const during = events.slice(full).filter((event) => event.t < ms(6005))
    expect(during.filter((event) => event.type === 'white' && event.f === 'append')).toEqual([])
    expect(during.filter((event) => event.type === 'fail' && event.f === 'send').length).toBeGreaterThan(0)
  })
})
