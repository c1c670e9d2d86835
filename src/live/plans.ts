/** Which plans a live target is given: short rounds, drawn like any others, that ask for nothing but what the target can do. */
import { Cluster, type Plan } from '../plan/plan.ts'
import { parseWith } from '../plan/input-error.ts'
import type { FaultKind } from '../plan/faults.ts'
import { liveArbitrary, type LiveLimits } from '../generate/live.ts'
import { planOf } from '../generate/plans.ts'
import { runSeed } from '../generate/seeds.ts'
import { CLIENT_FAULTS } from './runner/executor.ts'
import type { Target } from './target.ts'

export interface LivePlanOptions {
  readonly seed: string
  /** The mqproof that draws them. */
  readonly version: string
  /** The kinds of faults that are wanted; those that the target can't do are left out. All, when absent. */
  readonly faults?: ReadonlySet<FaultKind> | undefined
}

/** What must hold on a good day is seen on good days only: the first round is one, and every fifth from there. */
const isQuiet = (round: number): boolean => round % 5 === 1

/** The plan of each round, from 1. */
export function livePlans({ hello, faults }: Target, { seed, version, faults: wanted }: LivePlanOptions): (round: number) => Plan {
  const asked = (kinds: Iterable<FaultKind>): FaultKind[] => [...kinds].filter((kind) => wanted === undefined || wanted.has(kind))
  const limits: LiveLimits = {
    brokers: hello.brokers,
    config: parseWith(Cluster.shape.config, hello.config, `the configuration of ${hello.system}`),
    modes: hello.capabilities.modes,
    transactions: hello.capabilities.transactions,
    delayLevels: hello.capabilities.delayLevels ?? [],
    timers: hello.capabilities.timers ?? false,
    orderly: hello.capabilities.locks ?? false,
    tags: hello.capabilities.tags ?? false,
    selectors: hello.capabilities.selectors ?? false,
    queuesMax: hello.capabilities.queuesMax,
    bytesMax: hello.capabilities.bytesMax,
    brokerFaults: asked(faults.kinds),
    clientFaults: asked(CLIENT_FAULTS),
  }
  const options = { system: hello.system, version }
  const struck = liveArbitrary(limits, options)
  const quiet = liveArbitrary({ ...limits, brokerFaults: [], clientFaults: [] }, options)
  return (round) => planOf(isQuiet(round) ? quiet : struck, runSeed(seed, round))
}
