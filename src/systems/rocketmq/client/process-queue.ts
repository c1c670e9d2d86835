/** What a consumer holds of one queue: the messages that are not finished, and how far the group has come (RMQ-093). */
import type { Us } from '../../../plan/units.ts'
import type { PulledMessage } from '../messages.ts'
import { takeOut } from '../take-out.ts'
import type { ClientRules } from './rules.ts'

export interface Held {
  readonly message: PulledMessage
  /** Deliveries that failed, those before it came to a retry queue included. */
  reconsumeTimes: number
  /** When it was last given to a listener, by the wall clock; -1: not yet. */
  givenAt: Us
  /** Holds back the progress of the group. */
  pins: boolean
}

export interface ProcessQueue {
  /** In the order of their offsets. */
  held: Held[]
  /** Of their bodies. */
  bytes: number
  largestSeen: number | null
  largestFinished: number | null
  /** What the group may report: the next offset that it wants. Grows only (RMQ-093). */
  progress: number
}

export const newProcessQueue = (start: number): ProcessQueue => ({
  held: [],
  bytes: 0,
  largestSeen: null,
  largestFinished: null,
  progress: start,
})

/** Takes up a message; one that is held already, or was passed, comes a second time and is left. */
export function take(queue: ProcessQueue, message: PulledMessage): Held | null {
  if (queue.largestSeen !== null && message.offset <= queue.largestSeen) return null
  queue.largestSeen = message.offset
  queue.bytes += message.bytes
  queue.held.push({ message, reconsumeTimes: message.reconsumeTimes ?? 0, givenAt: -1, pins: true })
  return queue.held[queue.held.length - 1] as Held
}

export function find(queue: ProcessQueue, offset: number): Held | undefined {
  for (const held of queue.held) if (held.message.offset === offset) return held
  return undefined
}

/** A message has reached a state in which it may no longer hold back the progress. */
export function note(queue: ProcessQueue, held: Held, state: 'delivered' | 'failed' | 'succeeded', rules: ClientRules): void {
  if (rules.mayForget(state)) held.pins = false
  if (state === 'succeeded') {
    queue.largestFinished = Math.max(queue.largestFinished ?? -1, held.message.offset)
    queue.bytes -= rules.releasedBytes(held.message.bytes)
    takeOut(
      queue.held,
      queue.held.findIndex((one) => one.message.offset === held.message.offset),
    )
  }
  const next = rules.nextCommitOffset({
    smallestUnfinished: smallestUnfinished(queue),
    largestSeen: queue.largestSeen,
    largestFinished: queue.largestFinished,
  })
  if (next !== null) queue.progress = Math.max(queue.progress, next)
}

function smallestUnfinished(queue: ProcessQueue): number | null {
  for (const held of queue.held) if (held.pins) return held.message.offset
  return null
}

export const spanOf = (queue: ProcessQueue): number => {
  const first = queue.held[0]
  return first === undefined || queue.largestSeen === null ? 0 : queue.largestSeen - first.message.offset
}

export const forkProcessQueue = (queue: ProcessQueue): ProcessQueue => ({ ...queue, held: queue.held.map((held) => ({ ...held })) })
