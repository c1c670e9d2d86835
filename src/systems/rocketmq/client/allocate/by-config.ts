/** CONFIG: each member is told its queues, and looks at nothing (RMQ-102). Whether all queues are told to somebody is nobody's concern. */
import type { Allocate, MessageQueue } from './strategy.ts'

export const byConfig =
  (told: ReadonlyMap<string, readonly MessageQueue[]>): Allocate =>
  (member) =>
    told.get(member) ?? []
