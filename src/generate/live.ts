/**
 * Draws plans for live brokers: short rounds with enough messages that a broker which loses every thousandth is seen, and faults that
 * follow each other instead of overlapping, since a real broker takes seconds to come back. They ask for nothing that the target lacks.
 */
import type fc from 'fast-check'
import { faultEnd, type Fault, type FaultKind } from '../plan/faults.ts'
import { PLAN_FORMAT, type Cluster, type Group, type Item, type Plan, type SendMode, type Topic, type TxnOutcome } from '../plan/plan.ts'
import { ms, seconds, type Us } from '../plan/units.ts'
import type { Properties } from '../plan/labels.ts'
import type { Draw, Range, Weighted } from './draw.ts'
import { PAYMENTS } from './filter-shapes.ts'
import { arbitraryOf, type PlanOptions } from './plans.ts'
import { ALL_KINDS } from './combinations.ts'

/** What the target can do, and what is wanted of it. */
export interface LiveLimits {
  readonly brokers: readonly string[]
  readonly config: Cluster['config']
  readonly modes: readonly SendMode[]
  /** `plain`: the broker never asks for an outcome. */
  readonly transactions: 'none' | 'plain' | 'checked'
  /** How long each level is by which messages may be delayed; none, where they may not. */
  readonly delayLevels: readonly Us[]
  /** Messages may be delayed for any time. */
  readonly timers: boolean
  /** Groups may listen in order. */
  readonly orderly: boolean
  /** Groups may choose messages by their tags. */
  readonly tags: boolean
  /** Or by selectors over their properties. */
  readonly selectors: boolean
  readonly queuesMax: number
  readonly bytesMax: number
  readonly brokerFaults: readonly FaultKind[]
  readonly clientFaults: readonly FaultKind[]
}

interface Amount {
  readonly durationUs: Range
  readonly messages: Range
}
const LOAD: Amount = { durationUs: [ms(500), ms(2500)], messages: [300, 4000] }
const AFTERMATH: Amount = { durationUs: [ms(200), ms(800)], messages: [50, 800] }
/** What comes while nobody takes it. */
const FLOOD: Amount = { durationUs: [ms(1000), ms(2000)], messages: [1500, 4000] }
const DOWN: Range = [ms(200), ms(1500)]
/** Between two faults of a burst. */
const GAP: Range = [ms(10), ms(400)]
const QUEUES_MAX = 4
const SIZES: Weighted<Range> = [
  [70, [32, 200]],
  [25, [200, 2000]],
  [5, [2000, 8000]],
]
/** Where buffers end and frames are split: some single messages are much larger than the rest of their round. */
const LARGE: Range = [4096, 64 << 10]
const TOLD: Weighted<TxnOutcome> = [
  [70, 'commit'],
  [30, 'rollback'],
]
const OUTCOMES: Weighted<TxnOutcome> = [...TOLD, [25, 'unknown']]
/** Clients set no empty values. */
function drawProperties(draw: Draw): Properties {
  const drawn = PAYMENTS.of.flatMap(([name, values]) =>
    draw.chance(PAYMENTS.permille) ? [[name, draw.pick(values.filter((value) => value !== ''))] as const] : [],
  )
  return Object.fromEntries(drawn)
}

/** No message is delayed for longer: a round waits for the last one. */
const DELAY_MAX: Us = seconds(5)

/** Which tags groups want, and what messages have where some group chooses by them: a third has none. */
const drawTag = (draw: Draw): string | undefined => (draw.chance(660) ? draw.pick(['a', 'b']) : undefined)
const EXPRESSIONS = ['a', 'a || b', 'b || c']

const numbered = (prefix: string, count: number, from = 1): string[] => Array.from({ length: count }, (_, k) => `${prefix}${from + k}`)

function drawGroups(draw: Draw, topics: readonly Topic[], { orderly, tags, selectors }: LiveLimits): Group[] {
  let consumers = 0
  return ['g', 'h'].slice(0, draw.int([1, 2])).map((name) => {
    const members = numbered('c', draw.int([1, 2]), consumers + 1)
    consumers += members.length
    const wanted = draw.chance(700) ? topics : [draw.pick(topics)]
    const listener = orderly && draw.chance(250) ? ({ listener: 'orderly' } as const) : {}
    const chosen = tags && draw.chance(200) ? { tags: draw.pick(EXPRESSIONS) } : {}
    const selected = selectors && !('tags' in chosen) && draw.chance(500) ? { selector: draw.weighted(PAYMENTS.wanted) } : {}
    return { name, topics: wanted.map((topic) => topic.name), consumers: members, ...listener, ...chosen, ...selected }
  })
}

function drawLiveCluster(draw: Draw, limits: LiveLimits): Cluster {
  const topics = ['T', 'U'].slice(0, draw.chance(750) ? 1 : 2).map((name) => ({
    name,
    queues: draw.int([1, Math.min(QUEUES_MAX, limits.queuesMax)]),
  }))
  return {
    nameservers: ['n1'],
    brokers: [...limits.brokers],
    producers: numbered('p', draw.int([1, 3])),
    topics,
    groups: drawGroups(draw, topics, limits),
    config: limits.config,
  }
}

/** What the operations of one round have in common. */
interface Habits {
  readonly cluster: Cluster
  readonly limits: LiveLimits
  readonly bytes: Range
  readonly failing: boolean
  /** The levels by which some single messages are delayed. */
  readonly levels: readonly number[]
  /** Others are delayed for any time. */
  readonly timed: boolean
  /** Applications have their queues chosen by keys: what a group that listens in order is there for. */
  readonly keyed: boolean
}

function commonOf(
  draw: Draw,
  { cluster, bytes }: Habits,
  atUs: Us,
): { client: string; atUs: Us; salt: number; topic: string; bytes: number; tag?: string; properties?: Properties } {
  const tag = cluster.groups.some(({ tags }) => tags !== undefined) ? drawTag(draw) : undefined
  const common = { client: draw.pick(cluster.producers), atUs, salt: draw.salt(), topic: draw.pick(cluster.topics).name }
  const properties = cluster.groups.some(({ selector }) => selector !== undefined) ? { properties: drawProperties(draw) } : {}
  return { ...common, bytes: draw.spread(bytes), ...(tag === undefined ? {} : { tag }), ...properties }
}

function drawLoad(draw: Draw, habits: Habits, atUs: Us, amount: Amount): Item {
  const [workers, durationUs] = [draw.int([2, 16]), draw.int(amount.durationUs)]
  const everyUs = Math.max(1, Math.floor((workers * durationUs) / draw.spread(amount.messages)))
  const key = habits.keyed && draw.chance(600) ? ({ key: 'k', select: 'key' } as const) : {}
  return { do: 'load', ...commonOf(draw, habits, atUs), ...key, workers, durationUs, everyUs }
}

/** Now and then a large one, where the target takes it. */
function drawBytes(draw: Draw, { limits }: Habits, bytes: number): number {
  const [low, high] = LARGE
  return limits.bytesMax > low && draw.chance(100) ? draw.spread([low, Math.min(high, limits.bytesMax)]) : bytes
}

const drawKey = (draw: Draw): { key: string; select: 'key' } => ({ key: draw.pick(['k1', 'k2', 'k3']), select: 'key' })

function drawSend(draw: Draw, habits: Habits, atUs: Us): Item {
  const common = commonOf(draw, habits, atUs)
  const bytes = drawBytes(draw, habits, common.bytes)
  const { modes } = habits.limits
  const mode = draw.chance(700) && modes.includes('sync') ? 'sync' : draw.pick(modes)
  const queues = habits.cluster.topics.find((topic) => topic.name === common.topic)?.queues ?? 1
  return {
    do: 'send',
    ...common,
    bytes,
    mode,
    ...(habits.keyed && draw.chance(600) ? drawKey(draw) : draw.chance(500) ? { queue: draw.int([0, queues - 1]) } : {}),
    ...(habits.levels.length > 0 && draw.chance(400) ? { delay: { level: draw.pick(habits.levels) } } : {}),
    ...(habits.timed && draw.chance(400) ? { delay: { afterUs: draw.int([0, DELAY_MAX]) } } : {}),
    ...(habits.failing && draw.chance(350) ? { fails: draw.chance(800) ? 1 : 2 } : {}),
  }
}

function drawTransaction(draw: Draw, habits: Habits, atUs: Us): Item {
  const outcome = draw.weighted(habits.limits.transactions === 'checked' ? OUTCOMES : TOLD)
  const answer = outcome === 'unknown' ? (draw.chance(600) ? 'commit' : 'rollback') : outcome
  return { do: 'transaction', ...commonOf(draw, habits, atUs), outcome, answer }
}

function drawSingles(draw: Draw, habits: Habits, spanUs: Us): Item[] {
  const transactional = habits.limits.transactions !== 'none' && draw.chance(800)
  const sends = Array.from({ length: draw.int([3, 20]) }, () => drawSend(draw, habits, draw.int([0, spanUs])))
  if (!transactional) return sends
  return [...sends, ...Array.from({ length: draw.int([3, 10]) }, () => drawTransaction(draw, habits, draw.int([0, spanUs])))]
}

const endOf = (item: Item): Us => item.atUs + (item.do === 'load' ? item.durationUs : 0)
const latest = (times: readonly Us[]): Us => times.reduce((last, t) => Math.max(last, t), 0)

function drawFault(draw: Draw, kind: FaultKind, on: string, cluster: Cluster, atUs: Us): Fault {
  const moment = { atUs, salt: draw.salt() }
  const window = { ...moment, forUs: draw.spread(DOWN) }
  const peer = draw.pick([...cluster.producers, ...cluster.groups.flatMap((group) => group.consumers)])
  switch (kind) {
    case 'powerLoss':
      // What was not forced is gone: which bytes survive is the real file system's choice, not the plan's.
      return { kind, on, ...window, keep: 'none' }
    case 'bitCorruption':
      return { kind, on, ...moment }
    case 'clockOffset':
    case 'clockJump':
      return { kind, on, ...moment, byUs: (draw.chance(500) ? -1 : 1) * draw.spread(DOWN) }
    case 'clockDrift':
      return { kind, on, ...window, ppm: draw.int([100, 200_000]) }
    case 'netLoss':
    case 'netDelay':
    case 'netDuplicate':
    case 'netReorder':
      return { kind, ...(draw.chance(500) ? { on, peer } : { on: peer, peer: on }), ...window, permille: 1000 }
    case 'cut':
      return { kind, ...(draw.chance(500) ? { on, peer } : { on: peer, peer: on }), ...window, oneWay: draw.chance(500) }
    default:
      return { kind, on, ...window }
  }
}

/** Bursts of up to three, while messages flow or once they were consumed. */
function drawLiveFaults(draw: Draw, { limits, cluster }: Habits, overUs: Us): Fault[] {
  const onBrokers = ALL_KINDS.filter(([, kind]) => limits.brokerFaults.includes(kind))
  const { clientFaults } = limits
  if (onBrokers.length === 0 && clientFaults.length === 0) return []
  const consumers = cluster.groups.flatMap((group) => group.consumers)
  // A broker has more to remember of a consumer that is gone, and the most where that said nothing.
  const clients = [...cluster.producers, ...consumers, ...consumers]
  const onClients = clientFaults.map((kind): readonly [number, FaultKind] => [kind === 'processKill' ? 60 : 20, kind])
  let atUs = draw.chance(300) ? overUs + draw.int([ms(300), ms(800)]) : draw.int([ms(100), Math.max(ms(100), overUs)])
  return Array.from({ length: draw.int([1, 3]) }, () => {
    const strikesBroker = onBrokers.length > 0 && (clientFaults.length === 0 || draw.chance(700))
    const kind = draw.weighted(strikesBroker ? onBrokers : onClients)
    const fault = drawFault(draw, kind, draw.pick(strikesBroker ? cluster.brokers : clients), cluster, atUs)
    atUs = faultEnd(fault) + draw.spread(GAP)
    return fault
  })
}

/** A group that is away as a whole while messages come: what a broker can not hold for it is missing when it is back. */
function drawAbsence(draw: Draw, { limits, cluster }: Habits, overUs: Us): Fault[] {
  if (!limits.clientFaults.includes('processKill') || !draw.chance(250)) return []
  const forUs = Math.max(ms(2000), overUs)
  return draw
    .pick(cluster.groups)
    .consumers.map((on) => ({ kind: 'processKill', on, atUs: draw.int([ms(10), ms(100)]), salt: draw.salt(), forUs }))
}

/** Deaths that take what listeners have in hand with them. */
const DEATHS: ReadonlySet<FaultKind> = new Set<FaultKind>(['processKill', 'gracefulRestart', 'powerLoss'])
/** How long before a death a message is sent that a listener works on in vain. */
const IN_HAND: Range = [ms(5), ms(250)]

/** A group that was told too soon that a message is done shows it only when listeners were at work as somebody died. */
function drawInHand(draw: Draw, habits: Habits, faults: readonly Fault[]): Item[] {
  return faults
    .filter(({ kind }) => DEATHS.has(kind) && draw.chance(700))
    .flatMap(({ atUs }) =>
      Array.from({ length: draw.int([2, 6]) }, (): Item => {
        const common = commonOf(draw, habits, Math.max(0, atUs - draw.int(IN_HAND)))
        return { do: 'send', ...common, mode: habits.limits.modes.includes('async') ? 'async' : 'sync', fails: 1 }
      }),
    )
}

/** What comes after a restart shows what the restart forgot. */
function drawAftermath(draw: Draw, habits: Habits, overUs: Us): Item[] {
  const atUs = overUs + draw.spread(GAP)
  if (draw.chance(500)) return [drawLoad(draw, habits, atUs, AFTERMATH)]
  return Array.from({ length: draw.int([1, 6]) }, () => drawSend(draw, habits, atUs + draw.int(GAP)))
}

const inTime = <T extends { readonly atUs: number }>(items: readonly T[]): T[] => [...items].sort((x, y) => x.atUs - y.atUs)

function drawLivePlan(draw: Draw, limits: LiveLimits, { system, version }: PlanOptions): Plan {
  const cluster = drawLiveCluster(draw, limits)
  const [low, high] = draw.weighted(SIZES)
  const bytes: Range = [Math.min(low, limits.bytesMax), Math.min(high, limits.bytesMax)]
  const short = limits.delayLevels.flatMap((longUs, k) => (longUs <= DELAY_MAX ? [k + 1] : []))
  const habits: Habits = {
    cluster,
    limits,
    bytes,
    failing: draw.chance(250),
    levels: short.length > 0 && draw.chance(300) ? short : [],
    timed: limits.timers && draw.chance(500),
    keyed: cluster.groups.some(({ listener }) => listener === 'orderly') && draw.chance(700),
  }
  const loads = Array.from({ length: draw.int([1, 2]) }, () => drawLoad(draw, habits, draw.int([0, ms(300)]), LOAD))
  const loadsOverUs = latest(loads.map(endOf))
  const workload = [...loads, ...drawSingles(draw, habits, loadsOverUs)]
  const absence = drawAbsence(draw, habits, loadsOverUs)
  const flood = absence.length === 0 ? [] : [drawLoad(draw, habits, ms(100), FLOOD)]
  const faults = [...drawLiveFaults(draw, habits, loadsOverUs), ...absence]
  const aftermath = faults.length > 0 && draw.chance(700) ? drawAftermath(draw, habits, latest(faults.map(faultEnd))) : []
  return {
    format: PLAN_FORMAT,
    version,
    system,
    seed: 0,
    policy: 'calm',
    cluster,
    workload: inTime([...workload, ...flood, ...drawInHand(draw, habits, faults), ...aftermath]),
    faults,
  }
}

export const liveArbitrary = (limits: LiveLimits, options: PlanOptions): fc.Arbitrary<Plan> =>
  arbitraryOf((draw) => drawLivePlan(draw, limits, options))
