/** Plans as a fast-check arbitrary: drawn from a preset, in absolute times, and shrunk by deleting before simplifying. */
import fc from 'fast-check'
import { faultEnd } from '../plan/faults.ts'
import { Plan, PLAN_FORMAT, type Cluster } from '../plan/plan.ts'
import { Draw } from './draw.ts'
import { drawCluster } from './draw-cluster.ts'
import { drawFaults } from './draw-faults.ts'
import { drawChurn } from './draw-churn.ts'
import { drawSteering } from './draw-steering.ts'
import { drawResizes } from './draw-resizes.ts'
import { drawAftermath, drawWorkload } from './draw-workload.ts'
import { drawHabits } from './draw-habits.ts'
import type { Preset, Shape } from './shapes.ts'
import { shrinking } from './shrink.ts'

export interface PlanOptions {
  readonly system: string
  /** The mqproof that draws it. */
  readonly version: string
  readonly mutant?: string | undefined
  /** Takes the place of the preset's clusters. */
  readonly cluster?: Cluster | undefined
}

const AFTERMATH_PERMILLE = 400

const inTime = <T extends { readonly atUs: number }>(items: readonly T[]): T[] => [...items].sort((x, y) => x.atUs - y.atUs)

function drawPlan(draw: Draw, shape: Shape, options: PlanOptions): Plan {
  const cluster = options.cluster ?? drawCluster(draw, shape)
  const habits = drawHabits(draw, shape, cluster)
  const workload = [...drawWorkload(draw, habits), ...drawResizes(draw, habits)]
  const faults = drawFaults(draw, shape, cluster, workload)
  const overUs = faults.reduce((latest, fault) => Math.max(latest, faultEnd(fault)), 0)
  const aftermath = faults.length > 0 && draw.chance(AFTERMATH_PERMILLE) ? drawAftermath(draw, habits, overUs) : []
  const churn = drawChurn(draw, shape, cluster, workload)
  const steering = drawSteering(draw, shape, cluster, workload)
  return {
    format: PLAN_FORMAT,
    version: options.version,
    system: options.system,
    ...(options.mutant === undefined ? {} : { mutant: options.mutant }),
    seed: draw.salt(),
    policy: draw.weighted(shape.policies),
    cluster,
    workload: inTime([...workload, ...aftermath, ...churn, ...steering]),
    faults: inTime(faults),
  }
}

/** How far a shrink has come: the plan that it began with, and whether each candidate so far still failed. */
class Progress {
  readonly origin: Plan
  readonly answers: readonly boolean[]
  constructor(origin: Plan, answers: readonly boolean[]) {
    this.origin = origin
    this.answers = answers
  }
}

/**
 * fast-check asks for the candidates of one plan, and then for those of the first that fails; the shrinker is one long conversation.
 * The context is the conversation so far, replayed from its beginning, so that shrinking stays a pure function.
 */
function* continueShrinking({ origin, answers }: Progress): IterableIterator<fc.Value<Plan>> {
  const shrinker = shrinking(origin)
  let step = shrinker.next()
  for (const answer of answers) step = shrinker.next(answer)
  const rejected: boolean[] = []
  while (step.done !== true) {
    yield new fc.Value(step.value, new Progress(origin, [...answers, ...rejected, true]))
    rejected.push(false)
    step = shrinker.next(false)
  }
}

class PlanArbitrary extends fc.Arbitrary<Plan> {
  private readonly drawn: (draw: Draw) => Plan

  constructor(drawn: (draw: Draw) => Plan) {
    super()
    this.drawn = drawn
  }

  override generate(random: fc.Random): fc.Value<Plan> {
    return new fc.Value(this.drawn(new Draw(random)), undefined)
  }

  override canShrinkWithoutContext(value: unknown): value is Plan {
    return Plan.safeParse(value).success
  }

  override shrink(plan: Plan, context?: unknown): fc.Stream<fc.Value<Plan>> {
    return new fc.Stream(continueShrinking(context instanceof Progress ? context : new Progress(plan, [])))
  }
}

/** Plans drawn by any function, shrunk like all others. */
export const arbitraryOf = (drawn: (draw: Draw) => Plan): fc.Arbitrary<Plan> => new PlanArbitrary(drawn)

export const planArbitrary = (preset: Preset, options: PlanOptions): fc.Arbitrary<Plan> =>
  arbitraryOf((draw) => drawPlan(draw, draw.weighted(preset.shapes), options))

/** The plan that a fast-check seed stands for. */
export function planOf(arbitrary: fc.Arbitrary<Plan>, seed: number): Plan {
  const [plan] = fc.sample(arbitrary, { seed, numRuns: 1 })
  if (plan === undefined) throw new Error('fast-check gave no plan')
  return plan
}
