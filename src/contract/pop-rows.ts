/** What RocketMQ does not promise of groups that pop, row by row. */
import type { Excused, ExcuseRow } from './excuse.ts'

const COMES_AGAIN: Excused = { 'ALO-3': ['regressed', 'redelivered early', 'redelivered acknowledged'] }
const CRASHES = ['processKill', 'gracefulRestart', 'powerLoss', 'diskLoss'] as const

export const POP_ROWS: readonly ExcuseRow[] = [
  {
    id: 'popped-again',
    quirks: ['pop'],
    excuses: COMES_AGAIN,
    after: [[...CRASHES]],
    with: { pop: true, crashed: true },
    reason:
      'the progress of groups and of the revive service is saved every five seconds: a broker that starts again gives away, and stores anew, ' +
      'what it had dealt with since (RMQ-095, RMQ-158)',
  },
  {
    id: 'ack-held-up',
    quirks: ['pop'],
    excuses: COMES_AGAIN,
    after: [['forceFails', 'forceLies', 'diskStall', 'diskSlow']],
    with: { pop: true },
    reason:
      'an acknowledgement counts once the revive service can read it, which under SYNC_FLUSH waits for a force; it is answered after five ' +
      'seconds all the same (RMQ-030, RMQ-036)',
  },
  {
    id: 'hidden-twice',
    quirks: ['pop'],
    excuses: COMES_AGAIN,
    after: [['netDuplicate']],
    anywhere: true,
    with: { pop: true },
    reason:
      'each request to hide a message for another time writes a checkpoint: one that comes twice lets the message come twice (RMQ-110)',
  },
  {
    id: 'pop-clocks',
    quirks: ['pop'],
    excuses: COMES_AGAIN,
    after: [['clockOffset', 'clockJump', 'clockDrift']],
    anywhere: true,
    with: { pop: true },
    reason: "invisible time is measured by the broker's wall clock, and a client can only compare it with its own (RMQ-110)",
  },
  {
    id: 'checkpoint-lost',
    quirks: ['pop'],
    excuses: { 'ALO-1': ['not delivered'] },
    after: [['powerLoss']],
    flush: 'ASYNC_FLUSH',
    unless: 'waitForInternalWrites',
    with: { pop: true, inAudit: true },
    reason:
      "a group's progress moves when a message is popped, and is saved before the checkpoint is forced by which the message would come again " +
      '(RMQ-110, #9626)',
  },
  {
    id: 'order-forgotten',
    quirks: ['pop'],
    excuses: { 'ORD-3': ['overlap', 'overtaken'] },
    after: [[...CRASHES]],
    with: { pop: true },
    reason:
      'what blocks a queue that is popped in order is saved every ten seconds, and the progress of its group every five: a broker that starts ' +
      'again gives away what somebody still works on (RMQ-112)',
  },
]
