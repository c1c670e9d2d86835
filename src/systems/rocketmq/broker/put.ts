/** A record gets its place: the next offset of its queue, at the end of the log. Nothing that happens later undoes an append (RMQ-023). */
import type { Env } from '../../../sim/system.ts'
import { armDispatch } from './dispatch-timer.ts'
import { armFlush, noteIdle } from './force.ts'
import { armTransfer } from './ha-transfer.ts'
import { appendRecord } from './log.ts'
import { recordSize, type LogRecord } from './record.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState, QueueState } from './state.ts'

type BrokerEnv = Env<BrokerRules>

/** A record that was appended. */
export interface Placed {
  readonly queue: QueueState
  readonly offset: number
  readonly at: number
  readonly end: number
}

/** Appends a record to a queue of this broker. Null: not stored, the disk is full. */
export function put(state: BrokerState, env: BrokerEnv, queue: QueueState, make: (offset: number) => LogRecord): Placed | null {
  noteIdle(state, env)
  const offset = queue.next
  const record = make(offset)
  const size = recordSize(record.topic, record.bytes)
  const at = appendRecord(state, env, queue.name, record, size)
  queue.next = env.rules.nextQueueOffset(offset, at >= 0)
  if (at < 0) return null
  armDispatch(state, env)
  armFlush(state, env)
  if (state.ha !== null) armTransfer(state, env)
  return { queue, offset, at, end: at + size }
}
