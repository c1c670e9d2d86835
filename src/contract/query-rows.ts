/** What RocketMQ does not promise to who looks for messages, row by row. */
import { FAULT_KINDS } from '../plan/faults.ts'
import type { ExcuseRow } from './excuse.ts'
import { STOP } from './lost.ts'

const RANGED = { ranged: true }

/** To ask too soon, for a finer time than there is, or behind the operator's back, is the asker's own doing. */
export const QUERIES: readonly ExcuseRow[] = [
  {
    id: 'index-behind',
    excuses: { 'QRY-1': ['asked too soon'] },
    after: [],
    deed: true,
    reason:
      'the index is built after the acknowledgement, when the dispatcher comes to the record: that nothing is found says nothing yet (RMQ-032)',
  },
  {
    id: 'index-in-seconds',
    excuses: { 'QRY-1': ['rounded away'] },
    after: [],
    with: RANGED,
    deed: true,
    reason: 'the index has the times of messages in whole seconds since its first entry, rounded down (RMQ-140)',
  },
  {
    id: 'index-by-clock',
    excuses: { 'QRY-1': ['missed', 'out of range', 'rounded away'] },
    after: [['clockJump', 'clockOffset', 'clockDrift']],
    with: RANGED,
    reason:
      "what was stored when is told by the broker's clock, and a walk through the index ends at the first entry that is too old: where the clock was " +
      'set back, others lie behind it (RMQ-140)',
  },
  {
    id: 'index-crowded',
    excuses: { 'QRY-1': ['crowded out'] },
    after: [],
    unless: 'compareIndexedKeys',
    reason:
      'a broker counts what has the same hash, and the client drops what has another key: such messages take the places of others (RMQ-140)',
  },
  {
    id: 'index-dropped',
    excuses: { 'QRY-1': ['not indexed again'] },
    after: [[...STOP, 'powerLoss', 'forceFails']],
    smallFiles: true,
    unless: 'keepKeyIndex',
    reason: 'after an abnormal start the key index begins where the scan of the log begins (RMQ-050)',
  },
  {
    id: 'index-ahead-of-the-log',
    excuses: { 'QRY-1': ['missed'] },
    after: [['bitCorruption']],
    // It lies where the log had been before it was cut.
    with: { again: true },
    reason:
      'after a stop in good order nobody looks at the key index: where the log has lost its end to bytes that went bad, what comes to places that the index ' +
      'has passed already is not indexed (RMQ-046, RMQ-050)',
  },
  {
    id: 'broker-not-heard',
    excuses: { 'QRY-1': ['nothing heard'] },
    after: [FAULT_KINDS],
    anywhere: true,
    // Who asked, the broker, or a link of theirs.
    with: { struck: true },
    reason:
      'a client gives its application what those brokers have found that answered, and does not say that another one did not (RMQ-140)',
  },
  {
    id: 'trace-lost',
    excuses: { 'QRY-1': ['untraced'] },
    after: [FAULT_KINDS],
    anywhere: true,
    // Who should have told, a broker or a NameServer, or a link of theirs.
    with: { struck: true },
    reason:
      'a client holds the lines of its traces in memory for up to five seconds and sends them without asking what became of them: a missing line ' +
      'says nothing about its message (RMQ-141)',
  },
  {
    id: 'trace-dropped',
    excuses: { 'QRY-1': ['untraced'] },
    after: [],
    smallTraceQueue: true,
    reason: 'lines for which there is no room in the queue of a client are dropped (RMQ-141)',
  },
  {
    id: 'trace-off',
    excuses: { 'QRY-1': ['untraced'] },
    after: [],
    untraced: true,
    deed: true,
    reason:
      'as shipped nobody traces messages: traceTopicEnable and enableMsgTrace have to be set, on brokers and on each client (RMQ-141)',
  },
  {
    id: 'broker-not-known',
    excuses: { 'QRY-1': ['nothing heard'] },
    after: [],
    with: { asked: false },
    deed: true,
    reason: 'a topic was given to another broker, and who asks goes by the route that he holds, which may be thirty seconds old (RMQ-012)',
  },
]
