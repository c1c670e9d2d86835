/** The dispatcher passes the flushed position under SYNC_FLUSH: a group reads, and commits, an offset that a power loss takes back and another message gets. */
import { mutant } from './mutant.ts'

export const dispatchPastForced = mutant({
  id: 'dispatch-past-forced',
  title: 'under SYNC_FLUSH consumers see records that are not yet forced',
  breaks: 'ORD-2',
  bug: '#8239, d60198f621 (no. 1)',
  rules: { dispatchLimit: (log) => log.end },
  preset: 'sync',
})
