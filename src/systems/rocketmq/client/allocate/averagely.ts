/** AVG, the default: contiguous slices whose sizes differ by one at most; the first members get the larger ones (RMQ-102). */
import type { Allocate } from './strategy.ts'

export const averagely: Allocate = (member, queues, members) => {
  const index = members.indexOf(member)
  if (index < 0) return []
  const size = Math.floor(queues.length / members.length)
  const larger = queues.length % members.length
  const start = index * size + Math.min(index, larger)
  return queues.slice(start, start + size + (index < larger ? 1 : 0))
}
