/**
 * Traces at the broker (RMQ-141, C-286): messages of a topic that it has only with traceTopicEnable, of one queue, which are stored as any other
 * and found by their keys. No client waits for them to be stored.
 *
 * Simplified: that topic is the broker's own, so that nobody else reads it or sends to it; a real one is an ordinary topic, which applications can
 * read. Left out: DLedger groups, which keep no traces here.
 */
import { TRACE_TOPIC } from '../../../history/traces.ts'
import { NO_LABELS } from '../../../plan/labels.ts'
import type { Env } from '../../../sim/system.ts'
import type { SendTrace } from '../trace-messages.ts'
import { put } from './put.ts'
import { LogRecord } from './record.ts'
import type { BrokerRules } from './rules.ts'
import { isSlave, queueOf, type BrokerState } from './state.ts'
import { TraceRecord } from './trace-record.ts'

/** About as long as a line of TraceDataEncoder's, with its msgIds, topic, group and times. */
const LINE_BYTES = 200

export function onSendTrace(state: BrokerState, env: Env<BrokerRules>, { lines }: SendTrace): void {
  const queue = queueOf(state, TRACE_TOPIC, 0)
  if (queue === undefined || state.stopping !== null || isSlave(state)) return
  const content = { message: 0, msgId: '', key: '', digest: 0, bytes: LINE_BYTES * lines.length, fails: 0, labels: NO_LABELS }
  const times = { storeTime: env.now, bornTime: env.now }
  put(state, env, queue, (offset) => new TraceRecord(new LogRecord({ topic: TRACE_TOPIC, queue: 0, offset }, content, times), [...lines]))
}
