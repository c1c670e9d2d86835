/**
 * What RocketMQ does not promise where an operator starts the slave of a master that has lost its disk in that one's place (RML-033). What a
 * master that waits for its slave has acknowledged must be there then: `disk-loss` excuses nothing any more.
 */
import type { ExcuseRow } from './excuse.ts'
import { GHOST, TAIL_LOST } from './lost.ts'

export const TAKEOVERS: readonly ExcuseRow[] = [
  {
    id: 'taken-over-unwaited',
    excuses: TAIL_LOST,
    after: [['diskLoss']],
    takenOver: true,
    oneCopy: true,
    reason: 'the slave that takes the place of a lost master lacks what nobody waited for (RMQ-057, RML-038, RML-039)',
  },
  {
    id: 'taken-over-ahead',
    excuses: TAIL_LOST,
    after: [['powerLoss'], ['diskLoss']],
    before: true,
    takenOver: true,
    unless: 'refuseOtherLog',
    reason:
      'a slave that holds more than its master, which has lost the end of its log, is believed to have what comes next; it never stores that, and ' +
      'takes the place of its master without it (RMQ-063, RML-040)',
  },
  {
    id: 'taken-over-ghosts',
    excuses: GHOST,
    after: [['diskLoss']],
    before: true,
    takenOver: true,
    without: { inAudit: false },
    reason:
      'a master shows consumers what no slave has yet: they stand beyond the end of the log of the slave that takes its place, and new messages ' +
      'that take those offsets are skipped (RMQ-030, RMQ-155)',
  },
  {
    id: 'taken-over-progress',
    excuses: { 'ALO-3': ['regressed', 'redelivered below the start'] },
    after: [['diskLoss']],
    anywhere: true,
    takenOver: true,
    reason: "a slave has the progress of up to a minute ago, and takes its master's place with it (RMQ-067)",
  },
]
