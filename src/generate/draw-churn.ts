/** Draws consumers that come and go by the plan, near operations: one joins late, one leaves, one is replaced by a new process. */
import type { Churn, Cluster, Item } from '../plan/plan.ts'
import { ms, seconds, type Us } from '../plan/units.ts'
import type { Draw, Range, Weighted } from './draw.ts'
import type { Shape } from './shapes.ts'

type Move = 'joins' | 'leaves' | 'is replaced'
const MOVES: Weighted<Move> = [
  [35, 'joins'],
  [30, 'leaves'],
  [35, 'is replaced'],
]
/** While something is on its way to a listener, or when timers have come round. */
const SOON: Range = [100, ms(40)]
const LATER: Range = [ms(1), seconds(40)]
const AWAY: Range = [ms(1), seconds(30)]

export function drawChurn(draw: Draw, shape: Shape, cluster: Cluster, workload: readonly Item[]): Churn[] {
  const consumers = cluster.groups.flatMap((group) => group.consumers)
  const moves = draw.choice(shape.churn)
  if (consumers.length === 0) return []
  return Array.from({ length: moves }, () => {
    const client = draw.pick(consumers)
    const anchorUs = workload.length === 0 ? 0 : draw.pick(workload).atUs
    const atUs = anchorUs + draw.spread(draw.chance(500) ? SOON : LATER)
    return drawMove(draw, client, atUs)
  }).flat()
}

function drawMove(draw: Draw, client: string, atUs: Us): Churn[] {
  const start = (t: Us): Churn => ({ do: 'start', client, atUs: t, salt: draw.salt() })
  const stop: Churn = { do: 'stop', client, atUs, salt: draw.salt() }
  switch (draw.weighted(MOVES)) {
    case 'joins':
      return [start(atUs)]
    case 'leaves':
      return [stop]
    case 'is replaced':
      return [stop, start(atUs + draw.spread(AWAY))]
  }
}
