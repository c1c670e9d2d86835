/**
 * Draws faults. Most come in bursts around one operation, which finds bugs that need several faults some 75 times sooner than faults
 * at any time; which kinds occur differs from run to run, since a mixture of all hides what a few do together.
 */
import type { Fault, FaultKind } from '../plan/faults.ts'
import type { Cluster, Item } from '../plan/plan.ts'
import { databaseOf } from '../plan/script.ts'
import { ms, seconds, type Us } from '../plan/units.ts'
import type { Draw, Range, Weighted } from './draw.ts'
import type { Combination, Role } from './combinations.ts'
import type { Shape } from './shapes.ts'

const PERMILLES: readonly number[] = [1000, 700, 400, 150, 50]
const BURST_SIZES: Weighted<number> = [
  [45, 1],
  [35, 2],
  [20, 3],
]

/** Long enough for a broker to give up on its disk. */
const PATIENCE: Range = [seconds(1), seconds(8)]
/** A send is in flight for about this long: a round trip and a group commit. */
const FLIGHT: Range = [200, ms(20)]
/** Then its message is on the way to a listener, or with one. */
const DELIVERY: Range = [ms(1), ms(40)]
/** How long before the operation a fault begins that must be there when it comes. */
const LEAD: Range = [100, ms(100)]

const DATABASE_PERMILLE = 500

/** Faults that lie in wait for something to happen, so they must begin before it does, or while it goes on. */
const IN_WAIT: readonly FaultKind[] = [
  'diskFull',
  'diskSlow',
  'diskStall',
  'forceFails',
  'forceLies',
  'netLoss',
  'netDelay',
  'netDuplicate',
  'netReorder',
  'cut',
]
const BROKER_ONLY: readonly FaultKind[] = [
  'powerLoss',
  'diskLoss',
  'diskFull',
  'diskSlow',
  'diskStall',
  'forceFails',
  'forceLies',
  'bitCorruption',
]

/** Who plays each role in one burst: faults that belong together strike the same nodes, and the client whose operation it is about. */
type Cast = Readonly<Record<Role, string>> & {
  readonly shape: Shape
  /** Controllers that are several lose power and disks; one that is alone is left in peace. */
  readonly isQuorum: boolean
  /** All that the broker has. */
  readonly slaves: readonly string[]
  /** Of several controllers, those that do not lead at first. */
  readonly followers: readonly string[]
  readonly everybody: readonly string[]
  /** That of the consumer's application, if it has one. */
  readonly database: string | null
}

const anyOf = (draw: Draw, names: readonly string[], otherwise: string): string => (names.length === 0 ? otherwise : draw.pick(names))

const everybodyIn = ({ nameservers, brokers, slaves = [], controllers = [], producers, groups }: Cluster): string[] => [
  ...brokers,
  ...slaves.map(({ name }) => name),
  ...controllers,
  ...nameservers,
  ...producers,
  ...groups.flatMap(({ consumers }) => consumers),
]

function drawCast(draw: Draw, shape: Shape, cluster: Cluster, anchor: Item | undefined): Cast {
  const broker = draw.pick(cluster.brokers)
  const producer = anchor !== undefined && draw.chance(850) ? anchor.client : anyOf(draw, cluster.producers, broker)
  const consumer = anyOf(
    draw,
    cluster.groups.flatMap((group) => group.consumers),
    broker,
  )
  const group = cluster.groups.find(({ consumers, receiver }) => receiver !== undefined && consumers.includes(consumer))
  const database = group === undefined ? null : databaseOf(group.name)
  const slaves = (cluster.slaves ?? []).flatMap(({ name, of }) => (of === broker ? [name] : []))
  const slave = anyOf(draw, slaves, broker)
  return {
    broker,
    slave,
    other: slaves[(slaves.indexOf(slave) + 1) % Math.max(1, slaves.length)] ?? broker,
    slaves,
    everybody: everybodyIn(cluster),
    isQuorum: (cluster.controllers ?? []).length > 1,
    controller: anyOf(draw, cluster.controllers ?? [], broker),
    leader: cluster.controllers?.[0] ?? broker,
    followers: cluster.controllers?.slice(1) ?? [],
    producer,
    consumer,
    database,
    nameserver: anyOf(draw, cluster.nameservers, broker),
    shape,
  }
}

/**
 * A link between a broker and somebody else, or a NameServer and who asks it, either way, or all links of one node; or that of an
 * application to its database.
 */
function drawLink(draw: Draw, cast: Cast, role: Role): { on: string; peer: string } {
  const { consumer, database } = cast
  if (database !== null && role === 'consumer' && draw.chance(DATABASE_PERMILLE))
    return draw.chance(500) ? { on: consumer, peer: database } : { on: database, peer: consumer }
  const broker = cast[role === 'nameserver' ? draw.choice(cast.shape.askers) : 'broker']
  const other =
    cast[
      role === 'broker'
        ? draw.weighted<Role>([
            [5, 'producer'],
            [4, 'consumer'],
            [1, 'nameserver'],
          ])
        : role
    ]
  if (other === broker || (draw.chance(120) && cast.shape.pairsOnly !== true)) return { on: draw.pick([broker, other]), peer: '*' }
  return draw.chance(450) ? { on: broker, peer: other } : { on: other, peer: broker }
}

const signed = (draw: Draw, range: Range): number => (draw.chance(500) ? -1 : 1) * draw.spread(range)

const hasDisk = ({ isQuorum }: Cast, kind: FaultKind, role: Role): boolean =>
  role === 'slave' ||
  role === 'other' ||
  ((role === 'controller' || role === 'leader') && isQuorum && (kind === 'powerLoss' || kind === 'diskLoss'))

function drawFault(draw: Draw, cast: Cast, kind: FaultKind, role: Role, atUs: Us): Fault {
  const { shape } = cast
  const moment = { atUs, salt: draw.salt() }
  const on = cast[BROKER_ONLY.includes(kind) && !hasDisk(cast, kind, role) ? 'broker' : role]
  switch (kind) {
    case 'powerLoss':
      return { kind, on, ...moment, forUs: draw.spread(shape.outageUs), keep: draw.weighted(cast.shape.keeps) }
    case 'bitCorruption':
      return { kind, on, ...moment }
    case 'clockOffset':
    case 'clockJump':
      return { kind, on, ...moment, byUs: signed(draw, shape.jumpUs) }
    case 'clockDrift':
      return { kind, on, ...moment, forUs: draw.spread(shape.outageUs), ppm: signed(draw, [100, 200_000]) }
    case 'netLoss':
    case 'netDelay':
    case 'netDuplicate':
    case 'netReorder':
      return { kind, ...drawLink(draw, cast, role), ...moment, forUs: draw.spread(shape.windowUs), permille: draw.pick(PERMILLES) }
    case 'cut':
      return { kind, ...drawLink(draw, cast, role), ...moment, forUs: draw.spread(shape.windowUs), oneWay: draw.chance(500) }
    case 'processKill':
    case 'gracefulRestart':
    case 'diskLoss':
    case 'promotion':
      return { kind, on, ...moment, forUs: draw.spread(shape.outageUs) }
    case 'pause':
      return { kind, on, ...moment, forUs: draw.spread(shape.pauseUs) }
    case 'diskSlow':
      return { kind, on, ...moment, forUs: draw.spread(shape.windowUs) }
    default:
      return { kind, on, ...moment, forUs: draw.chance(500) ? draw.spread(shape.windowUs) : draw.int(PATIENCE) }
  }
}

const inFlight = (draw: Draw): Us =>
  draw.weighted([
    [4, draw.int(FLIGHT)],
    [4, draw.spread(FLIGHT)],
    [2, draw.int(DELIVERY)],
  ])

/** When a fault strikes, relative to its operation: while that is in flight, soon after, or when timers have come round. */
function drawOffset(draw: Draw, kind: FaultKind, role: Role): Us {
  if (IN_WAIT.includes(kind)) return draw.chance(500) ? -draw.spread(LEAD) : inFlight(draw)
  const where = draw.int([1, 100])
  if (role === 'consumer' && where <= 50) return draw.int(DELIVERY)
  if (where <= 8) return -draw.spread([1, ms(5)])
  if (where <= 45) return inFlight(draw)
  if (where <= 70) return draw.spread([ms(5), seconds(3)])
  return draw.spread([ms(100), seconds(12)])
}

const from = (anchorUs: Us, offset: Us): Us => Math.max(0, anchorUs + offset)

function drawFreeBurst(draw: Draw, shape: Shape, cast: Cast, kinds: Weighted<FaultKind>, anchorUs: Us): Fault[] {
  let atUs = anchorUs
  return Array.from({ length: draw.weighted(BURST_SIZES) }, (_, index) => {
    const kind = draw.weighted(kinds)
    const role = draw.weighted(shape.roles)
    atUs = index === 0 ? from(anchorUs, drawOffset(draw, kind, role)) : atUs + draw.spread([100, seconds(3)])
    return drawFault(draw, cast, kind, role, atUs)
  })
}

/** Parts that are not one node's, as the first of those that they are about. */
const SINGLE: Partial<Record<Combination[number]['role'], Role>> = {
  slaves: 'slave',
  followers: 'controller',
  zone: 'broker',
  room: 'broker',
}

function drawCombination(draw: Draw, cast: Cast, parts: Combination, anchorUs: Us): Fault[] {
  let atUs = anchorUs
  return parts.flatMap(({ kind, role, after }, index) => {
    const one = SINGLE[role] ?? (role as Role)
    if (after !== undefined) atUs += draw.spread(after)
    else if (index === 0) atUs = from(anchorUs, drawOffset(draw, kind, one))
    if (role === 'zone') return drawZone(draw, cast, atUs)
    if (role === 'room') return [cutOff(draw, cast, [cast.broker, cast.leader, cast.producer], atUs)]
    if (role === 'followers') return cast.followers.map((peer) => cutOff(draw, cast, [cast.broker], atUs, peer))
    const casts = role === 'slaves' ? cast.slaves.map((slave) => ({ ...cast, slave })) : [cast]
    return casts.map((own) => drawFault(draw, own, kind, one, atUs))
  })
}

const IN_ZONE_PERMILLE = 450

/** Servers and clients of one room, in any mixture, cut off from all others. */
function drawZone(draw: Draw, cast: Cast, atUs: Us): Fault[] {
  const zone = cast.everybody.filter(() => draw.chance(IN_ZONE_PERMILLE))
  return zone.length === 0 ? [] : [cutOff(draw, cast, zone, atUs)]
}

function cutOff(draw: Draw, { broker, shape }: Cast, [on = broker, ...others]: readonly string[], atUs: Us, peer = '*'): Fault {
  const zone = others.length === 0 ? {} : { with: others }
  return { kind: 'cut', on, peer, ...zone, atUs, salt: draw.salt(), forUs: draw.spread(shape.windowUs), oneWay: draw.chance(250) }
}

/** Half of the runs have a few kinds only. */
function drawKinds(draw: Draw, kinds: Weighted<FaultKind>): Weighted<FaultKind> {
  if (draw.chance(500)) return kinds
  return Array.from({ length: draw.int([1, 3]) }, () => [1, draw.weighted(kinds)] as const)
}

const WHEN_DUE_PERMILLE = 650

/** When an operation is of interest: when it begins, or when a delayed message is due. */
function drawMoment(draw: Draw, shape: Shape, anchor: Item | undefined): Us {
  if (anchor?.do !== 'send' || anchor.delay === undefined) return anchor?.atUs ?? 0
  if (!draw.chance(WHEN_DUE_PERMILLE)) return anchor.atUs
  const { delay } = anchor
  if ('atUs' in delay) return delay.atUs
  if ('afterUs' in delay) return anchor.atUs + delay.afterUs
  return anchor.atUs + (shape.delays.levels.find(([, one]) => one.level === delay.level)?.[1].us ?? 0)
}

export function drawFaults(draw: Draw, shape: Shape, cluster: Cluster, workload: readonly Item[]): Fault[] {
  if (shape.kinds.length === 0 || draw.chance(shape.faultlessPermille)) return []
  const kinds = drawKinds(draw, shape.kinds)
  const lastUs = workload.reduce((latest, item) => Math.max(latest, item.atUs), 0)
  const anchors = shape.anchor === undefined ? workload : workload.filter((item) => item.do === shape.anchor)
  const faults: Fault[] = []
  for (let n = draw.weighted(shape.bursts); n > 0; n--) {
    const anchor = anchors.length === 0 ? undefined : draw.pick(anchors)
    const [cast, anchorUs] = [drawCast(draw, shape, cluster, anchor), drawMoment(draw, shape, anchor)]
    const combined = shape.combinations.length > 0 && draw.chance(shape.combinedPermille)
    faults.push(
      ...(combined
        ? drawCombination(draw, cast, draw.weighted(shape.combinations), anchorUs)
        : drawFreeBurst(draw, shape, cast, kinds, anchorUs)),
    )
  }
  for (let n = draw.weighted(shape.strays); n > 0; n--) {
    faults.push(
      drawFault(
        draw,
        drawCast(draw, shape, cluster, undefined),
        draw.weighted(kinds),
        draw.weighted(shape.roles),
        draw.int([0, lastUs + seconds(5)]),
      ),
    )
  }
  return faults
}
