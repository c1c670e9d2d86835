/** AVG_BY_CIRCLE: queues are dealt out like cards (RMQ-102). A broker that stops then takes a little from everybody. */
import type { Allocate } from './strategy.ts'

export const byCircle: Allocate = (member, queues, members) => {
  const index = members.indexOf(member)
  return index < 0 ? [] : queues.filter((_, k) => k % members.length === index)
}
