/** What travels when a producer recalls a message that waits for a time of its own (RMQ-125). */
import type { Us } from '../../plan/units.ts'
import type { Message } from '../../sim/system.ts'

/** RECALL_MESSAGE: what a recall handle says, which the broker gave out with the acknowledgement of the message. */
export type RecallRequest = Message & {
  readonly type: 'recallMessage'
  readonly op: number
  readonly topic: string
  readonly msgId: string
  readonly dueUs: Us
}
export type RecallStatus = 'SUCCESS' | 'NO_PERMISSION' | 'ILLEGAL_OPERATION' | 'SLAVE_NOT_AVAILABLE' | 'TOPIC_NOT_EXIST' | 'SYSTEM_ERROR'
export type RecallAnswer = Message & { readonly type: 'recallMessageAnswer'; readonly op: number; readonly status: RecallStatus }

export type RecallTraffic = RecallRequest | RecallAnswer
