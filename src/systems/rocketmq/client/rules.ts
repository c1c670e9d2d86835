/** The clients' decisions on which guarantees depend; see broker/rules.ts for why they are here and not in the code that asks. */
import { levelOfRetry } from '../../../plan/delay-levels.ts'
import type { Forward, QueryBy, SendMode, StartAt, TxnOutcome } from '../../../plan/plan.ts'
import type { Us } from '../../../plan/units.ts'
import type { NodeId } from '../../../sim/system.ts'
import { javaHash } from '../java-hash.ts'
import type { SendStatus } from '../messages.ts'
import type { FoundMessage } from '../query-messages.ts'
import type { Allocate, MessageQueue } from './allocate/strategy.ts'
import type { Holding } from './flow-control.ts'
import { latencyRules } from './latency.ts'
import type { Held } from './process-queue.ts'
import { routeRules } from './route-rules.ts'
import { isStored } from './sending.ts'
import { receiverRules } from './receivers/rules.ts'

/** What a consumer knows of one queue's progress. Offsets are null before there is one. */
export interface Window {
  readonly smallestUnfinished: number | null
  readonly largestSeen: number | null
  readonly largestFinished: number | null
}
export interface StartAnswer {
  readonly found: 'stored' | 'none' | 'error'
  readonly offset: number
  readonly min: number
  readonly max: number
  readonly young: boolean
  readonly since: number
}

/** RMQ-081: codes after which a sync send tries again; none of them stores the message (RMQ-055), but for SYSTEM_ERROR's rarer causes, which are left out. */
const RETRIED: readonly SendStatus[] = ['TOPIC_NOT_EXIST', 'SERVICE_NOT_AVAILABLE', 'SYSTEM_ERROR', 'SYSTEM_BUSY', 'NO_PERMISSION']

/** What a msgId is made from (RMQ-086): who sends, since when, and the how-manieth it is. */
export interface Sender {
  readonly name: string
  readonly startedAt: Us
}

export const clientRules = {
  ...routeRules,
  ...latencyRules,
  ...receiverRules,

  /** RMQ-086: address, process, time and a counter, so that no two sends have the same one. Left out: its 32 hexadecimal digits. */
  newMsgId: ({ name, startedAt }: Sender, counter: number): string => `${name}-${startedAt}-${counter}`,

  /** RMQ-086: set once if absent; every attempt carries it. */
  msgIdOfAttempt: (msgId: string, _attempt: number): string => msgId,

  /** RMQ-086: what a listener is shown as the msgId is the unique key, not the place of the record. */
  msgIdShown: (msgId: string, _broker: string, _at: number): string => msgId,

  /** RMQ-081, RMQ-082: which answers a sync send does not take for its end. What is stored is sent again only by who asks for that. */
  isRetriedAnswer: (status: SendStatus, notStoreOK: boolean): boolean =>
    RETRIED.includes(status) || (notStoreOK && isStored(status) && status !== 'SEND_OK'),

  /** RMQ-081, RMQ-083: how many attempts a send may take. A queue that the caller chose, himself or by a selector, is tried once, in sync mode. */
  attemptsOf: (mode: SendMode, queueGiven: boolean, most: { readonly sync: number; readonly async: number }): number => {
    if (mode === 'async') return most.async
    return mode === 'oneway' || queueGiven ? 1 : most.sync
  },

  /** RMQ-087: a batch is refused by its whole size. */
  refusesBatch: (bytes: number, bytesMax: number): boolean => bytes > bytesMax,

  /** A forwarder is done with a message when its copy is acknowledged. */
  waitsForCopy: (when: Forward['when']): boolean => when === 'after-ack',

  /** A copy that may not be stored is sent again: the listener fails. */
  isSentOn: (acknowledged: boolean): boolean => acknowledged,

  /** RMQ-059: a batch is one request. */
  sendsBatchWhole: (): boolean => true,

  /** RMQ-088: which of the queues that the client has at this moment a message with a key goes to, whichever message and attempt it is. */
  queueOfKey: (key: string, queues: number, _message: number, _attempt: number): number => Math.abs(javaHash(key) % queues),

  /** An operator who opens queues waits for every group that reads the topic. */
  groupsToWaitFor: (groups: readonly string[]): readonly string[] => groups,

  /** He waits until they have read as far as the queues go when he begins. */
  notedEnds: (ends: readonly number[]): readonly number[] => ends,

  /** RMQ-084: a retry passes over the broker that was tried last, where another has the topic. */
  avoidsBroker: (broker: NodeId, last: NodeId): boolean => broker === last,

  /** RMQ-083: an async send that could not be delivered, or whose connection broke, is tried again. */
  retriesAsync: (_lost: 'refused' | 'broken'): boolean => true,

  /** RMQ-080: all attempts share one budget. */
  deadlineOfRetry: (deadline: Us, _now: Us, _timeoutUs: Us): Us => deadline,

  /** A refused connection carried nothing; one that broke may have carried the message. */
  mayBeStored: (lost: 'refused' | 'broken'): boolean => lost === 'broken',

  /** RMQ-086, RMQ-087: every attempt sends the same bytes. */
  digestOfAttempt: (digest: number, _attempt: number, _mode: SendMode): number => digest,

  /** RMQ-080: a send whose budget is used up may be stored or not. */
  isAcknowledgedByTimeout: (): boolean => false,

  /** RMQ-055, RMQ-160: only SEND_OK promises anything; FLUSH_DISK_TIMEOUT and FLUSH_SLAVE_TIMEOUT are "maybe". */
  isAcknowledged: (status: SendStatus): boolean => status === 'SEND_OK',

  /** RMQ-127: the local transaction runs only when the half was acknowledged. */
  runsLocalTransaction: (status: SendStatus): boolean => status === 'SEND_OK',

  /** RMQ-127: not before there is a half. */
  runsLocalFirst: (): boolean => false,

  /** RMQ-127: what the broker is told when the local transaction did not run. */
  outcomeWithoutLocal: (): TxnOutcome => 'rollback',

  /** RMQ-127: what the broker is told is what the local transaction decided. */
  outcomeToReport: (outcome: TxnOutcome): TxnOutcome => outcome,

  /** What an application knows of its local transaction: what its database says, not what this process of its remembers. */
  knowsLocal: (inDatabase: boolean, _inMemory: boolean): boolean => inDatabase,

  /** RMQ-132: whoever is asked about a transaction of another instance of its application looks in their database. */
  sharesDatabase: (): boolean => true,

  /** RMQ-132: of a transaction that is not its own an application can't say anything. */
  answerForOthers: (): TxnOutcome => 'unknown',

  /** RMQ-132: what a check is told: what became of the local transaction; one that never ran was rolled back. */
  answerToCheck: (ran: boolean, answer: TxnOutcome): TxnOutcome => (ran ? answer : 'rollback'),

  /** RMQ-093: when a message no longer holds back the progress of its group. */
  mayForget: (state: 'delivered' | 'failed' | 'succeeded'): boolean => state === 'succeeded',

  /** RMQ-093: the smallest unfinished offset, or one past the largest seen; null while nothing was seen. */
  nextCommitOffset: (window: Window): number | null =>
    window.smallestUnfinished ?? (window.largestSeen === null ? null : window.largestSeen + 1),

  /** RMQ-095: progress only grows while a queue is held. */
  mayReport: (offset: number, reported: number): boolean => offset > reported,

  /** RMQ-097: the stored offset; without one, the beginning of a young queue, else what the group wants. */
  startOffset: (answer: StartAnswer, wanted: StartAt): number => {
    if (answer.found === 'stored') return answer.offset
    if (answer.young || wanted === 'first') return 0
    return wanted === 'last' ? answer.max : answer.since
  },

  /** RMQ-097: a query that failed is asked again; a number would be where to start instead. */
  startAfterFailedQuery: (): number | null => null,

  /** RMQ-106: a lock is held when the broker says so. */
  isLockedBy: (granted: boolean): boolean => granted,

  /** RMQ-106: a lock that was not renewed for so long is not relied on. */
  isLockValid: (ageUs: Us, validUs: Us): boolean => ageUs <= validUs,

  /** RMQ-108: the listeners of an orderly group take turns at a queue. */
  takesTurns: (): boolean => true,

  /** RMQ-108: a call is given the first that are held, as many as its listener takes: what has failed keeps its place. */
  nextOrderly: (held: readonly Held[], most: number): readonly Held[] => held.slice(0, most),

  /** RMQ-108: all that a failed call was given is put back, unless all of it was sent away. */
  isPutBackInOrder: (_nth: number): boolean => true,

  /** RMQ-102: a member's share is what its strategy says. */
  shareOf: (allocate: Allocate, member: string, queues: readonly MessageQueue[], members: readonly string[]): readonly MessageQueue[] =>
    allocate(member, queues, members),

  /** RMQ-102: every member sorts the list before it shares out. */
  sortsMembers: (): boolean => true,

  /** RMQ-103: a queue that is not in its share is given up. */
  dropsLostQueue: (): boolean => true,

  /** RMQ-103: and one that was assigned by hand, which is in nobody's share, is not. */
  keepsAssigned: (): boolean => true,

  /** RMQ-135: tags that only hash alike are told apart by the client, which takes nothing without a tag. */
  takesTag: (wanted: readonly string[], tag: string): boolean => tag !== '' && wanted.includes(tag),

  /** RMQ-136: where nothing was for the group, and nothing is held, its progress moves on all the same. */
  progressPastOthers: (_progress: number, next: number): number => next,

  /** RMQ-069: whoever of a broker's processes answers for it may be read from. */
  readsFrom: (address: number, _broker: number): number => address,

  /** RMQ-034: the next pull begins where the broker says, not at what the client would have counted. */
  nextPullOffset: (next: number, _counted: number): number => next,

  /** RMQ-140: what only hashes like what is looked for is dropped: a key goes with its topic, a msgId is enough by itself. */
  takesFound: (wanted: { readonly by: QueryBy; readonly topic: string; readonly key: string }, found: FoundMessage): boolean => {
    if (wanted.by === 'key') return found.key === wanted.key && found.topic === wanted.topic
    return wanted.by === 'offsetMsgId' || found.msgId === wanted.key
  },

  /** RMQ-141: what does not fit is dropped. */
  keepsLine: (waiting: number, max: number): boolean => waiting < max,

  /** RMQ-141: a few lines leave, too, when their time has come. */
  leavesAfter: (wait: Us): Us => wait,

  /** A trace says of a send, and of a listener, what they came to. */
  toldSuccess: (success: boolean): boolean => success,

  /** RMQ-095: a consumer that stops in good order tells its progress first. */
  reportsOnStop: (): boolean => true,

  /** An application that asks for messages has done what it was given before, not what is fetched ahead of it. */
  committedByPoll: (done: number, _fetched: number): number => done,

  /** RMQ-103: a queue that changes hands is told of as far as its application has committed. */
  committedAtLoss: (committed: number, _fetched: number): number => committed,

  /** RMQ-092: where to go on when the broker says that the offset is not there. */
  startAfterCorrection: (next: number): number => next,

  /** RMQ-096: what fails in a broadcasting group is logged and dropped. */
  dropsFailedBroadcast: (): boolean => true,

  /** RMQ-096: an instance goes on where its own file says. */
  localStart: (stored: number): number => stored,

  /** What has become visible again is not worked on: see pop-listener.ts. */
  mayRunPopped: (uptime: Us, visibleAt: Us): boolean => uptime < visibleAt,

  /** RMQ-110: a message is acknowledged when its listener has succeeded, not when it starts. */
  acknowledgesBefore: (): boolean => false,

  /** RMQ-114: by which level a copy waits that the client sends itself. */
  levelOfCopy: (reconsumeTimes: number): number => levelOfRetry(reconsumeTimes),

  /** RMQ-108: an orderly listener has been given a message as often as its application wants. */
  isGivenUpInOrder: (reconsumeTimes: number, max: number): boolean => reconsumeTimes >= max,

  /** RMQ-108: each time that a message is put back counts. */
  countedInOrder: (reconsumeTimes: number): number => reconsumeTimes + 1,

  /** RMQ-113: only what the broker has taken back, or a copy that it has stored, is done with. */
  isReturned: (accepted: boolean): boolean => accepted,

  /** An application that has gone to an offset is given what lies there next, not what would have come. */
  soughtOffset: (offset: number, _next: number): number => offset,

  /** A queue that its application let rest is pulled again when the application says so. */
  restsUntil: (now: Us, forUs: Us): Us => now + forUs,

  /** RMQ-100: what has been worked on for longer than that is given up. */
  isOverdue: (forUs: Us, mostUs: Us): boolean => forUs > mostUs,

  /** RMQ-100: what could not be sent back stays where it is. */
  dropsExpired: (): boolean => false,

  /** RMQ-099: of a batch, what comes before ackIndex + 1 is done with. */
  isAcknowledgedInBatch: (nth: number, acknowledged: number): boolean => nth < acknowledged,

  /** RMQ-090: a queue rests while more is held of it than may be. */
  holdsTooMuch: (held: Holding, most: Holding): boolean =>
    held.messages > most.messages || held.bytes > most.bytes || held.span > most.span,

  /** RMQ-090: what is done with is held no more. */
  releasedBytes: (bytes: number): number => bytes,

  /** RMQ-094: a result for a queue that was dropped meanwhile is not reported. */
  reportsDropped: (): boolean => false,
} as const

type Widen<F> = F extends (...args: infer A) => infer R ? (...args: A) => R : never
export type ClientRules = { readonly [name in keyof typeof clientRules]: Widen<(typeof clientRules)[name]> }
