/**
 * Looking for what clients have told of a message (RMQ-141): every broker is asked for the records of its trace topic that have the msgId among their
 * keys, and of those the lines are kept that are about it.
 */
import { TRACE_TOPIC, type Span } from '../../../history/traces.ts'
import type { QueryStep } from '../../../plan/script.ts'
import { EPOCH } from '../../../sim/clock.ts'
import type { Env } from '../../../sim/system.ts'
import type { FoundMessage } from '../query-messages.ts'
import type { Line } from '../trace-messages.ts'
import type { ProducerState } from './producer-state.ts'
import { askEach, begin, type LastSent } from './questions.ts'
import type { ClientRules } from './rules.ts'
import { keepersOf } from './trace.ts'

type ClientEnv = Env<ClientRules>

export function askTrace(state: ProducerState, env: ClientEnv, { op, topic, salt, max }: QueryStep, { msgId, op: of }: LastSent): void {
  env.record.trace({ type: 'invoke', op, v: { topic, msgId, of } })
  const asked = keepersOf(state, state.shape.brokers)
  begin(state, env, { op, key: msgId, asked, lines: [] }, 3)
  const times = { since: 0, until: Number.MAX_SAFE_INTEGER }
  askEach(env, asked, salt, { op, topic: TRACE_TOPIC, key: msgId, unique: false, ...times, max })
}

export const linesOf = (msgId: string, found: readonly FoundMessage[]): Line[] =>
  found.flatMap(({ lines = [] }) => lines.filter((line) => line.msgId === msgId))

/** In the order in which they were told, by the clients' clocks. */
export const spansOf = (lines: readonly Line[]): Span[] =>
  lines
    .toSorted((x, y) => x.time - y.time)
    .map(({ kind, client, group, message, delivery, success, time }) => ({
      kind,
      client,
      group,
      message,
      delivery,
      success,
      toldUs: time - EPOCH,
    }))
