/** Draws what administrators look for: mostly a key that messages have, at any time or in some, and their own last message. */
import type { Item, QueryBy, Topic } from '../plan/plan.ts'
import type { Us } from '../plan/units.ts'
import type { Draw, Weighted } from './draw.ts'
import { drawKey, type Habits } from './draw-workload.ts'

const BY: Weighted<QueryBy> = [
  [65, 'key'],
  [20, 'msgId'],
  [15, 'offsetMsgId'],
]

export function drawQuery(draw: Draw, habits: Habits, topic: Topic, atUs: Us): Item {
  const query: Extract<Item, { do: 'query' }> = {
    do: 'query',
    client: draw.pick(habits.cluster.producers),
    atUs,
    salt: draw.salt(),
    topic: topic.name,
    by: habits.keys === 0 ? 'msgId' : draw.weighted(BY),
  }
  if (query.by !== 'key') return query
  query.key = drawKey(draw, habits)
  if (draw.chance(400)) query.sinceUs = draw.int([0, atUs])
  if (draw.chance(200)) query.untilUs = draw.int([query.sinceUs ?? 0, atUs])
  if (draw.chance(150)) query.max = draw.int([1, 3])
  return query
}
