/** What RocketMQ does not promise of what is sent back, row by row. What waits for its retry is lost like any delayed message (delay-rows.ts). */
import type { Excused, ExcuseRow } from './excuse.ts'
import { STOP } from './lost.ts'

/** A copy that was to come again, or to lie with the dead letters, is gone, while progress is past the message. */
const FORGOTTEN: Excused = { 'ALO-1': ['not delivered'], 'RTY-2': ['forgotten'] }
const RETURNED = { returned: true }
/** A message that nobody has failed on comes in the place of one that a group has failed on, and counts by its own failures. */
const TAKEN_FOR_ANOTHER: Excused = { 'ALO-1': ['not delivered'], 'RTY-1': ['unearned', 'early'], 'RTY-2': ['forgotten', 'dead too soon'] }
const BY_PLACE =
  'a broker finds what is sent back by its place in the log alone: where the log has lost its end meanwhile, and another message lies there, ' +
  'it takes that one for it (RMQ-113)'

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
  {
    id: 'returned-copies-in-doubt',
    excuses: FORGOTTEN,
    after: [['powerLoss']],
    with: { ...RETURNED, status: 'FLUSH_DISK_TIMEOUT' },
    reason:
      'a client that sends a copy itself takes any answer with a place for a yes, FLUSH_DISK_TIMEOUT too, and does not ask again: a power loss takes a ' +
      'copy that was not forced in time (RMQ-055, RMQ-114)',
  },
  {
    id: 'returned-by-place',
    excuses: TAKEN_FOR_ANOTHER,
    after: [['powerLoss', 'diskLoss']],
    unless: 'checksReturned',
    with: RETURNED,
    reason: BY_PLACE,
  },
  {
    id: 'returned-by-place-corrupted',
    excuses: TAKEN_FOR_ANOTHER,
    after: [['bitCorruption'], [...STOP, 'powerLoss']],
    unless: 'checksReturned',
    with: RETURNED,
    reason: BY_PLACE,
  },
]
