/** Short plans for rounds on a fake target: one topic of two queues, one producer, a group of two. */
import type { Fault } from '../../plan/faults.ts'
import { PLAN_FORMAT, type Cluster, type Item, type Plan } from '../../plan/plan.ts'
import { ms } from '../../plan/units.ts'

const CLUSTER: Cluster = {
  nameservers: ['n1'],
  brokers: ['b1'],
  producers: ['p1'],
  topics: [{ name: 'T', queues: 2 }],
  groups: [{ name: 'g', topics: ['T'], consumers: ['c1', 'c2'] }],
  config: {},
}

export interface Parts {
  readonly cluster?: Partial<Cluster>
  readonly workload?: Item[]
  readonly faults?: Fault[]
}

export const livePlan = ({ cluster = {}, workload = [load(200)], faults = [] }: Parts = {}): Plan => ({
  format: PLAN_FORMAT,
  version: '0',
  system: 'fake',
  seed: 0,
  policy: 'calm',
  cluster: { ...CLUSTER, ...cluster },
  workload,
  faults,
})

/** So many messages in 300 ms, by four workers. */
export const load = (messages: number, atMs = 0): Item => ({
  do: 'load',
  client: 'p1',
  atUs: ms(atMs),
  salt: atMs,
  topic: 'T',
  bytes: 100,
  workers: 4,
  durationUs: ms(300),
  everyUs: Math.floor((4 * ms(300)) / messages),
})

export const send = (atMs: number, more: Partial<Extract<Item, { do: 'send' }>> = {}): Item => ({
  do: 'send',
  client: 'p1',
  atUs: ms(atMs),
  salt: atMs,
  topic: 'T',
  bytes: 50,
  mode: 'sync',
  ...more,
})

export const churn = (act: 'start' | 'stop', client: string, atMs: number): Item => ({ do: act, client, atUs: ms(atMs), salt: atMs })

export const transaction = (atMs: number, outcome: 'commit' | 'rollback' | 'unknown', answer: 'commit' | 'rollback'): Item => ({
  do: 'transaction',
  client: 'p1',
  atUs: ms(atMs),
  salt: atMs,
  topic: 'T',
  bytes: 50,
  outcome,
  answer,
})

export const fault = (kind: 'processKill' | 'gracefulRestart' | 'pause', on: string, atMs: number, forMs: number): Fault => ({
  kind,
  on,
  atUs: ms(atMs),
  salt: atMs,
  forUs: ms(forMs),
})
