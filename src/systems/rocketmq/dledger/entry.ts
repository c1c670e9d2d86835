/**
 * What lies in the commit log of a DLedger group: records and, with the repair strictRaft, a leader's first entry, each with its term.
 *
 * Left out: the 48 bytes of an entry's own header, and of that entry's index the file by which it is found.
 */
import { Blank, LogRecord } from '../broker/record.ts'

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
