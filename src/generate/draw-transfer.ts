/** Draws what a backlog is moved with: a group that sends on what it is given, from a topic to another with more queues, and a group that reads there. */
import type { Group, Topic } from '../plan/plan.ts'
import type { Draw } from './draw.ts'
import type { Shape } from './shapes.ts'

/** How many times as many queues the other topic has, and how many members its readers. */
const TIMES = [2, 4] as const

/** Two topics where there were two, and the second one larger. */
export function widened(draw: Draw, [first, second]: readonly Topic[]): Topic[] {
  if (first === undefined || second === undefined) throw new Error('a transfer needs two topics')
  return [first, { ...second, queues: first.queues * draw.int(TIMES) }]
}

export function drawTransfer(draw: Draw, shape: Shape, [from, to]: readonly Topic[]): Group[] {
  if (from === undefined || to === undefined) throw new Error('a transfer needs two topics')
  const [movers, readers] = [draw.weighted(shape.consumers), draw.weighted(shape.consumers)]
  const names = (first: number, count: number): string[] => Array.from({ length: count }, (_, k) => `c${first + k}`)
  return [
    { name: 'g', topics: [from.name], consumers: names(1, movers), forward: { to: to.name, when: draw.weighted(shape.forwards) } },
    { name: 'h', topics: [to.name], consumers: names(movers + 1, readers) },
  ]
}
