/** The log of the small broker: a line a record. A line that a kill has cut short was never acknowledged, and is left out. */
import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { TxnOutcome } from '../../../plan/plan.ts'

export type LogRecord =
  | { readonly is: 'life' }
  | { readonly is: 'topic'; readonly topic: string; readonly queues: number }
  | { readonly is: 'group'; readonly group: string; readonly topics: readonly string[] }
  | { readonly is: 'message'; readonly topic: string; readonly queue: number; readonly offset: number; readonly payload: string | null }
  | {
      readonly is: 'half'
      readonly transaction: number
      readonly client: string
      readonly topic: string
      readonly queue: number
      readonly payload: string
    }
  | {
      readonly is: 'delayed'
      readonly number: number
      /** By the wall clock. */
      readonly dueMs: number
      readonly topic: string
      readonly queue: number
      readonly payload: string
    }
  | { readonly is: 'due'; readonly number: number }
  | { readonly is: 'end'; readonly transaction: number; readonly outcome: TxnOutcome }
  | { readonly is: 'progress'; readonly group: string; readonly topic: string; readonly queue: number; readonly offset: number }

export class RecordLog {
  private readonly file: number
  private readonly behindMs: number

  constructor(path: string, behindMs: number, apply: (record: LogRecord) => void) {
    this.behindMs = behindMs
    for (const line of existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []) {
      const record = parsed(line)
      if (record !== null) apply(record)
    }
    this.file = openSync(path, 'a')
    // Whatever the last life left unfinished ends here.
    writeSync(this.file, '\n')
  }

  /** In page cache when this returns, which outlives the process; late, where it is written behind. */
  write(record: LogRecord): void {
    const line = `${JSON.stringify(record)}\n`
    if (this.behindMs === 0) writeSync(this.file, line)
    else setTimeout(() => writeSync(this.file, line), this.behindMs)
  }

  close(): void {
    closeSync(this.file)
  }
}

function parsed(line: string): LogRecord | null {
  if (line === '') return null
  try {
    return JSON.parse(line) as LogRecord
  } catch {
    return null
  }
}
