/** What the rows of the control table are made of: plans with one topic and one group, loads, strikes, and configurations. */
import type { Fault, FaultKind } from '../../../plan/faults.ts'
import { PLAN_FORMAT, type Group, type Item, type Plan } from '../../../plan/plan.ts'
import { ms, seconds, type Us } from '../../../plan/units.ts'
import { VERSION } from '../../../version.ts'
import { BROKER, contractConfig, RocketmqLiveConfig } from '../config.ts'

export type ConfigInput = Parameters<typeof RocketmqLiveConfig.parse>[0]

export const GROUP: Group = { name: 'g', topics: ['T'], consumers: ['c1'] }

/** A plan with one topic, one group, and a salt for each round. */
export function planOf(
  config: ConfigInput,
  queues: number,
  workload: readonly Item[],
  faults: readonly Fault[],
  group: Group = GROUP,
): (round: number) => Plan {
  const parsed = RocketmqLiveConfig.parse(config)
  return (round) => ({
    format: PLAN_FORMAT,
    version: VERSION,
    system: 'rocketmq',
    seed: round,
    policy: 'calm',
    cluster: {
      nameservers: ['n1'],
      brokers: [BROKER],
      producers: ['p1', 'p2'],
      topics: [{ name: 'T', queues }],
      groups: [group],
      config: contractConfig(parsed),
    },
    workload: workload.map((item, k) => ({ ...item, salt: round * 10_000 + k })),
    faults: faults.map((fault, k) => ({ ...fault, salt: round * 10_000 + 5000 + k })),
  })
}

export const load = (atUs: Us, durationUs: Us, workers: number, everyUs: Us): Item & { do: 'load' } => ({
  do: 'load',
  client: 'p1',
  atUs,
  salt: 0,
  topic: 'T',
  bytes: 100,
  workers,
  durationUs,
  everyUs,
})
/** Its listener fails so often before it succeeds. */
export const send = (atUs: Us, fails = 0): Item & { do: 'send' } => ({
  do: 'send',
  client: 'p2',
  atUs,
  salt: 0,
  topic: 'T',
  bytes: 100,
  mode: 'sync',
  fails,
})

type Strike = Extract<FaultKind, 'processKill' | 'gracefulRestart' | 'pause' | 'forceFails' | 'diskStall'>
export const strike = (kind: Strike, atUs: Us, forUs: Us, on = BROKER): Fault => ({ kind, on, atUs, salt: 0, forUs })
export const powerLoss = (atUs: Us): Fault => ({ kind: 'powerLoss', on: BROKER, atUs, salt: 0, forUs: ms(500), keep: 'none' })

/** 32 senders for three seconds, as on the sheet, each with a pause that a shared machine can keep up with. */
export const LOAD = load(ms(500), seconds(3), 32, ms(5))
export const BUSY = ms(3300)
/** Twenty messages: fewer than four dirty pages (RMQ-038). */
export const TWENTY = load(ms(500), ms(200), 1, ms(10))

export const ASYNC: ConfigInput = { flushDiskType: 'ASYNC_FLUSH' }
export const SYNC: ConfigInput = { flushDiskType: 'SYNC_FLUSH', syncFlushTimeoutMs: 2000 }
/**
 * Progress is on disk a second after it was told, and the twenty messages are not. A broker begins to write progress when it is ten seconds
 * old, whatever its interval.
 */
export const GHOSTS: ConfigInput = { flushDiskType: 'ASYNC_FLUSH', flushThoroughMs: 60_000, offsetFlushMs: 1000 }
/** The end of a transaction is written in a batch three seconds later (as shipped), and checks come before that. */
export const LATE_ENDS: ConfigInput = { transactions: { timeoutMs: 1000, checkIntervalMs: 2000, opBatchIntervalMs: 3000 } }

/** Checks come long after a commit has been written down, also on a slow machine: they are for those that died with their half open. */
export const EARLY = { timeoutMs: 3000, checkIntervalMs: 1000, opBatchIntervalMs: 50 }
export const EARLY_ENDS: ConfigInput = { transactions: EARLY }

export const transaction = (k: number, outcome: 'commit' | 'rollback' | 'unknown', answer: 'commit' | 'rollback', everyUs: Us): Item => ({
  do: 'transaction',
  client: 'p1',
  atUs: ms(500) + k * everyUs,
  salt: 0,
  topic: 'T',
  bytes: 100,
  outcome,
  answer,
})

export const range = (count: number): number[] => Array.from({ length: count }, (_, k) => k)
