/** Draws what an operator does to the numbers of a topic's queues: mostly in the right order, and some messages around each of his steps. */
import type { Item, Topic } from '../plan/plan.ts'
import { ms, seconds, type Us } from '../plan/units.ts'
import type { Draw, Range } from './draw.ts'
import { drawMessage, drawSend } from './draw-workload.ts'
import type { Habits } from './draw-habits.ts'
import type { Resizing } from './shapes.ts'

type Resize = Extract<Item, { do: 'resize' }>
/** Since the step before. */
type Part = Pick<Resize, 'readQueues' | 'writeQueues' | 'drainUs' | 'barrierUs'> & { readonly afterUs: Us }

/** Long enough for clients to hear of the change, and too short. */
const WAIT: Range = [seconds(66), seconds(100)]
const HASTE: Range = [ms(1), seconds(60)]
/** Clients hear of a step within 30 s. */
const AROUND: Range = [-seconds(2), seconds(40)]
const DRAIN: Range = [seconds(20), seconds(90)]

const part = (readQueues: number, writeQueues: number, afterUs: Us): Part => ({ readQueues, writeQueues, afterUs })

/** For keys that are to be kept in order: to a multiple, and readers wait for each group; or a part of that left out. */
function inOrder(draw: Draw, way: Resizing, now: number): Part[] {
  const more = way === 'grow by some' ? now + draw.int([1, 3]) : now * draw.int([2, 3])
  if (way === 'grow at once') return [part(more, more, 0)]
  const barrier = { barrierUs: draw.int(DRAIN) }
  return [part(now, more, 0), { ...part(more, more, way === 'grow in haste' ? draw.spread(HASTE) : draw.int(WAIT)), ...barrier }]
}

function partsOf(draw: Draw, way: Resizing, now: number): Part[] {
  const [less, more] = [draw.int([1, Math.max(1, now - 1)]), now + draw.int([1, 3])]
  const drained = { drainUs: draw.int(DRAIN) }
  switch (way) {
    case 'grow in order':
    case 'grow in haste':
    case 'grow by some':
    case 'grow at once':
      return inOrder(draw, way, now)
    case 'grow':
      return [part(now, more, 0), part(more, more, draw.spread(HASTE))]
    case 'grow readers first':
      return [part(more, now, 0), part(more, more, draw.spread(HASTE))]
    case 'shrink':
      return [part(now, less, 0), { ...part(less, less, draw.int(WAIT)), ...drained }]
    case 'shrink and grow again':
      return [part(now, less, 0), { ...part(less, less, draw.int(WAIT)), ...drained }, part(now, now, draw.spread(HASTE))]
    case 'shrink in haste':
      return [part(now, less, 0), { ...part(less, less, draw.spread(HASTE)), ...drained }]
    case 'shrink readers first':
      return [part(less, now, 0), part(less, less, draw.spread(HASTE))]
    default:
      return [part(less, less, 0)]
  }
}

/** Where messages have keys, those that are sent near a step have them too. */
function drawNear(draw: Draw, habits: Habits, topic: Topic, atUs: Us): Item {
  const sentAt = Math.max(0, atUs + draw.int(AROUND))
  return habits.keys > 0 ? drawMessage(draw, habits, 'send', topic, sentAt) : drawSend(draw, habits, topic, sentAt)
}

function drawSteps(draw: Draw, habits: Habits, topic: Topic, way: Resizing): Item[] {
  const client = draw.pick(habits.cluster.producers)
  // Some of the brokers that do not have the topic get it.
  const strangers = habits.cluster.brokers.filter((broker) => topic.brokers !== undefined && !topic.brokers.includes(broker))
  const brokers = strangers.length > 0 && draw.chance(700) ? { brokers: [...(topic.brokers ?? []), draw.pick(strangers)] } : {}
  let atUs = draw.spread([ms(1), seconds(30)])
  return partsOf(draw, way, topic.queues).flatMap(({ afterUs, ...numbers }) => {
    atUs += afterUs
    const around = Array.from({ length: draw.int(habits.keys > 0 ? [4, 12] : [0, 4]) }, () => drawNear(draw, habits, topic, atUs))
    return [{ do: 'resize', client, atUs, salt: draw.salt(), topic: topic.name, ...numbers, ...brokers } satisfies Resize, ...around]
  })
}

/** Nothing is drawn for a shape that has no such operator. */
export function drawResizes(draw: Draw, habits: Habits): Item[] {
  const { shape, cluster } = habits
  if (shape.resizings.length === 0 || cluster.producers.length === 0 || cluster.topics.length === 0) return []
  return drawSteps(draw, habits, draw.pick(cluster.topics), draw.weighted(shape.resizings))
}
