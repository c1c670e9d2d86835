/** What travels between an administrator's client and a broker whose messages it looks for: QUERY_MESSAGE, VIEW_MESSAGE_BY_ID (RMQ-140). */
import type { Us } from '../../plan/units.ts'
import type { Message } from '../../sim/system.ts'

/** QUERY_MESSAGE: of what was stored since a time and until another, by the broker's wall clock, at most `max`. */
export type QueryMessage = Message & {
  readonly type: 'queryMessage'
  readonly op: number
  readonly topic: string
  readonly key: string
  /** The key is the id that a client gave. */
  readonly unique: boolean
  readonly since: Us
  readonly until: Us
  readonly max: number
}
/** VIEW_MESSAGE_BY_ID: what lies at this place of the log. */
export type ViewMessage = Message & { readonly type: 'viewMessage'; readonly op: number; readonly at: number }

export interface FoundMessage {
  readonly message: number
  readonly msgId: string
  readonly key: string
  readonly topic: string
  readonly queue: number
  readonly offset: number
  readonly at: number
  readonly storeTime: Us
}
/** The answer to either; nothing found is an answer, too. */
export type QueryMessageAnswer = Message & {
  readonly type: 'queryMessageAnswer'
  readonly op: number
  readonly messages: readonly FoundMessage[]
}

export type QueryTraffic = QueryMessage | ViewMessage | QueryMessageAnswer
