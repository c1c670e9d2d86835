/** Generated plans: valid, repeatable, and of the shapes that find bugs. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faultEnd, type Fault } from '../plan/faults.ts'
import { databaseOf } from '../plan/script.ts'
import { isOfConsumer, Plan } from '../plan/plan.ts'
import { ms, seconds } from '../plan/units.ts'
import { planArbitrary, planOf } from './plans.ts'
import { narrow } from './narrow.ts'
import { presetOf, presets } from './presets.ts'
import { runSeed } from './seeds.ts'
import { rocketmq } from '../systems/rocketmq/system.ts'

const options = { system: 'rocketmq', version: '0.1.0' }
const draw = (preset: string, runs: number): Plan[] => {
  const arbitrary = planArbitrary(presetOf(preset), options)
  return Array.from({ length: runs }, (_, run) => planOf(arbitrary, runSeed('shapes', run + 1)))
}

describe.each(presets.map((preset) => preset.name))('preset %s', (name) => {
  it('gives valid plans in order of time, about nodes that exist, which nobody refuses', () => {
    fc.assert(
      fc.property(planArbitrary(presetOf(name), options), (plan) => {
        expect(Plan.parse(plan)).toEqual(plan)
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
        const { cluster } = plan
        expect(rocketmq.refuses(plan, rocketmq.config.parse(cluster.config))).toBeNull()
        const clients = [...cluster.producers, ...cluster.groups.flatMap((group) => group.consumers)]
        const databases = cluster.groups.flatMap((group) => (group.receiver === undefined ? [] : [databaseOf(group.name)]))
        const slaves = (cluster.slaves ?? []).map((slave) => slave.name)
        const { controllers = [] } = cluster
        const nodes = new Set(['*', ...controllers, ...cluster.nameservers, ...cluster.brokers, ...slaves, ...clients, ...databases])
        for (const fault of plan.faults) expect(nodes.has(fault.on) && nodes.has('peer' in fault ? fault.peer : '*')).toBe(true)
        for (const item of plan.workload) expect(isOfConsumer(item) ? clients : cluster.producers).toContain(item.client)
        for (const timed of [plan.workload, plan.faults])
          expect(timed.every((one, k) => k === 0 || (timed[k - 1]?.atUs ?? 0) <= one.atUs)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})

describe('run seeds', () => {
  it('are the same for the same campaign and run, and different otherwise', () => {
    expect(runSeed('7', 431)).toBe(runSeed('7', 431))
    const seeds = new Set(Array.from({ length: 1_000 }, (_, run) => runSeed('7', run)))
    expect(seeds.size).toBe(1_000)
    expect(runSeed('8', 431)).not.toBe(runSeed('7', 431))
  })

  it('make plans that can be drawn again alone', () => {
    const arbitrary = planArbitrary(presetOf('default'), options)
    expect(planOf(arbitrary, runSeed('7', 3))).toEqual(planOf(arbitrary, runSeed('7', 3)))
  })
})

const share = (plans: readonly Plan[], test: (plan: Plan) => boolean): number => plans.filter(test).length / plans.length
const isCrash = (fault: Fault): boolean => fault.kind === 'processKill' || fault.kind === 'powerLoss'
const closeTo = (fault: Fault, plan: Plan, us: number): boolean => plan.workload.some((item) => Math.abs(fault.atUs - item.atUs) <= us)

describe('the default preset', () => {
  const plans = draw('default', 3_000)

  it('has runs without faults', () => {
    const faultless = share(plans, (plan) => plan.faults.length === 0)
    expect(faultless).toBeGreaterThan(0.07)
    expect(faultless).toBeLessThan(0.25)
  })

  it('strikes while operations are in flight', () => {
    expect(share(plans, (plan) => plan.faults.some((fault) => isCrash(fault) && closeTo(fault, plan, ms(20))))).toBeGreaterThan(0.2)
  })

  it('loses power seconds after a message', () => {
    const late = (plan: Plan): boolean =>
      plan.faults.some(
        (fault) =>
          fault.kind === 'powerLoss' &&
          plan.workload.some((item) => fault.atUs - item.atUs > seconds(1) && fault.atUs - item.atUs < seconds(10)),
      )
    expect(share(plans, late)).toBeGreaterThan(0.2)
  })

  it('loses power after a kill of the same broker', () => {
    const both = (plan: Plan): boolean =>
      plan.faults.some(
        (kill) =>
          kill.kind === 'processKill' &&
          plan.faults.some((loss) => loss.kind === 'powerLoss' && loss.on === kill.on && loss.atUs >= kill.atUs),
      )
    expect(share(plans, both)).toBeGreaterThan(0.08)
  })

  it('goes on sending once faults are over', () => {
    const after = (plan: Plan): boolean =>
      plan.faults.length > 0 && plan.workload.some((item) => plan.faults.every((fault) => item.atUs > faultEnd(fault)))
    expect(share(plans, after)).toBeGreaterThan(0.3)
  })

  it('rolls segments, fails listeners, runs transactions, and has every kind of fault', () => {
    expect(share(plans, (plan) => plan.cluster.config['parameters'] !== undefined)).toBeGreaterThan(0.15)
    expect(share(plans, (plan) => plan.workload.some((item) => 'fails' in item))).toBeGreaterThan(0.1)
    expect(share(plans, (plan) => plan.workload.some((item) => item.do === 'transaction'))).toBeGreaterThan(0.2)
    expect(new Set(plans.flatMap((plan) => plan.faults.map((fault) => fault.kind))).size).toBe(19)
  })
})

describe('plans for RocketMQ', () => {
  it('are never refused by its model', () => {
    for (const { name } of presets) {
      for (const plan of draw(name, 200)) expect(rocketmq.refuses(plan, rocketmq.config.parse(plan.cluster.config))).toBeNull()
    }
  })
})

describe('narrowing', () => {
  it('leaves one configuration and the named kinds', () => {
    const config = { flushDiskType: 'ASYNC_FLUSH', preset: 'hardened' }
    const arbitrary = planArbitrary(narrow(presetOf('default'), { config, kinds: ['powerLoss'] }), options)
    const plans = Array.from({ length: 200 }, (_, run) => planOf(arbitrary, run))
    expect(new Set(plans.flatMap((plan) => plan.faults.map((fault) => fault.kind)))).toEqual(new Set(['powerLoss']))
    for (const plan of plans) expect(plan.cluster.config).toEqual(config)
  })

  it('to no kinds leaves no faults', () => {
    const arbitrary = planArbitrary(narrow(presetOf('many-faults'), { kinds: [] }), options)
    expect(Array.from({ length: 50 }, (_, run) => planOf(arbitrary, run).faults.length)).toEqual(Array.from({ length: 50 }, () => 0))
  })
})
