/** What RocketMQ does not keep, and no switch of the model repairs: a setting of its own does, or nothing but an application that expects it. */
import type { Shown } from './not-kept.ts'

export interface Unswitched extends Shown {
  readonly instead: string
}

export const UNSWITCHED: readonly Unswitched[] = [
  {
    guarantee: 'DUR-1',
    happens:
      'Under ASYNC_FLUSH, as shipped, what was acknowledged in the last half second, or under four pages in the last ten, ' +
      'goes with the power.',
    instead: '`flushDiskType=SYNC_FLUSH`',
    story: 'dur-1-async-flush-loses-its-last-interval',
    live: ['RML-035', 'RML-036'],
    facts: ['RMQ-038'],
  },
  {
    guarantee: 'DUR-1',
    happens: 'Under ASYNC_FLUSH a broker goes on acknowledging on a disk that is dead.',
    instead: '`flushDiskType=SYNC_FLUSH`, which answers FLUSH_DISK_TIMEOUT',
    story: 'dur-4-async-acknowledges-on-a-dead-disk',
    live: ['RML-042'],
    facts: ['RMQ-040'],
  },
  {
    guarantee: 'DUR-5',
    happens: 'A SYNC_MASTER waits for no slave.',
    instead: '`inSyncReplicas` of 2 or more',
    story: 'dur-5-sync-master-waits-for-nobody',
    live: ['RML-039'],
    facts: ['RMQ-057'],
  },
  {
    guarantee: 'TXN-2',
    happens: 'A commit that was never heard is given up after fifteen questions, and its message is parked where nobody looks.',
    instead:
      'a producer of the group that is never away for eight minutes; a larger `transactionCheckMax`; somebody who looks into ' +
      'TRANS_CHECK_MAX_TIME_TOPIC',
    story: 'txn-2-a-commit-is-given-up',
    live: [],
    facts: ['RMQ-130', 'RMQ-131'],
  },
  {
    guarantee: 'TXN-3',
    happens: 'A half that has ended is asked about again when its broker dies before the record of that: up to three seconds later.',
    instead: 'a checker that answers the same however often it is asked',
    story: 'txn-4-a-crash-before-the-end-is-on-record',
    live: ['RML-046'],
    facts: ['RMQ-128', 'RMQ-129'],
  },
  {
    guarantee: 'DLY-1',
    happens: 'A message waits by the clock of its broker: one that is set back brings it at once.',
    instead: 'clocks that are never set',
    story: 'dly-1-a-clock-that-is-set-back',
    live: [],
    facts: ['RMQ-119'],
  },
  {
    guarantee: 'DLY-1',
    happens: 'The recall of a message that waits is acknowledged before it is forced: a power loss takes it, and the message comes.',
    instead: '`flushDiskType=SYNC_FLUSH`',
    story: 'dly-1-a-recall-is-lost',
    live: [],
    facts: ['RMQ-125', 'RMQ-038'],
  },
  {
    guarantee: 'DLY-2',
    happens:
      'A message on the timer wheel that can not be stored when its time comes, because the disk is full, is tried three times and dropped.',
    instead: '`timerEnableRetryUntilSuccess=true` (here `timerTriesMax`)',
    story: 'dly-2-a-full-disk-drops-a-timer',
    live: [],
    facts: ['RMQ-124'],
  },
  {
    guarantee: 'RBL-3',
    happens: 'A consumer that stands still for longer than its lock lives works on when it wakes, beside the next owner.',
    instead: 'listeners that do what they do only while they hold a lock of their own',
    story: 'rbl-3-a-pause-outlives-the-lock',
    live: [],
    facts: ['RMQ-106', 'RMQ-107'],
  },
  {
    guarantee: 'HA-1',
    happens: 'While a master is away nobody reads from its slave.',
    instead: '`slaveReadEnable=true`',
    story: 'ha-1-as-shipped-slaves-answer-nobody',
    live: [],
    facts: ['RMQ-069'],
  },
  {
    guarantee: 'FLT-2',
    happens: 'A subscription by a selector is refused.',
    instead: '`enablePropertyFilter=true`',
    story: 'flt-2-selectors-are-switched-off',
    live: [],
    facts: ['RMQ-137'],
  },
  {
    guarantee: 'RTY-2',
    happens:
      'A broker says that it has taken back what a listener has failed on before its copy is forced, whatever flushDiskType says, and the group moves on: ' +
      'a power loss takes the copy, and the message never comes again.',
    instead: "nothing of RocketMQ's own (`waitForInternalWrites` above)",
    story: 'rty-2-power-takes-what-was-taken-back',
    live: [],
    facts: ['RMQ-058', 'RMQ-156'],
  },
  {
    guarantee: 'QRY-1',
    happens:
      'Who looks for a message is given what those brokers have found that answered, as if that were all; a broker that is down is not missed.',
    instead: 'not to take that nothing was found for a no',
    story: 'qry-1-a-broker-that-is-down-is-not-missed',
    live: [],
    facts: ['RMQ-140'],
  },
  {
    guarantee: 'QRY-1',
    happens: 'What a client has to tell for the trace of a message waits in its memory for five seconds, and is gone with it.',
    instead: 'not to take a missing line for something that did not happen',
    story: 'qry-1-a-trace-dies-with-its-client',
    live: [],
    facts: ['RMQ-141'],
  },
  {
    guarantee: 'ACL-1',
    happens: 'Brokers ask nobody who he is: whoever reaches one may send, read and change everything.',
    instead: '`authenticationEnabled=true` and `authorizationEnabled=true`',
    story: 'acl-1-as-shipped-nobody-is-asked',
    live: [],
    facts: ['RMQ-143'],
  },
]
