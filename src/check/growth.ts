/**
 * Did an operator give a topic more queues in a way that keeps the messages of a key in order? To a multiple of what it had, so that a key stays
 * where it is or goes to a queue that is new; writers first; a wait in which every producer hears of it; and the new queues are opened for readers
 * once every group has read the others to the ends that they have by then.
 */
import { numberOfQueue } from '../plan/queues.ts'
import type { Us } from '../plan/units.ts'
import type { Pair } from './keyed-order.ts'
import { HEARD_WITHIN, type Change } from './operator.ts'

/**
 * right: no two messages of a key may be inverted. Else why they may be: no multiple, the key went to another queue that was there before; read at once,
 * the new queue was opened for readers with its writers; in doubt, a change may have been made at some of the brokers only; no wait, producers had not the time to hear
 * of it; no barrier, nobody looked how far groups were; not heard, the earlier message was still sent by the old list when that was looked at.
 */
export type Growth = 'right' | 'no multiple' | 'read at once' | 'in doubt' | 'no wait' | 'no barrier' | 'not heard'

const queuesOf = ({ keyed: { list } }: Pair['before']): number => list?.queues ?? 0
const brokersOf = ({ keyed: { list } }: Pair['before']): string => list?.brokers.join(' ') ?? ''

/** The later message was sent by a list of the same brokers, with more queues. */
export const isGrown = ({ before, after }: Pair): boolean =>
  queuesOf(after) > queuesOf(before) && queuesOf(before) > 0 && brokersOf(after) === brokersOf(before)

/** `changes`: what was done to the topic at the broker of the later message, in order. */
export function growthOf(changes: readonly Change[], pair: Pair): Growth {
  const { before, after } = pair
  if (before.ack.v.queue === after.ack.v.queue) return 'right'
  const queue = numberOfQueue(after.ack.v.queue)
  const brokers = before.keyed.list?.brokers.length ?? 1
  // RMQ-015: a list is that of one broker after the other, so that only the queues of a single one keep their places in it.
  if (queue < queuesOf(before) / brokers) return brokers === 1 && queuesOf(after) % queuesOf(before) === 0 ? 'right' : 'no multiple'
  // A topic may have grown, shrunk and grown again: the last growth before the later message is what let it in.
  const raises = (one: Change, k: number): boolean => one.v.writeQueues > queue && (changes[k - 1]?.v.writeQueues ?? 0) <= queue
  const written = changes.findLastIndex((one, k) => one.begunAt <= after.ack.t && raises(one, k))
  const write = changes[written]
  if (write === undefined || !write.certain) return 'in doubt'
  if (write.v.readQueues > queue) return 'read at once'
  const read = changes.slice(written + 1).find((one) => one.v.readQueues > queue)
  return read === undefined ? 'right' : openedBy(write, read, before.ack.t)
}

function openedBy(write: Change, read: Change, sentAt: Us): Growth {
  if (read.begunAt - write.endedAt < HEARD_WITHIN) return 'no wait'
  if (read.v.barrier !== true) return 'no barrier'
  return sentAt < read.begunAt ? 'right' : 'not heard'
}
