/** Draws what applications that ask for their messages do with their queues, near operations: they go elsewhere, or let them rest. */
import { isPulling } from '../plan/groups.ts'
import type { Cluster, Item, Steering } from '../plan/plan.ts'
import { ms, seconds } from '../plan/units.ts'
import type { Draw, Range } from './draw.ts'
import type { Shape } from './shapes.ts'

/** While messages come in, or when they are done with. */
const SOON: Range = [100, ms(500)]
const LATER: Range = [ms(1), seconds(20)]
const REST: Range = [ms(10), seconds(30)]

export function drawSteering(draw: Draw, shape: Shape, { groups, topics }: Cluster, workload: readonly Item[]): Steering[] {
  const count = draw.choice(shape.steerings)
  const asking = groups.filter(isPulling)
  if (count === 0 || asking.length === 0 || workload.length === 0) return []
  return Array.from({ length: count }, () => {
    const group = draw.pick(asking)
    const topic = draw.pick(group.topics)
    const queues = topics.find(({ name }) => name === topic)?.queues ?? 1
    const atUs = draw.pick(workload).atUs + draw.spread(draw.chance(500) ? SOON : LATER)
    const about = { client: draw.pick(group.consumers), topic, atUs, salt: draw.salt() }
    const where = draw.chance(300) ? { queue: draw.int([0, queues - 1]) } : {}
    if (draw.chance(400)) return { do: 'pauseQueue', ...about, ...where, forUs: draw.spread(REST) }
    return draw.chance(800) ? { do: 'seek', ...about, ...where, offset: draw.int([0, 4]) } : { do: 'seek', ...about, ...where }
  })
}
