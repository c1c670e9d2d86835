/** Looking for messages: by the application's key, by the id that a client gave, or by a place in a broker's log; and what is found. */
import type { QueryBy } from '../plan/plan.ts'
import type { QueueName } from '../plan/queues.ts'
import type { Us } from '../plan/units.ts'
import type { Op } from './event.ts'

/**
 * Somebody asks for the messages of a topic with this key, at most `max` of each broker, the newest ones. By an id, it is that of message `of`.
 * Times are those of the brokers' wall clocks, counted from when a run begins; -1: no bound.
 */
export type QueryInvoke = Op<
  'invoke',
  'query',
  {
    readonly topic: string
    readonly by: QueryBy
    readonly key: string
    readonly of?: number | undefined
    readonly sinceUs: Us
    readonly untilUs: Us
    readonly max: number
  }
>

/** A message as it was found, and where. */
export interface Found {
  readonly message: number
  readonly topic: string
  readonly queue: QueueName
  readonly offset: number
  readonly broker: string
  readonly at: number
  readonly storedUs: Us
}

/** `asked`: brokers; `answers`: those that answered, and how many records each had found before the client looked at them. */
export interface Answered {
  readonly asked: readonly string[]
  readonly answers: readonly { readonly broker: string; readonly found: number }[]
}
/** What the client makes of it. */
export type QueryOk = Op<'ok', 'query', Answered & { readonly messages: readonly Found[] }>
/** Nobody could be asked, or who alone could have known did not answer. */
export type QueryFail = Op<'fail', 'query', { readonly reason: string }>
/** How far a group is in a queue, as its broker knows it: what can be pulled goes up to `brokerOffset`, and `consumerOffset` is what it wants next. */
export interface LagOfQueue {
  readonly queue: QueueName
  readonly brokerOffset: number
  readonly consumerOffset: number
}
/** Somebody asks how far a group is behind in a topic; fail: some broker did not say. */
export type Lag =
  | Op<'invoke', 'lag', { readonly group: string; readonly topic: string }>
  | Op<'ok', 'lag', { readonly group: string; readonly topic: string; readonly queues: readonly LagOfQueue[] }>
  | Op<'fail', 'lag', { readonly group: string; readonly topic: string; readonly reason: string }>

export type Query = QueryInvoke | QueryOk | QueryFail
