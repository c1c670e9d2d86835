/** How the messages of a queue come to listeners: many at a time in any order, or one at a time in the order of the queue. */
import type { Delivery } from '../../target.ts'
import type { StoredMessage } from '../remoting/record.ts'
import type { QueueOf } from '../remoting/pulls.ts'
import type { Held, ProcessQueue } from './process-queue.ts'

/** The work on what is held of a queue: another one with each start, so that results for an earlier one are void (RMQ-094). */
export interface QueueWork {
  readonly processing: ProcessQueue
  /** Messages were pulled. */
  take(messages: readonly StoredMessage[]): void
  /** It counts no more, and gives nothing more to listeners. */
  drop(): void
}

export type HandOver = (delivery: Delivery) => void

export const deliveryOf = ({ topic, queue }: QueueOf, { message, attempts }: Held, rest: Pick<Delivery, 'settle' | 'begin'>): Delivery => ({
  topic,
  queue,
  offset: message.offset,
  payload: message.body,
  attempt: message.reconsumed + attempts,
  ...rest,
})
