/**
 * Draws faults. Most come in bursts around one operation, which finds bugs that need several faults some 75 times sooner than faults
 * at any time; which kinds occur differs from run to run, since a mixture of all hides what a few do together.
 */
import type { Fault, FaultKind } from '../plan/faults.ts'
import type { Cluster, Item } from '../plan/plan.ts'
import { ms, seconds, type Us } from '../plan/units.ts'
import type { Draw, Range, Weighted } from './draw.ts'
import type { Combination, Role, Shape } from './shapes.ts'

const ROLES: Weighted<Role> = [[60, 'broker'], [25, 'consumer'], [12, 'producer'], [3, 'nameserver']]
const KEEPS: Weighted<'none' | 'torn' | 'prefix' | 'holes' | 'all'> = [[35, 'none'], [20, 'torn'], [15, 'prefix'], [20, 'holes'], [10, 'all']]
const PERMILLES: readonly number[] = [1000, 700, 400, 150, 50]
const BURST_SIZES: Weighted<number> = [[45, 1], [35, 2], [20, 3]]

const CRASH: Range = [ms(1), seconds(20)]
const WINDOW: Range = [ms(1), seconds(10)]
/** How long before the operation a fault begins that must be there when it comes. */
const LEAD: Range = [100, ms(200)]

/** Faults that lie in wait for something to happen, so they must begin before it does. */
const IN_WAIT: readonly FaultKind[] = [
  'diskFull', 'diskSlow', 'diskStall', 'forceFails', 'forceLies', 'netLoss', 'netDelay', 'netDuplicate', 'netReorder', 'cut', 'clockDrift',
]
const BROKER_ONLY: readonly FaultKind[] = ['powerLoss', 'diskLoss', 'diskFull', 'diskSlow', 'diskStall', 'forceFails', 'forceLies', 'bitCorruption']

function drawNode(draw: Draw, cluster: Cluster, role: Role): string {
  const names = namesOf(cluster, role)
  return draw.pick(names.length === 0 ? cluster.brokers : names)
}

function namesOf(cluster: Cluster, role: Role): readonly string[] {
  switch (role) {
    case 'broker':
      return cluster.brokers
    case 'producer':
      return cluster.producers
    case 'nameserver':
      return cluster.nameservers
    case 'consumer':
      return cluster.groups.flatMap((group) => group.consumers)
  }
}

/** A link between a broker and somebody else, either way, or all links of one node. */
function drawLink(draw: Draw, cluster: Cluster, role: Role): { on: string; peer: string } {
  const broker = draw.pick(cluster.brokers)
  const other = drawNode(draw, cluster, role === 'broker' ? draw.weighted<Role>([[5, 'producer'], [4, 'consumer'], [1, 'nameserver']]) : role)
  if (other === broker || draw.chance(120)) return { on: draw.pick([broker, other]), peer: '*' }
  return draw.chance(500) ? { on: broker, peer: other } : { on: other, peer: broker }
}

const signed = (draw: Draw, range: Range): number => (draw.chance(500) ? -1 : 1) * draw.spread(range)

export function drawFault(draw: Draw, cluster: Cluster, kind: FaultKind, role: Role, atUs: Us): Fault {
  const moment = { atUs, salt: draw.salt() }
  const on = drawNode(draw, cluster, BROKER_ONLY.includes(kind) ? 'broker' : role)
  switch (kind) {
    case 'powerLoss':
      return { kind, on, ...moment, forUs: draw.spread(CRASH), keep: draw.weighted(KEEPS) }
    case 'bitCorruption':
      return { kind, on, ...moment }
    case 'clockOffset':
    case 'clockJump':
      return { kind, on, ...moment, byUs: signed(draw, [ms(1), seconds(60)]) }
    case 'clockDrift':
      return { kind, on, ...moment, forUs: draw.spread(CRASH), ppm: signed(draw, [100, 200_000]) }
    case 'netLoss':
    case 'netDelay':
    case 'netDuplicate':
    case 'netReorder':
      return { kind, ...drawLink(draw, cluster, role), ...moment, forUs: draw.spread(WINDOW), permille: draw.pick(PERMILLES) }
    case 'cut':
      return { kind, ...drawLink(draw, cluster, role), ...moment, forUs: draw.spread(WINDOW), oneWay: draw.chance(500) }
    case 'processKill':
    case 'gracefulRestart':
    case 'diskLoss':
      return { kind, on, ...moment, forUs: draw.spread(CRASH) }
    default:
      return { kind, on, ...moment, forUs: draw.spread(WINDOW) }
  }
}

/** Where a burst begins, relative to its operation: while it is in flight, soon after, or when timers have come round. */
function drawOffset(draw: Draw): Us {
  const where = draw.int([1, 100])
  if (where <= 45) return draw.chance(300) ? -draw.spread([1, ms(5)]) : draw.spread([1, ms(5)])
  if (where <= 75) return draw.spread([ms(5), seconds(3)])
  return draw.spread([ms(100), seconds(12)])
}

const early = (draw: Draw, kind: FaultKind, atUs: Us): Us => Math.max(0, IN_WAIT.includes(kind) ? atUs - draw.spread(LEAD) : atUs)

function drawFreeBurst(draw: Draw, cluster: Cluster, kinds: Weighted<FaultKind>, baseUs: Us): Fault[] {
  let atUs = baseUs
  return Array.from({ length: draw.weighted(BURST_SIZES) }, (_, index) => {
    if (index > 0) atUs += draw.spread([100, seconds(3)])
    const kind = draw.weighted(kinds)
    return drawFault(draw, cluster, kind, draw.weighted(ROLES), early(draw, kind, atUs))
  })
}

function drawCombination(draw: Draw, cluster: Cluster, parts: Combination, baseUs: Us): Fault[] {
  let atUs = baseUs
  return parts.map(({ kind, role, after }) => {
    atUs += after[1] === 0 ? 0 : draw.spread(after)
    return drawFault(draw, cluster, kind, role, early(draw, kind, atUs))
  })
}

/** Half of the runs have a few kinds only. */
function drawKinds(draw: Draw, kinds: Weighted<FaultKind>): Weighted<FaultKind> {
  if (draw.chance(500)) return kinds
  return Array.from({ length: draw.int([1, 3]) }, () => [1, draw.weighted(kinds)] as const)
}

export function drawFaults(draw: Draw, shape: Shape, cluster: Cluster, workload: readonly Item[]): Fault[] {
  if (shape.kinds.length === 0 || draw.chance(shape.faultlessPermille)) return []
  const kinds = drawKinds(draw, shape.kinds)
  const anchors = workload.map((item) => item.atUs)
  const lastUs = anchors.reduce((latest, t) => Math.max(latest, t), 0)
  const faults: Fault[] = []
  for (let n = draw.weighted(shape.bursts); n > 0; n--) {
    const base = Math.max(0, (anchors.length === 0 ? 0 : draw.pick(anchors)) + drawOffset(draw))
    const combined = shape.combinations.length > 0 && draw.chance(shape.combinedPermille)
    faults.push(...(combined ? drawCombination(draw, cluster, draw.weighted(shape.combinations), base) : drawFreeBurst(draw, cluster, kinds, base)))
  }
  for (let n = draw.weighted(shape.strays); n > 0; n--) {
    faults.push(drawFault(draw, cluster, draw.weighted(kinds), draw.weighted(ROLES), draw.int([0, lastUs + seconds(5)])))
  }
  return faults
}
