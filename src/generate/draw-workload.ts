/** Draws the operations of a run: a few clusters of them, so that some meet in flight and others find a cluster at rest. */
import { isBroadcasting } from '../plan/groups.ts'
import type { Cluster, Delay, Item, Operation, Topic, TxnOutcome } from '../plan/plan.ts'
import { ms, seconds, type Us } from '../plan/units.ts'
import type { Draw, Range, Weighted } from './draw.ts'
import { drawQuery } from './draw-queries.ts'
import type { Shape } from './shapes.ts'
import { drawKey, type Habits } from './draw-habits.ts'

const MODES: Weighted<'sync' | 'async' | 'oneway'> = [
  [80, 'sync'],
  [14, 'async'],
  [6, 'oneway'],
]
const OUTCOMES: Weighted<TxnOutcome> = [
  [55, 'commit'],
  [25, 'rollback'],
  [20, 'unknown'],
]
const RESETS: Weighted<'offset' | 'time' | 'end'> = [
  [50, 'offset'],
  [30, 'time'],
  [20, 'end'],
]
const GAP: Range = [50, ms(500)]

/** What a check is told: the truth, or that it is not known yet. */
function drawAnswer(draw: Draw, outcome: TxnOutcome): TxnOutcome {
  if (outcome !== 'unknown') return draw.chance(900) ? outcome : 'unknown'
  return draw.weighted<TxnOutcome>([
    [6, 'commit'],
    [3, 'rollback'],
    [1, 'unknown'],
  ])
}

/** What a shape's weights choose from; changes of a topic's queues come in protocols, see draw-resizes.ts. */
type Kind = Exclude<Operation['do'], 'resize' | 'wipeWritePerm' | 'consumeStats'>
type Message = Drawn<'send' | 'transaction' | 'load' | 'batch'>
type Drawn<K extends Item['do']> = Extract<Item, { do: K }>

// Fields are set one by one: copies of copies were a third of what a plan costs.
export function drawSend(draw: Draw, habits: Habits, topic: Topic, atUs: Us): Drawn<'send'> {
  const client = draw.pick(habits.cluster.producers)
  const send: Drawn<'send'> = {
    do: 'send',
    client,
    atUs,
    salt: draw.salt(),
    topic: topic.name,
    bytes: draw.spread(habits.bytes),
    mode: draw.weighted(MODES),
  }
  if (habits.steered) send.queue = draw.int([0, topic.queues - 1])
  if (habits.steered && topic.brokers !== undefined) send.broker = draw.pick(topic.brokers)
  return send
}

function drawTransaction(draw: Draw, habits: Habits, topic: Topic, atUs: Us): Drawn<'transaction'> {
  const client = draw.pick(habits.cluster.producers)
  const outcome = draw.weighted(OUTCOMES)
  return {
    do: 'transaction',
    client,
    atUs,
    salt: draw.salt(),
    topic: topic.name,
    bytes: draw.spread(habits.bytes),
    outcome,
    answer: drawAnswer(draw, outcome),
  }
}

function drawLoad(draw: Draw, habits: Habits, topic: Topic, atUs: Us): Drawn<'load'> {
  const client = draw.pick(habits.cluster.producers)
  const size = { workers: draw.int([1, 4]), durationUs: draw.int([seconds(5), seconds(60)]), everyUs: draw.spread([ms(10), ms(500)]) }
  return { do: 'load', client, atUs, salt: draw.salt(), topic: topic.name, bytes: draw.spread(habits.bytes), ...size }
}

function drawBatch(draw: Draw, habits: Habits, topic: Topic, atUs: Us): Drawn<'batch'> {
  const client = draw.pick(habits.cluster.producers)
  const count = draw.int([2, 6])
  // Together no larger than a single message may be.
  const bytes = Math.max(1, Math.floor(draw.spread(habits.bytes) / count))
  const batch: Drawn<'batch'> = { do: 'batch', client, atUs, salt: draw.salt(), topic: topic.name, bytes, count }
  if (habits.steered) batch.queue = draw.int([0, topic.queues - 1])
  return batch
}

const DRAWERS = { send: drawSend, transaction: drawTransaction, load: drawLoad, batch: drawBatch } as const

function setKey(item: Drawn<'send' | 'transaction'>, key: string, { shape }: Habits): void {
  item.key = key
  if (item.do !== 'send' || shape.keys.select === undefined) return
  item.select = shape.keys.select
  delete item.queue
  delete item.broker
}

function setProperties(draw: Draw, item: Message, { properties: { permille, of } }: Shape): void {
  const properties: Record<string, string> = {}
  for (const [name, values] of of) if (draw.chance(permille)) properties[name] = draw.pick(values)
  if (Object.keys(properties).length > 0) item.properties = properties
}

/** By a level; or, where a shape has such, for or until some time of its own. */
function drawDelay(draw: Draw, { delays: { levels, timers = [] } }: Shape, atUs: Us): Delay {
  if (timers.length === 0) return { level: draw.weighted(levels).level }
  const afterUs = draw.int(draw.weighted(timers))
  return draw.chance(500) ? { afterUs } : { atUs: atUs + afterUs }
}

export function drawMessage(draw: Draw, habits: Habits, kind: keyof typeof DRAWERS, topic: Topic, atUs: Us): Message {
  const item = DRAWERS[kind](draw, habits, topic, atUs)
  if (habits.keys > 0 && (item.do === 'send' || item.do === 'transaction') && draw.chance(habits.shape.keys.permille))
    setKey(item, drawKey(draw, habits), habits)
  const { delays, tags } = habits.shape
  if (tags.permille > 0 && draw.chance(tags.permille)) item.tag = draw.pick(tags.of)
  if (delays.permille > 0 && item.do === 'send' && draw.chance(delays.permille)) item.delay = drawDelay(draw, habits.shape, atUs)
  if (habits.shape.properties.permille > 0) setProperties(draw, item, habits.shape)
  if (habits.failing && draw.chance(350)) item.fails = draw.chance(800) ? 1 : draw.int([2, 4])
  return item
}

/** An administrator moves some group in its topic: anywhere near, to a time of this run, or to the end. */
function drawReset(draw: Draw, { cluster, shape }: Habits, topic: Topic, atUs: Us): Item | null {
  const groups = cluster.groups.filter((group) => !isBroadcasting(group) && group.topics.includes(topic.name))
  if (groups.length === 0) return null
  const client = draw.pick(cluster.producers)
  const reset: Drawn<'resetOffset'> = {
    do: 'resetOffset',
    client,
    atUs,
    salt: draw.salt(),
    topic: topic.name,
    group: draw.pick(groups).name,
  }
  const where = draw.weighted<'offset' | 'time' | 'end'>(RESETS)
  if (where === 'offset') reset.offset = draw.int([0, 4])
  if (where === 'time') reset.timestampUs = draw.int([0, Math.min(atUs, shape.spanUs[1])])
  if (draw.chance(300)) reset.queue = draw.int([0, topic.queues - 1])
  return reset
}

function drawItem(draw: Draw, habits: Habits, kind: Kind, topic: Topic, atUs: Us): Item {
  if (kind === 'resetOffset') return drawReset(draw, habits, topic, atUs) ?? drawMessage(draw, habits, 'send', topic, atUs)
  if (kind === 'query') return drawQuery(draw, habits, topic, atUs)
  if (kind === 'recall') return { do: kind, client: draw.pick(habits.cluster.producers), atUs, salt: draw.salt(), topic: topic.name }
  if (kind !== 'createTopic') return drawMessage(draw, habits, kind, topic, atUs)
  return { do: kind, client: draw.pick(habits.cluster.producers), atUs, salt: draw.salt(), topic: 'V', queues: draw.int([1, 3]) }
}

const canRun = (cluster: Cluster): boolean => cluster.producers.length > 0 && cluster.topics.length > 0

export function drawWorkload(draw: Draw, habits: Habits): Item[] {
  const { shape, cluster } = habits
  if (!canRun(cluster)) return []
  const span = draw.int(shape.spanUs)
  const cursors = Array.from({ length: draw.weighted(shape.clusters) }, () => draw.int([0, span]))
  // Most runs start at once: a quiet beginning tests nothing.
  if (draw.chance(600)) cursors[0] = draw.spread([1, ms(100)])
  const count = draw.int(draw.weighted(shape.operations))
  return Array.from({ length: count }, () => {
    const which = draw.int([0, cursors.length - 1])
    const atUs = cursors[which] ?? 0
    cursors[which] = atUs + draw.spread(GAP)
    return drawItem(draw, habits, draw.weighted(shape.items), draw.pick(cluster.topics), atUs)
  })
}

/** What a recovery has forgotten is found out by who looks for it. */
const isAsking = ({ shape }: Habits): boolean => shape.items.some(([, kind]) => kind === 'query')

/** A few operations once the last fault is over: what comes after a recovery shows what the recovery forgot. */
export function drawAftermath(draw: Draw, habits: Habits, fromUs: Us): Item[] {
  const { cluster } = habits
  if (!canRun(cluster)) return []
  const topic = draw.pick(cluster.topics)
  let atUs = fromUs + draw.spread([ms(1), seconds(8)])
  return Array.from({ length: draw.int([1, 4]) }, () => {
    const item = drawItem(draw, habits, isAsking(habits) && draw.chance(600) ? 'query' : 'send', topic, atUs)
    atUs += draw.spread(GAP)
    return item
  })
}
