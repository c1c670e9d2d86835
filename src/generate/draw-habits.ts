/** Draws what all operations of one run have in common. */
import type { Cluster } from '../plan/plan.ts'
import { segmentBytes } from './draw-cluster.ts'
import type { Draw, Range } from './draw.ts'
import type { Shape } from './shapes.ts'

const SMALL_SEGMENT = 1 << 16

/** What all operations of one run have in common. */
export interface Habits {
  readonly cluster: Cluster
  readonly shape: Shape
  /** Sends name their queue; otherwise the client chooses. */
  readonly steered: boolean
  readonly failing: boolean
  readonly bytes: Range
  /** The keys that the application has to choose from. */
  readonly keys: number
}

export function drawHabits(draw: Draw, shape: Shape, cluster: Cluster): Habits {
  return {
    cluster,
    shape,
    steered: draw.chance(500),
    failing: draw.chance(shape.failingPermille),
    bytes: drawBytes(draw, shape, segmentBytes(cluster)),
    keys: shape.keys.permille === 0 ? 0 : draw.int(shape.keys.count),
  }
}

/** Where segments are small, mostly messages that fill them. */
function drawBytes(draw: Draw, shape: Shape, segment: number): Range {
  const most = Math.max(1, Math.floor(segment / 3))
  if (segment <= SMALL_SEGMENT && draw.chance(700)) return [Math.max(1, Math.floor(segment / 8)), most]
  const [low, high] = draw.weighted(shape.sizes)
  return [Math.min(low, most), Math.min(high, most)]
}

export function drawKey(draw: Draw, { keys, shape }: Habits): string {
  const nth = draw.int([1, keys])
  return shape.keys.of?.[nth - 1] ?? `k${nth}`
}
