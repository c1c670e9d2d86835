/** Replaces the values of a plan by plainer ones, where it fails all the same: defaults, and the milder of two faults. */
import { levelAsked } from '../plan/delay-levels.ts'
import type { Fault } from '../plan/faults.ts'
import type { Item, Plan } from '../plan/plan.ts'
import { firstOf, simplerNumbers, simplerTimes, type Shrinking } from './shrinking.ts'

/** The size of a message whose size does not matter. */
const BYTES = 100
/** Fields of a configuration that a reader wants to see, even where they say what is the default. */
const KEPT_CONFIG: readonly string[] = ['flushDiskType', 'preset']

type Load = Extract<Item, { do: 'load' }>
type Transaction = Extract<Item, { do: 'transaction' }>
type Send = Extract<Item, { do: 'send' }>
type Resize = Extract<Item, { do: 'resize' }>
type Reset = Extract<Item, { do: 'resetOffset' }>
type Query = Extract<Item, { do: 'query' }>
type Batch = Extract<Item, { do: 'batch' }>

function* plainerMessage(item: Send | Transaction | Load | Batch): Iterable<Item> {
  if (item.bytes !== BYTES) for (const bytes of [BYTES, ...simplerNumbers(item.bytes)]) yield { ...item, bytes }
  if ('key' in item && item.key !== undefined) {
    const bare = { ...item }
    delete bare.key
    if ('select' in bare) delete bare.select
    yield bare
  }
  if ('select' in item && item.select !== undefined) {
    const inTurn = { ...item }
    delete inTurn.select
    yield inTurn
  }
  if (item.properties !== undefined) {
    const bare = { ...item }
    delete bare.properties
    yield bare
    for (const gone of Object.keys(item.properties))
      yield { ...item, properties: Object.fromEntries(Object.entries(item.properties).filter(([name]) => name !== gone)) }
  }
  if (item.tag !== undefined) {
    const bare = { ...item }
    delete bare.tag
    yield bare
  }
  if (item.fails !== undefined) {
    const never = { ...item }
    delete never.fails
    yield never
    for (const fewer of simplerNumbers(item.fails)) yield { ...item, fails: fewer }
  }
}

function* plainerSend(item: Send): Iterable<Item> {
  if (item.mode !== 'sync') yield { ...item, mode: 'sync' }
  if (item.delay !== undefined) {
    const { delay, ...rest } = item
    yield rest
    if (levelAsked(delay) !== 1) yield { ...item, delay: { level: 1 } }
    if ('atUs' in delay) for (const atUs of simplerTimes(delay.atUs)) yield { ...item, delay: { atUs } }
    if ('afterUs' in delay) for (const afterUs of simplerTimes(delay.afterUs)) yield { ...item, delay: { afterUs } }
  }
  if (item.queue !== undefined) {
    const { queue, ...rest } = item
    yield rest
    if (queue > 0) yield { ...item, queue: 0 }
  }
}

function* plainerTransaction(item: Transaction): Iterable<Item> {
  const { outcome, answer, ...rest } = item
  yield { ...rest, do: 'send', mode: 'sync' }
  if (answer !== outcome) yield { ...item, answer: outcome }
  if (outcome !== 'commit') yield { ...item, outcome: 'commit', answer: 'commit' }
}

function* plainerLoad(item: Load): Iterable<Item> {
  const { workers, durationUs, everyUs, ...rest } = item
  yield { ...rest, do: 'send', mode: 'sync' }
  for (const fewer of simplerNumbers(workers)) yield { ...item, workers: fewer }
  for (const shorter of simplerTimes(durationUs)) if (shorter > 0) yield { ...item, durationUs: shorter }
  for (let rarer = durationUs; rarer > 2 * everyUs; rarer = Math.floor(rarer / 2)) yield { ...item, everyUs: rarer }
}

function* plainerBatch(item: Batch): Iterable<Item> {
  const { count, ...rest } = item
  yield { ...rest, do: 'send', mode: 'sync' }
  for (const fewer of simplerNumbers(count)) if (fewer > 0) yield { ...item, count: fewer }
  if (item.queue === undefined) return
  const { queue, ...anywhere } = item
  yield anywhere
  if (queue > 0) yield { ...item, queue: 0 }
}

/** An operator who does not wait, or not so long; and one number of queues. */
function* plainerResize(item: Resize): Iterable<Item> {
  const { drainUs, barrierUs, ...atOnce } = item
  if (drainUs !== undefined || barrierUs !== undefined) yield atOnce
  if (drainUs !== undefined) for (const shorter of simplerTimes(drainUs)) if (shorter > 0) yield { ...item, drainUs: shorter }
  if (barrierUs !== undefined) for (const shorter of simplerTimes(barrierUs)) if (shorter > 0) yield { ...item, barrierUs: shorter }
  for (const queues of [item.readQueues, item.writeQueues])
    if (item.readQueues !== item.writeQueues) yield { ...item, readQueues: queues, writeQueues: queues }
}

/** A message in its place, all queues in the place of one, the beginning in the place of a time. */
function* plainerReset(item: Reset): Iterable<Item> {
  const { client, atUs, salt, topic, group, queue, offset, timestampUs } = item
  yield { do: 'send', client, atUs, salt, topic, bytes: BYTES, mode: 'sync' }
  const everywhere: Reset = { do: 'resetOffset', client, atUs, salt, topic, group }
  if (queue !== undefined) {
    if (timestampUs !== undefined) yield { ...everywhere, timestampUs }
    else yield offset === undefined ? everywhere : { ...everywhere, offset }
  }
  if (timestampUs !== undefined) yield { ...everywhere, offset: 0 }
  if (offset !== undefined) for (const fewer of simplerNumbers(offset)) yield { ...item, offset: fewer }
}

/** All times in the place of some, and the usual number of answers. */
function* plainerQuery(item: Query): Iterable<Item> {
  const { sinceUs, untilUs, max, ...whenever } = item
  if (sinceUs !== undefined && untilUs !== undefined) {
    yield { ...whenever, sinceUs, ...(max === undefined ? {} : { max }) }
    yield { ...whenever, untilUs, ...(max === undefined ? {} : { max }) }
  }
  if (sinceUs !== undefined || untilUs !== undefined) yield { ...whenever, ...(max === undefined ? {} : { max }) }
  if (max !== undefined) yield { ...whenever, ...(sinceUs === undefined ? {} : { sinceUs }), ...(untilUs === undefined ? {} : { untilUs }) }
}

export function* plainerItem(item: Item): Iterable<Item> {
  switch (item.do) {
    case 'start':
    case 'stop':
    case 'wipeWritePerm':
    case 'consumeStats':
    case 'recall':
      return
    case 'createTopic':
      if (item.queues > 1) yield { ...item, queues: 1 }
      return
    case 'resize':
      yield* plainerResize(item)
      return
    case 'resetOffset':
      yield* plainerReset(item)
      return
    case 'seek':
      if (item.offset !== undefined) for (const fewer of simplerNumbers(item.offset)) yield { ...item, offset: fewer }
      return
    case 'pauseQueue':
      for (const forUs of simplerTimes(item.forUs)) if (forUs > 0) yield { ...item, forUs }
      return
    case 'query':
      yield* plainerQuery(item)
      return
    case 'send':
      yield* plainerSend(item)
      break
    case 'transaction':
      yield* plainerTransaction(item)
      break
    case 'batch':
      yield* plainerBatch(item)
      break
    case 'load':
      yield* plainerLoad(item)
      break
  }
  yield* plainerMessage(item)
}

type Crash = Extract<Fault, { kind: 'processKill' | 'powerLoss' }>

/** At its time, or sooner in its work. */
function* plainerPoint(fault: Crash): Iterable<Fault> {
  const { point, ...rest } = fault
  if (point === undefined) return
  yield rest
  if ('after' in point) for (const after of simplerNumbers(point.after)) if (after > 0) yield { ...fault, point: { after } }
  if ('before' in point) for (const before of simplerNumbers(point.before)) if (before > 0) yield { ...fault, point: { before } }
}

/** Alone, or with one fewer. */
function* smallerZone(fault: Extract<Fault, { kind: 'cut' }>): Iterable<Fault> {
  const { with: zone = [], ...alone } = fault
  if (zone.length > 0) yield alone
  if (zone.length > 1) for (const gone of zone) yield { ...fault, with: zone.filter((name) => name !== gone) }
}

export function* plainerFault(fault: Fault): Iterable<Fault> {
  switch (fault.kind) {
    case 'processKill':
      yield* plainerPoint(fault)
      return
    case 'diskLoss':
      yield { ...fault, kind: 'powerLoss', keep: 'none' }
      return
    case 'powerLoss': {
      const { keep, ...rest } = fault
      yield { ...rest, kind: 'processKill' }
      if (keep !== 'none') yield { ...fault, keep: 'none' }
      if (keep !== 'none' && keep !== 'all') yield { ...fault, keep: 'all' }
      if (keep === 'holes') yield { ...fault, keep: 'prefix' }
      yield* plainerPoint(fault)
      return
    }
    case 'clockOffset':
    case 'clockJump':
      for (const byUs of simplerNumbers(fault.byUs)) yield { ...fault, byUs }
      return
    case 'clockDrift':
      for (const ppm of simplerNumbers(fault.ppm)) yield { ...fault, ppm }
      return
    case 'netLoss':
    case 'netDelay':
    case 'netDuplicate':
    case 'netReorder':
      if (fault.permille < 1000) yield { ...fault, permille: 1000 }
      return
    case 'cut':
      yield* smallerZone(fault)
      if (fault.oneWay) yield { ...fault, oneWay: false }
      return
    default:
      return
  }
}

export function* eachOf<T>(items: readonly T[], plainer: (item: T) => Iterable<T>): Shrinking<readonly T[]> {
  let best = items
  for (let index = 0; index < best.length; index++) {
    for (;;) {
      const before = best
      const item = before[index]
      if (item === undefined) break
      const made: readonly T[] = yield* firstOf(
        before,
        [...plainer(item)].map((one) => before.with(index, one)),
      )
      if (made === before) break
      best = made
    }
  }
  return best
}

type Config = Plan['cluster']['config']
const isRecord = (value: Config[string] | undefined): value is Config =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function* plainerConfig(config: Config): Iterable<Config> {
  for (const [field, value] of Object.entries(config)) {
    if (KEPT_CONFIG.includes(field)) continue
    yield Object.fromEntries(Object.entries(config).filter(([name]) => name !== field))
    if (!isRecord(value)) continue
    for (const gone of Object.keys(value))
      yield { ...config, [field]: Object.fromEntries(Object.entries(value).filter(([name]) => name !== gone)) }
  }
}
