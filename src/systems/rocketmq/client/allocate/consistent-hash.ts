/**
 * CONSISTENT_HASH: ten points a member on a ring; a queue belongs to the member whose point follows it (RMQ-102). When a member comes or goes only
 * its own queues move, and nobody promises that the shares are alike. A point is the first four bytes of an MD5.
 */
import { md5 } from './md5.ts'
import type { Allocate, MessageQueue } from './strategy.ts'

const POINTS = 10

/** As RocketMQ writes a queue down: it is what gets hashed. */
const textOf = ({ topic, broker, queue }: MessageQueue): string => `MessageQueue [topic=${topic}, brokerName=${broker}, queueId=${queue}]`

/** The ring, point by point from the smallest. Of two that collide the one that came last stays. */
export function ringOf(members: readonly string[], points: number): readonly (readonly [point: number, member: string])[] {
  const ring = new Map<number, string>()
  for (const member of members) for (let k = 0; k < points; k++) ring.set(md5(`${member}-${k}`), member)
  return [...ring].toSorted(([x], [y]) => x - y)
}

/** Hashing is what this strategy costs. Rings by the list that they were made of, points by their queue: members mostly share one view. */
const rings = new WeakMap<readonly string[], ReturnType<typeof ringOf>>()
function knownRing(members: readonly string[]): ReturnType<typeof ringOf> {
  const known = rings.get(members) ?? ringOf(members, POINTS)
  rings.set(members, known)
  return known
}

const points = new WeakMap<MessageQueue, number>()
function pointOf(queue: MessageQueue): number {
  const point = points.get(queue) ?? md5(textOf(queue))
  points.set(queue, point)
  return point
}

export const byConsistentHash: Allocate = (member, queues, members) => {
  if (!members.includes(member)) return []
  const ring = knownRing(members)
  const ownerOf = (queue: MessageQueue): string | undefined => {
    const at = pointOf(queue)
    return (ring.find(([point]) => point >= at) ?? ring[0])?.[1]
  }
  return queues.filter((queue) => ownerOf(queue) === member)
}
