/** Shrinking whole plans: every candidate is a plan, and what is left is what the failure needs. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Plan, type Noise } from '../plan/plan.ts'
import { ms } from '../plan/units.ts'
import { rocketmq } from '../systems/rocketmq/system.ts'
import { withNoise } from './noise.ts'
import { planArbitrary, planOf } from './plans.ts'
import { presetOf } from './presets.ts'
import { shrinkPlan } from './shrink.ts'

const arbitrary = planArbitrary(presetOf('default'), { system: 'rocketmq', version: '0.1.0' })
const drawn = (from: number, count: number): Plan[] => Array.from({ length: count }, (_, k) => planOf(arbitrary, from + k))

/** A message is lost when power fails within 5 ms after it was sent. */
function losesOne({ workload, faults }: Plan): boolean {
  const sends = workload.filter((item) => item.do === 'send')
  return faults.some(
    (fault) => fault.kind === 'powerLoss' && sends.some((send) => fault.atUs >= send.atUs && fault.atUs - send.atUs < ms(5)),
  )
}
/** Something that needs a kill, a power loss after it, and two messages after that. */
function needsThree({ workload, faults }: Plan): boolean {
  const kill = faults.find((fault) => fault.kind === 'processKill' && fault.on === 'b1')
  const loss = faults.find((fault) => fault.kind === 'powerLoss' && kill !== undefined && fault.atUs > kill.atUs)
  return loss !== undefined && workload.filter((item) => item.atUs > loss.atUs).length >= 2
}

const firstFailing = (fails: (plan: Plan) => boolean): Plan => {
  const found = drawn(1, 3_000).find(fails)
  if (found === undefined) throw new Error('no generated plan fails')
  return found
}

describe('shrinkPlan', () => {
  it('finds the smallest story', () => {
    const { plan, tried } = shrinkPlan(firstFailing(losesOne), losesOne)
    expect(plan.workload).toMatchObject([{ do: 'send', client: 'p1', atUs: 0, bytes: 100, mode: 'sync' }])
    expect(plan.faults).toMatchObject([{ kind: 'powerLoss', atUs: 0, keep: 'none', forUs: ms(1) }])
    expect(plan.cluster).toMatchObject({ producers: ['p1'], groups: [], topics: [{ queues: 1 }] })
    expect(Object.keys(plan.cluster.config).sort((x, y) => (x < y ? -1 : 1))).toEqual(['flushDiskType', 'preset'])
    expect([plan.policy, plan.seed, plan.noise]).toEqual(['calm', 0, undefined])
    expect(tried).toBeLessThan(200)
  })

  it('keeps what several faults do together', () => {
    const { plan } = shrinkPlan(firstFailing(needsThree), needsThree)
    expect(plan.workload.length + plan.faults.length).toBe(4)
  })

  it('leaves as many brokers and NameServers as the failure needs', () => {
    const several = planArbitrary(presetOf('cluster'), { system: 'rocketmq', version: '0.1.0' })
    for (let seed = 1; seed <= 12; seed++) {
      const first = planOf(several, seed)
      const [one, two] = [shrinkPlan(first, () => true).plan, shrinkPlan(first, ({ cluster }) => cluster.brokers.length > 1).plan]
      expect(one.cluster).toMatchObject({ nameservers: ['n1'], brokers: ['b1'], topics: [{ queues: 1 }] })
      expect(one.cluster.topics[0]?.brokers).toBeUndefined()
      expect(two.cluster).toMatchObject({ nameservers: ['n1'], brokers: ['b1', 'b2'] })
      expect(two.cluster.topics.map(({ brokers }) => brokers?.length)).toEqual([1])
    }
  })

  it('offers only valid plans, never one twice, and keeps the failure', () => {
    const several = planArbitrary(presetOf('cluster'), { system: 'rocketmq', version: '0.1.0' })
    for (const first of [...drawn(5_000, 12), ...Array.from({ length: 6 }, (_, k) => planOf(several, k))]) {
      const fails = (plan: Plan): boolean => plan.workload.length >= Math.min(2, first.workload.length)
      const offered: string[] = []
      const { plan } = shrinkPlan(first, (candidate) => {
        expect(Plan.parse(candidate)).toEqual(candidate)
        expect(rocketmq.refuses(candidate, rocketmq.config.parse(candidate.cluster.config))).toBeNull()
        offered.push(JSON.stringify(candidate))
        return fails(candidate)
      })
      expect(fails(plan)).toBe(true)
      expect(new Set(offered).size).toBe(offered.length)
    }
  })

  it('stops when its budget is used up', () => {
    let runs = 0
    const { tried } = shrinkPlan(firstFailing(losesOne), (plan) => (runs++, losesOne(plan)), 7)
    expect([runs, tried]).toEqual([7, 7])
  })

  it('drops what the old plan was expected to do', () => {
    const first = { ...firstFailing(losesOne), expect: { guarantee: 'DUR-1', traceHash: 'x' } }
    expect(shrinkPlan(first, losesOne).plan.expect).toBeUndefined()
  })
})

describe('noise', () => {
  const noise: Noise[] = Array.from({ length: 12 }, (_, k) => ({ label: 'latency', key: k, nth: 0, value: 90 }))

  it('shrinks like anything else', () => {
    const fails = (plan: Plan): boolean => plan.noise?.some((one) => one.key === 5 && one.value >= 4) ?? false
    const { plan } = shrinkPlan(withNoise(planOf(arbitrary, 3), noise), fails)
    expect(plan.noise).toEqual([{ label: 'latency', key: 5, nth: 0, value: 4 }])
    expect([plan.workload, plan.faults]).toEqual([[], []])
  })
})

describe('under fast-check', () => {
  it('plans shrink as far as with our own driver, and the path replays', () => {
    const property = fc.property(arbitrary, (plan) => !losesOne(plan))
    const found = fc.check(property, { seed: 11, numRuns: 5_000 })
    expect(found.failed).toBe(true)
    const [plan] = found.counterexample ?? []
    expect([plan?.workload.length, plan?.faults.length]).toEqual([1, 1])
    const again = fc.check(property, { seed: 11, path: found.counterexamplePath ?? '' })
    expect(again.counterexample).toEqual(found.counterexample)
  })

  it('plans from a file shrink too', () => {
    const found = fc.check(
      fc.property(arbitrary, (plan) => !losesOne(plan)),
      { examples: [[firstFailing(losesOne)]], numRuns: 1 },
    )
    expect(found.counterexample?.[0]?.faults.length).toBe(1)
  })
})
