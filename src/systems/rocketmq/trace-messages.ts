/** What travels between a client that traces messages and a broker that keeps its traces (RMQ-141). */
import type { SpanKind } from '../../history/traces.ts'
import type { Us } from '../../plan/units.ts'
import type { Message } from '../../sim/system.ts'

/** The message that a line is about: a client sends the lines of one topic together. */
export interface Traced {
  readonly msgId: string
  readonly message: number
  readonly topic: string
}
interface Told {
  readonly kind: SpanKind
  /** RocketMQ's requestId: which call of a listener. */
  readonly delivery: number
  readonly success: boolean
}

/** One line of a trace: a value. */
export class Line implements Traced, Told {
  readonly kind: SpanKind
  readonly msgId: string
  readonly message: number
  readonly topic: string
  readonly delivery: number
  readonly success: boolean
  readonly client: string
  readonly group: string
  readonly time: Us
  constructor(by: { readonly client: string; readonly group: string }, time: Us, about: Traced, told: Told) {
    this.kind = told.kind
    this.msgId = about.msgId
    this.message = about.message
    this.topic = about.topic
    this.delivery = told.delivery
    this.success = told.success
    this.client = by.client
    this.group = by.group
    this.time = time
  }
}

/** A message to the trace topic. Nobody does anything about its answer, so there is none. */
export type SendTrace = Message & { readonly type: 'sendTrace'; readonly lines: readonly Line[] }

export type TraceTraffic = SendTrace
