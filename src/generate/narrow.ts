/** A control asks a preset for plans of one sort alone: those in which its guarantee must hold, or those in which it must break. */
import type { FaultKind } from '../plan/faults.ts'
import type { Receiver, Strategy } from '../plan/plan.ts'
import type { Config, Preset, Shape } from './shapes.ts'

/** What a control narrows a preset to: one configuration, some kinds of faults, or one sort of application. */
export interface Narrowing {
  readonly config?: Config | undefined
  readonly kinds?: readonly FaultKind[] | undefined
  readonly receiver?: Receiver | undefined
  readonly strategies?: readonly Strategy[] | undefined
  /** Applications share the name of a group. */
  readonly namesakes?: boolean | undefined
}

/** Exactly this configuration, without small segments or other settings. */
const configured = (shape: Shape, config: Config): Shape => ({
  ...shape,
  configs: [[1, config]],
  settings: [[1, {}]],
  segments: { ...shape.segments, permille: 0 },
})

/** Two applications or more, and nothing but that in their way. */
const NAMESAKES: Partial<Shape> = {
  namesakePermille: 1000,
  broadcastPermille: 0,
  groups: [
    [80, 2],
    [20, 3],
  ],
}

function narrowShape(from: Shape, { config, kinds, receiver, strategies, namesakes }: Narrowing): Shape {
  const wide = config === undefined ? from : configured(from, config)
  const shape: Shape = {
    ...wide,
    ...(receiver === undefined ? {} : { receivers: [[1, receiver]] }),
    ...(strategies === undefined ? {} : { strategies: strategies.map((strategy) => [1, strategy] as const) }),
    ...(namesakes === true ? NAMESAKES : {}),
  }
  if (kinds === undefined) return shape
  const combinations = shape.combinations.filter(([, parts]) => parts.every((part) => kinds.includes(part.kind)))
  return {
    ...shape,
    // Equal weights: who names kinds wants them all to happen.
    kinds: kinds.map((kind) => [1, kind] as const),
    combinations,
    combinedPermille: combinations.length === 0 ? 0 : shape.combinedPermille,
    faultlessPermille: kinds.length === 0 ? 1000 : Math.min(shape.faultlessPermille, 50),
  }
}

export const narrow = (preset: Preset, narrowing: Narrowing): Preset => ({
  ...preset,
  shapes: preset.shapes.map(([weight, shape]) => [weight, narrowShape(shape, narrowing)] as const),
})
