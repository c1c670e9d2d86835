/** What RocketMQ does not promise of what is sent back, row by row. What waits for its retry is lost like any delayed message (delay-rows.ts). */
import type { Excused, ExcuseRow } from './excuse.ts'
import { STOP } from './lost.ts'

/** A copy that was to come again, or to lie with the dead letters, is gone, while progress is past the message. */
const FORGOTTEN: Excused = { 'ALO-1': ['not delivered'], 'RTY-2': ['forgotten'] }
const RETURNED = { returned: true }

export const RETRIES: readonly ExcuseRow[] = [
  {
    id: 'returned-copies',
    excuses: FORGOTTEN,
    after: [['powerLoss']],
    unless: 'waitForInternalWrites',
    with: RETURNED,
    reason:
      'a broker says that it has taken a message back before the copy is forced, and the group goes on: a power loss takes the copy (RMQ-058, ' +
      'RMQ-156)',
  },
  {
    id: 'returned-copies-async',
    excuses: FORGOTTEN,
    after: [['powerLoss']],
    flush: 'ASYNC_FLUSH',
    with: RETURNED,
    reason: 'ASYNC_FLUSH takes a message back as it takes a new one, before it is forced (RMQ-038)',
  },
  {
    id: 'returned-copies-recovered',
    excuses: FORGOTTEN,
    after: [[...STOP], ['powerLoss']],
    unless: 'forceRecovered',
    with: RETURNED,
    reason: 'recovery calls the copy of what was taken back flushed without forcing it, and a power loss takes it after all (RMQ-047)',
  },
]
