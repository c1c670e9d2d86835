/**
 * A client that tells what becomes of messages (RMQ-141; AsyncTraceDispatcher and its hooks): a line for each answer that says that a message was
 * stored, for each call of a listener, and for its end. Lines wait in memory, in a queue that drops what does not fit, and leave ten at a time,
 * or when nothing has left for five seconds. What dies with the process, or does not arrive, is gone: nobody is told.
 *
 * Read in the client's source, not measured: that attempts without an answer leave no line, and that the dispatcher looks at its queue every 5 ms.
 *
 * Simplified: a batch of lines is sent once; the real client tries again twice within its five seconds. It goes to the brokers of the configuration in
 * turn, whether the client has seen a route to them or not. Left out: the ends of transactions, batches, whose messages have one line under
 * all their ids together, and what forwarding applications send.
 */
import { ms, type Us } from '../../../plan/units.ts'
import type { Env, NodeId, Setting } from '../../../sim/system.ts'
import type { RocketmqConfig } from '../config.ts'
import { salted } from '../messages.ts'
import { takeOut } from '../take-out.ts'
import { Line, type SendTrace, type Traced } from '../trace-messages.ts'
import { masterByAnyRoute } from './addresses.ts'
import type { RouteState } from './routes.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>
export const TRACE_TIMER = 'trace'
/** How often the dispatcher looks. */
const LOOK: Us = ms(5)

interface TraceShape {
  readonly client: string
  /** Empty for a producer. */
  readonly group: string
  readonly brokers: readonly NodeId[]
  readonly queueMax: number
  readonly batch: number
  readonly flushUs: Us
}

/** A listener's call that has not ended. */
interface Call {
  readonly delivery: number
  readonly about: Traced
}

export interface Tracing {
  readonly shape: TraceShape
  readonly waiting: Line[]
  readonly calls: Call[]
  /** When lines left last. */
  sentAt: Us
  /** How many messages have left: the next goes to the next broker. */
  sent: number
}

type Tracer = RouteState & { readonly trace: Tracing | null }

/** Null: this client tells nobody anything. */
export function newTracing(client: string, group: string, { cluster, config, idOf }: Setting<RocketmqConfig>): Tracing | null {
  if (!config.enableMsgTrace) return null
  const { traceQueueMax: queueMax, traceBatch: batch, traceFlushUs: flushUs } = config.parameters
  const shape = { client, group, brokers: cluster.brokers.map(idOf), queueMax, batch, flushUs }
  return { shape, waiting: [], calls: [], sentAt: 0, sent: 0 }
}

export const forkTracing = (trace: Tracing): Tracing => ({ ...trace, waiting: trace.waiting.slice(), calls: trace.calls.slice() })

/** Whoever keeps traces. */
export const keepersOf = (state: RouteState, brokers: readonly NodeId[]): NodeId[] => [
  ...new Set(brokers.map((broker) => masterByAnyRoute(state, broker))),
]

function tell(env: ClientEnv, trace: Tracing, about: Traced, told: Pick<Line, 'kind' | 'delivery' | 'success'>): void {
  const { shape, waiting } = trace
  if (!env.rules.keepsLine(waiting.length, shape.queueMax)) return
  waiting.push(new Line(shape, env.now, about, told))
  if (waiting.length === 1 || waiting.length === shape.batch) env.timer(TRACE_TIMER, waitOf(env, trace))
}

/** A full batch leaves at the next look, a smaller one when five seconds have gone by since the last. */
const waitOf = (env: ClientEnv, { shape, waiting, sentAt }: Tracing): Us =>
  waiting.length >= shape.batch ? LOOK : env.rules.leavesAfter(Math.max(LOOK, sentAt + shape.flushUs - env.uptime))

/** A process has begun. */
export function startTracing({ trace }: Tracer, env: ClientEnv): void {
  if (trace !== null) trace.sentAt = env.uptime
}

/** A broker has said where the message lies; `success`: and that it has kept what its flush mode promises. */
export function traceSend({ trace }: Tracer, env: ClientEnv, about: Traced, success: boolean): void {
  if (trace !== null) tell(env, trace, about, { kind: 'Pub', delivery: 0, success: env.rules.toldSuccess(success) })
}

/** A listener is given a message. */
export function traceCall({ trace }: Tracer, env: ClientEnv, delivery: number, { msgId, message, topic }: Traced): void {
  if (trace === null) return
  trace.calls.push({ delivery, about: { msgId, message, topic } })
  tell(env, trace, { msgId, message, topic }, { kind: 'SubBefore', delivery, success: true })
}

/** It has returned. */
export function traceReturn({ trace }: Tracer, env: ClientEnv, delivery: number, success: boolean): void {
  const which = trace?.calls.findIndex((call) => call.delivery === delivery) ?? -1
  if (trace === null || which < 0) return
  const { about } = trace.calls[which] as Call
  tell(env, trace, about, { kind: 'SubAfter', delivery, success: env.rules.toldSuccess(success) })
  takeOut(trace.calls, which)
}

/** Full batches leave one after the other, a smaller one when its time has come. */
export function onTraceTimer(state: Tracer, env: ClientEnv): void {
  const { trace } = state
  if (trace === null) return
  do sendLines(state, env, trace)
  while (trace.waiting.length >= trace.shape.batch)
  if (trace.waiting.length > 0) env.timer(TRACE_TIMER, waitOf(env, trace))
}

/** A process that stops in good order sends what it has. */
export function flushTraces(state: Tracer, env: ClientEnv): void {
  const { trace } = state
  while (trace !== null && trace.waiting.length > 0) sendLines(state, env, trace)
}

function sendLines(state: Tracer, env: ClientEnv, trace: Tracing): void {
  const lines = trace.waiting.splice(0, trace.shape.batch)
  trace.sentAt = env.uptime
  for (const topic of new Set(lines.map((line) => line.topic))) {
    const keepers = keepersOf(state, trace.shape.brokers)
    const to = keepers[trace.sent++ % keepers.length]
    const ofTopic = lines.filter((line) => line.topic === topic)
    if (to !== undefined)
      env.send(to, { type: 'sendTrace', salt: salted('sendTrace', state.id, env.uptime, trace.sent), lines: ofTopic } as SendTrace)
  }
}
