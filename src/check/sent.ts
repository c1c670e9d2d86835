/** What is remembered of a send from its beginning on. */
import type { Labels } from '../plan/labels.ts'
import type { Delay } from '../plan/plan.ts'
import type { QueueName } from '../plan/queues.ts'
import type { Us } from '../plan/units.ts'

/** A send that has begun. */
export interface Sent {
  readonly seq: number
  /** What is looked up again and again, copied from the event, which by then is far away in memory. */
  readonly i: number
  readonly t: Us
  readonly topic: string
  readonly digest: number
  readonly half: boolean
  /** The queue that whoever sent it has named, or null. */
  readonly queue: QueueName | null
  /** What groups choose it by. */
  readonly labels: Labels
  /** How it is delayed, or null. */
  readonly delay: Delay | null
  /** It has not been acknowledged. */
  open: boolean
}
