/**
 * Shrinks a failing plan to a story: fewer faults, then fewer operations, fewer actors, less time, plainer values, the default
 * configuration, no luck. Every fault is total, so any part of a plan is a plan.
 */
import type { Fault } from '../plan/faults.ts'
import type { Item, Plan } from '../plan/plan.ts'
import { calmed, shrinkNoise } from './noise.ts'
import { fitted, shrinkActors } from './shrink-actors.ts'
import { shrinkTimes } from './shrink-times.ts'
import { eachOf, plainerConfig, plainerFault, plainerItem } from './shrink-values.ts'
import { ddmin, distinct, firstOf, within, type Shrinking } from './shrinking.ts'

type Element = { readonly item: Item } | { readonly fault: Fault }

const withElements = (plan: Plan, elements: readonly Element[]): Plan =>
  fitted({
    ...plan,
    workload: elements.flatMap((one) => ('item' in one ? [one.item] : [])),
    faults: elements.flatMap((one) => ('fault' in one ? [one.fault] : [])),
  })

/** One list of what may be deleted: the faults are its end, which is tried first. */
function* shrinkElements(plan: Plan): Shrinking<Plan> {
  const withoutFaults = yield* firstOf(plan, plan.faults.length === 0 ? [] : [{ ...plan, faults: [] }])
  const elements: Element[] = [...withoutFaults.workload.map((item) => ({ item })), ...withoutFaults.faults.map((fault) => ({ fault }))]
  return yield* within(withoutFaults, ddmin(elements), (kept) => withElements(plan, kept))
}

const PAIRS_AT_MOST = 9

/** Two at once, where neither can go alone: a fault and the operation that it lets succeed. */
function* shrinkPairs(plan: Plan): Shrinking<Plan> {
  const elements: Element[] = [...plan.workload.map((item) => ({ item })), ...plan.faults.map((fault) => ({ fault }))]
  if (elements.length > PAIRS_AT_MOST) return plan
  const candidates = elements.flatMap((x, i) =>
    elements.slice(i + 1).map((y) =>
      withElements(
        plan,
        elements.filter((one) => one !== x && one !== y),
      ),
    ),
  )
  return yield* firstOf(plan, candidates)
}
function* shrinkLuck(plan: Plan): Shrinking<Plan> {
  if (plan.noise !== undefined || (plan.policy === 'calm' && plan.seed === 0)) return plan
  const seeds = plan.policy === 'calm' || plan.seed <= 2 ? [] : [0, 1, 2].map((seed) => ({ ...plan, seed }))
  return yield* firstOf(plan, [calmed(plan), ...seeds])
}

function* shrinkValues(plan: Plan): Shrinking<Plan> {
  const faults = yield* within(plan, eachOf(plan.faults, plainerFault), (made) => ({ ...plan, faults: [...made] }))
  return yield* within(faults, eachOf(faults.workload, plainerItem), (made) => ({ ...faults, workload: [...made] }))
}

function* shrinkConfig(plan: Plan): Shrinking<Plan> {
  const one = eachOf([plan.cluster.config], plainerConfig)
  return yield* within(plan, one, ([config]) => ({ ...plan, cluster: { ...plan.cluster, config: config ?? {} } }))
}

const PASSES: readonly ((plan: Plan) => Shrinking<Plan>)[] = [
  shrinkLuck,
  shrinkElements,
  shrinkActors,
  shrinkTimes,
  shrinkValues,
  shrinkConfig,
  shrinkNoise,
  shrinkPairs,
]

function* toFixpoint(plan: Plan): Shrinking<Plan> {
  let best = plan
  for (;;) {
    const before = best
    for (const pass of PASSES) best = yield* pass(best)
    if (best === before) return best
  }
}

/** The conversation of shrinking one plan. What a plan expects does not outlive a change to it. */
export function shrinking(plan: Plan): Shrinking<Plan> {
  const bare: Plan = { ...plan }
  delete bare.expect
  return distinct<Plan>(bare, toFixpoint(bare))
}

export interface Shrunk {
  readonly plan: Plan
  readonly tried: number
}

/** Drives a shrinker to its end, or until so many candidates were tried. */
export function shrinkPlan(plan: Plan, stillFails: (plan: Plan) => boolean, triesMax = 5_000): Shrunk {
  const shrinker = shrinking(plan)
  let best = plan
  let tried = 0
  let step = shrinker.next()
  while (step.done !== true && tried < triesMax) {
    tried++
    const fails = stillFails(step.value)
    if (fails) best = step.value
    step = shrinker.next(fails)
  }
  return { plan: best, tried }
}
