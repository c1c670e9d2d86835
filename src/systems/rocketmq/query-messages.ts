/** What travels between an administrator's client and a broker into which he looks: for messages (RMQ-140), or for how far a group is behind. */
import type { Us } from '../../plan/units.ts'
import type { Message } from '../../sim/system.ts'
import type { Line } from './trace-messages.ts'

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
export type ViewMessage = Message & { readonly type: 'viewMessage'; readonly op: number; readonly topic: string; readonly at: number }

export interface FoundMessage {
  readonly message: number
  readonly msgId: string
  readonly key: string
  readonly topic: string
  readonly queue: number
  readonly offset: number
  readonly at: number
  readonly storeTime: Us
  /** Of a record of the trace topic: what it says. */
  readonly lines?: readonly Line[]
}
/** The answer to either; nothing found is an answer, too. */
export type QueryMessageAnswer = Message & {
  readonly type: 'queryMessageAnswer'
  readonly op: number
  readonly messages: readonly FoundMessage[]
  /** Who asks may not: he is told nothing. */
  readonly denied: boolean
}

/** GET_CONSUME_STATS: where a group and the queues of a topic stand. */
export type GetProgress = Message & { readonly type: 'getProgress'; readonly op: number; readonly group: string; readonly topic: string }
export interface QueueProgress {
  readonly queue: number
  /** One more than the last offset that can be pulled. */
  readonly brokerOffset: number
  /** The next one that the group wants, as far as the broker was told. */
  readonly consumerOffset: number
}
export type Progress = Message & { readonly type: 'progress'; readonly op: number; readonly queues: readonly QueueProgress[] }

export type QueryTraffic = QueryMessage | ViewMessage | QueryMessageAnswer | GetProgress | Progress
