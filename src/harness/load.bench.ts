/** The plans that speed is measured on. They are written out here, so that a number means the same thing next year. */
import { planOf, planArbitrary } from '../generate/plans.ts'
import { usual, type Preset } from '../generate/shapes.ts'
import type { Fault } from '../plan/faults.ts'
import { Plan, PLAN_FORMAT, type Item } from '../plan/plan.ts'
import { ms, seconds } from '../plan/units.ts'
import { VERSION } from '../version.ts'

const PRODUCERS = ['p1', 'p2', 'p3', 'p4']
export const SYNC = { flushDiskType: 'SYNC_FLUSH', preset: 'hardened' }
export const ASYNC = { flushDiskType: 'ASYNC_FLUSH', preset: 'rocketmq-5.5' }

/** Four fifths of a producer's messages come evenly, from workers that each wait for their answer; the rest in one burst a second. */
function loadOf(client: string, index: number, perSecond: number, durationUs: number): Item[] {
  const evenly = Math.round(perSecond * 0.8)
  const workers = Math.max(1, Math.round(evenly / 50))
  const item = { do: 'load' as const, client, topic: 'T', bytes: 512 }
  const base = { ...item, atUs: seconds(1), salt: 100 + index, workers, durationUs, everyUs: Math.round((workers * 1_000_000) / evenly) }
  const bursts = Array.from({ length: Math.floor(durationUs / seconds(1)) }, (_, k) => ({
    ...item,
    atUs: seconds(1 + k) + ms(100 * index),
    salt: 1000 * (index + 1) + k,
    workers: Math.max(1, Math.round(perSecond - evenly)),
    durationUs: ms(10),
    everyUs: ms(10),
  }))
  return [base, ...bursts]
}

/** A fault of another kind every four seconds. */
function faultsUntil(endUs: number): Fault[] {
  const kinds: readonly ((atUs: number, salt: number) => Fault)[] = [
    (atUs, salt) => ({ kind: 'processKill', on: 'b1', atUs, salt, forUs: seconds(1) }),
    (atUs, salt) => ({ kind: 'netLoss', on: 'p1', peer: 'b1', atUs, salt, forUs: seconds(1), permille: 300 }),
    (atUs, salt) => ({ kind: 'powerLoss', on: 'b1', atUs, salt, forUs: seconds(1), keep: 'torn' }),
    (atUs, salt) => ({ kind: 'processKill', on: 'c1', atUs, salt, forUs: seconds(1) }),
    (atUs, salt) => ({ kind: 'netDelay', on: 'b1', peer: '*', atUs, salt, forUs: seconds(1), permille: 200 }),
    (atUs, salt) => ({ kind: 'pause', on: 'b1', atUs, salt, forUs: ms(500) }),
  ]
  const times = Array.from({ length: Math.floor(endUs / seconds(4)) }, (_, k) => seconds(3) + k * seconds(4))
  return times.flatMap((atUs, k) => kinds[k % kinds.length]?.(atUs, 7 + k) ?? [])
}

type Size = Pick<Plan['cluster'], 'brokers' | 'topics' | 'groups'>

export interface Load {
  readonly perSecond: number
  readonly durationUs: number
  readonly config: Plan['cluster']['config']
  readonly faults: boolean
  readonly cluster?: Size
}

const ONE_BROKER: Size = {
  brokers: ['b1'],
  topics: [{ name: 'T', queues: 8 }],
  groups: [
    { name: 'g', topics: ['T'], consumers: ['c1', 'c2'] },
    { name: 'h', topics: ['T'], consumers: ['d1', 'd2'] },
  ],
}

const BROKERS = ['b1', 'b2', 'b3']
/** Three brokers with eight queues each, and two groups of six consumers. */
export const LARGE: Size = {
  brokers: BROKERS,
  topics: [{ name: 'T', queues: 8, brokers: BROKERS }],
  groups: ['g', 'h'].map((name) => ({ name, topics: ['T'], consumers: Array.from({ length: 6 }, (_, k) => `${name}-${k + 1}`) })),
}

/** Eight queues, two groups of two consumers, four producers, unless the cluster is another. */
export const loadPlan = ({ perSecond, durationUs, config, faults, cluster = ONE_BROKER }: Load): Plan =>
  Plan.parse({
    format: PLAN_FORMAT,
    version: VERSION,
    system: 'rocketmq',
    seed: 1,
    policy: 'uniform',
    cluster: { nameservers: ['n1'], producers: PRODUCERS, config, ...cluster },
    workload: PRODUCERS.flatMap((client, index) => loadOf(client, index, perSecond / PRODUCERS.length, durationUs)),
    faults: faults ? faultsUntil(durationUs) : [],
  })

const short: Preset = {
  name: 'short',
  title: 'twenty operations and three faults',
  shapes: [[1, { ...usual, operations: [[1, [20, 20]]], faultlessPermille: 0, bursts: [[1, 0]], strays: [[1, 3]] }]],
}
const shortPlans = planArbitrary(short, { system: 'rocketmq', version: VERSION })
export const shortPlan = (seed: number): Plan => planOf(shortPlans, seed)
