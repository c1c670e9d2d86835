/** What lies in the trace topic: a record with several lines, which is found by each msgId that they speak of (RMQ-141). */
import type { Line } from '../trace-messages.ts'
import { LogRecord } from './record.ts'

export class TraceRecord extends LogRecord {
  readonly lines: readonly Line[]
  /** The keys of the message: each msgId once. */
  readonly msgIds: readonly string[]
  constructor(record: LogRecord, lines: readonly Line[]) {
    super(record, record, record)
    this.lines = lines
    this.msgIds = [...new Set(lines.map(({ msgId }) => msgId))]
  }
}

/** By which keys the index has a record: the application's and the msgId, of which either may be missing. */
export const keysOf = (record: LogRecord): readonly string[] => (record instanceof TraceRecord ? record.msgIds : [record.key, record.msgId])
