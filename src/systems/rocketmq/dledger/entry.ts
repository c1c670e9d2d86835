/**
 * What lies in the commit log of a DLedger group: records and, with the repair strictRaft, a leader's first entry, each with its term.
 *
 * Left out: the 48 bytes of an entry's own header, and of that entry's index the file by which it is found.
 */
import type { Disk } from '../../../sim/disk.ts'
import { scan } from '../broker/log.ts'
import type { LogState } from '../broker/log-state.ts'
import { Blank, LogRecord, type LogEntry } from '../broker/record.ts'
import { joined, type Span } from '../raft/log-terms.ts'

export class EntryRecord extends LogRecord {
  readonly term: number
  constructor(record: LogRecord, term: number) {
    super(record, record, record, record)
    this.term = term
  }
}

/** An entry that holds nothing: a leader's way to commit what was there before (Raft §8). */
export class TermBegins extends Blank {
  readonly term: number
  constructor(term: number) {
    super()
    this.term = term
  }
}
export const TERM_BEGINS_BYTES = 48

const termOf = (body: LogEntry): number | null => (body instanceof EntryRecord || body instanceof TermBegins ? body.term : null)

/** The terms of a log, as a member finds them when it starts. */
export function spansOf(disk: Disk, log: LogState): readonly Span[] {
  let spans: readonly Span[] = []
  scan(disk, log, 0, log.end, ({ body }, from) => {
    const term = termOf(body)
    if (term !== null) spans = joined(spans, [{ term, from }])
    return true
  })
  return spans
}
