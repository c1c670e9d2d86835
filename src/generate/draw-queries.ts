/** Draws what administrators look for: mostly a key that messages have, at any time or in some, and their own last message. */
import type { AskedBy, Item, Topic } from '../plan/plan.ts'
import type { Draw, Weighted } from './draw.ts'
import { seconds, type Us } from '../plan/units.ts'
import { drawKey, type Habits } from './draw-habits.ts'

/** Where a shape does not say. */
const BY: Weighted<AskedBy> = [
  [65, 'key'],
  [20, 'msgId'],
  [15, 'offsetMsgId'],
]

const TOLD_WITHIN: Us = seconds(30)

export function drawQuery(draw: Draw, habits: Habits, topic: Topic, atUs: Us): Item {
  const { asked } = habits.shape
  const query: Extract<Item, { do: 'query' }> = {
    do: 'query',
    client: draw.pick(habits.cluster.producers),
    atUs,
    salt: draw.salt(),
    topic: topic.name,
    by: habits.keys === 0 && asked === undefined ? 'msgId' : draw.weighted(asked ?? BY),
  }
  // What clients tell takes its time.
  if (query.by === 'trace') query.atUs += draw.int([0, TOLD_WITHIN])
  if (query.by !== 'key') return query
  query.key = drawKey(draw, habits)
  if (draw.chance(400)) query.sinceUs = draw.int([0, atUs])
  if (draw.chance(200)) query.untilUs = draw.int([query.sinceUs ?? 0, atUs])
  if (draw.chance(150)) query.max = draw.int([1, 3])
  return query
}
