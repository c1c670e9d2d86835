/** Message traces: what clients tell of the messages that they send and are given, and what somebody finds of it who asks by a msgId. */
import type { Us } from '../plan/units.ts'
import type { Op } from './event.ts'
import type { Answered } from './queries.ts'

/** RMQ-141, C-286: where brokers keep them. */
export const TRACE_TOPIC = 'RMQ_SYS_TRACE_TOPIC'

/** RocketMQ's TraceType, those of it that are modelled. */
export type SpanKind = 'Pub' | 'SubBefore' | 'SubAfter'

/** What one client has told of one message. `delivery`: of a listener's call, its operation; 0 for a send. */
export interface Span {
  readonly kind: SpanKind
  readonly client: string
  /** Empty for a send. */
  readonly group: string
  readonly message: number
  readonly delivery: number
  readonly success: boolean
  /** By the client's wall clock, counted from when a run begins. */
  readonly toldUs: Us
}

/** Somebody asks for what was told of message `of`, of whose topic and msgId he knows. */
export type TraceInvoke = Op<'invoke', 'trace', { readonly topic: string; readonly msgId: string; readonly of: number }>
export type TraceOk = Op<'ok', 'trace', Answered & { readonly spans: readonly Span[] }>
/** Nobody could be asked, or who was asked may not tell. */
export type TraceFail = Op<'fail', 'trace', { readonly reason: string }>

export type Trace = TraceInvoke | TraceOk | TraceFail
