/** The terms of a log, as a member reads them when it starts. */
import type { Disk } from '../../../sim/disk.ts'
import type { LogState } from '../broker/log-state.ts'
import { scan } from '../broker/log.ts'
import type { LogEntry } from '../broker/record.ts'
import { joined, type Span } from '../raft/log-terms.ts'
import { EntryRecord, TermBegins } from './entry.ts'

const termOf = (body: LogEntry): number | null => (body instanceof EntryRecord || body instanceof TermBegins ? body.term : null)

export function spansOf(disk: Disk, log: LogState): readonly Span[] {
  let spans: readonly Span[] = []
  scan(disk, log, 0, log.end, ({ body }, from) => {
    const term = termOf(body)
    if (term !== null) spans = joined(spans, [{ term, from }])
    return true
  })
  return spans
}
