/** What travels between a pop consumer and a broker: POP_MESSAGE, ACK_MESSAGE, CHANGE_MESSAGE_INVISIBLETIME (RMQ-110, RML-021). */
import type { Us } from '../../plan/units.ts'
import type { Message } from '../../sim/system.ts'
import type { PulledMessage } from './messages.ts'

/** Of all queues of a topic at one broker (queue id -1), and of the group's retry queue, up to `max` messages. */
export type PopRequest = Message & {
  readonly type: 'pop'
  readonly request: number
  readonly group: string
  readonly clientId: string
  readonly topic: string
  readonly max: number
  /** So long nobody else of the group is given what this one takes. */
  readonly invisibleUs: Us
  readonly order: boolean
}

/** Names one taking of one message. `topic`, `queue` and `offset` say where it lay: in a retry queue, once it was taken before. */
export interface Receipt {
  readonly topic: string
  readonly queue: number
  readonly offset: number
  readonly startOffset: number
  /** By the broker's wall clock. */
  readonly popTime: Us
  readonly invisibleUs: Us
  /** Where its checkpoint is; -1: there is none, it was popped in order. */
  readonly reviveQueue: number
}
export type PoppedMessage = PulledMessage & { readonly receipt: Receipt; readonly attempt: number }

/** NOT_FOUND: nothing came while the broker held the request. */
export type PopAnswer = Message & {
  readonly type: 'popAnswer'
  readonly request: number
  readonly status: 'FOUND' | 'NOT_FOUND' | 'NOT_SUBSCRIBED' | 'ERROR'
  readonly messages: readonly PoppedMessage[]
}

/** `op` names the call; its answer brings it back as a whole, so that nobody has to remember it. */
export type AckRequest = Message & {
  readonly type: 'ack'
  readonly op: number
  readonly group: string
  readonly message: number
  readonly receipt: Receipt
}
export type AckAnswer = Message & { readonly type: 'ackAnswer'; readonly asked: AckRequest; readonly accepted: boolean }

/** From now on the message is hidden for so long. */
export type ChangeInvisible = Message & {
  readonly type: 'changeInvisible'
  readonly op: number
  readonly group: string
  readonly message: number
  readonly receipt: Receipt
  readonly invisibleUs: Us
}
/** `until`: by the broker's wall clock. */
export type ChangeInvisibleAnswer = Message & {
  readonly type: 'changeInvisibleAnswer'
  readonly asked: ChangeInvisible
  readonly accepted: boolean
  readonly until: Us
}

export type PopTraffic = PopRequest | PopAnswer | AckRequest | AckAnswer | ChangeInvisible | ChangeInvisibleAnswer
