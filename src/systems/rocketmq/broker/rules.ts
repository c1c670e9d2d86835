/**
 * The broker's decisions on which guarantees depend, each a small pure function with a name that says what it decides. A planted bug
 * overrides one of them; the code that asks stands beside the fact that it models.
 */
import type { Labels, Properties } from '../../../plan/labels.ts'
import { matches } from '../../../plan/selector/evaluate.ts'
import type { Condition } from '../../../plan/selector/expression.ts'
import type { Us } from '../../../plan/units.ts'
import { javaHash } from '../java-hash.ts'
import type { BatchPart, StoredStatus } from '../messages.ts'
import type { Soundness } from './record.ts'
import { busyRules } from './busy.ts'
import { raftRules } from '../raft/rules.ts'
import { replicaRules } from '../controller/replica-rules.ts'
import { popRules } from './pop-rules.ts'
import { accessRules } from './access-rules.ts'
import { queryRules } from './query-rules.ts'
import { retryRules } from './retry-rules.ts'
import { retentionRules } from './retention-rules.ts'
import { timerRules } from './timer-rules.ts'
import type { Member, Segment } from './state.ts'

interface QueueNumbers {
  readonly readQueues: number
  readonly writeQueues: number
}
interface Span {
  readonly start: number
  readonly end: number
}
interface LogView {
  readonly end: number
  readonly flushedTo: number
  readonly sync: boolean
}

export const brokerRules = {
  ...raftRules,
  ...popRules,
  ...retryRules,
  ...retentionRules,
  ...busyRules,
  ...queryRules,
  ...accessRules,
  ...timerRules,
  ...replicaRules,

  /** RMQ-036, RMQ-038: under SYNC_FLUSH when the record's end is flushed, under ASYNC_FLUSH at once. */
  mayAnswerSend: (record: Span, log: LogView): boolean => !log.sync || log.flushedTo >= record.end,

  /** RMQ-036: whom a force that has come back wakes: those whose record it covers, not everybody who waits. */
  isWokenByForce: (record: Span, log: LogView): boolean => log.flushedTo >= record.end,

  /** How often one request is appended. */
  appendsOf: (): number => 1,

  /** RMQ-059: the records of a batch lie in the order of its list. */
  orderOfBatch: (batch: readonly BatchPart[]): readonly BatchPart[] => batch,

  /** Repair wholeBatches: of a batch whose last records are gone recovery keeps none. */
  keepsPartOfBatch: (): boolean => false,

  /** RMQ-040: a failed force moves nothing (since #9713). */
  flushedAfterError: (flushedTo: number, _attempted: number): number => flushedTo,

  /** The file that is forced next: the one that holds the flushed position. */
  segmentToForce: (segments: readonly Segment[], flushedTo: number): Segment | undefined =>
    segments.findLast((segment) => segment.start <= flushedTo),

  /** Where the log is flushed to once `segment` was forced up to `bytes`. */
  flushedAfterForce: (flushedTo: number, segment: Segment, bytes: number, _log: LogView): number =>
    Math.max(flushedTo, segment.start + bytes),

  /** RMQ-030: the dispatch ceiling. Since 5.3.0 SYNC_FLUSH shows only what is flushed; ASYNC_FLUSH shows everything. */
  dispatchLimit: (log: LogView, forcedOnly: boolean): number => (log.sync || forcedOnly ? log.flushedTo : log.end),

  /** RMQ-022 step 11: the counter moves only when the append succeeded. */
  nextQueueOffset: (next: number, appended: boolean): number => (appended ? next + 1 : next),

  /** RMQ-126: a half goes to the internal topic, where no group of an application looks. */
  storesHalfInternally: (): boolean => true,

  /** RMQ-095: the progress that a pull reports is what the group has finished, not what it asks for. */
  progressOfPull: (pull: { readonly commit: number; readonly offset: number }): number => pull.commit,

  /** RMQ-095: progress is each group's own. */
  groupOfOffset: (group: string): string => group,

  /** RMQ-097: where a group stands is what it has told, and not how far others are; null: it has told nothing. */
  offsetOfGroup: (own: number | null, _furthest: () => number | null): number | null => own,

  /** Reading moves a group's progress and deletes nothing (C-312): the first offset that a member may be given. */
  firstGiven: (asked: number, _furthest: () => number | null): number => asked,

  /** RMQ-098: who pulls next is told of a reset. */
  handsOutReset: (): boolean => true,

  /** RMQ-097: a search by time finds what was stored at that time, or later. */
  isStoredSince: (storedAt: Us, sinceUs: Us): boolean => storedAt >= sinceUs,

  /** RMQ-035: what lies so far back is not in memory any more. */
  isInMemory: (behindBytes: number, inMemoryBytes: number): boolean => behindBytes <= inMemoryBytes,

  /** RMQ-106: a lock that was not renewed for so long is anybody's. */
  isLockExpired: (idleUs: Us, lifeUs: Us): boolean => idleUs > lifeUs,

  /** RMQ-106: a lock is for its holder alone. */
  mayTakeLock: (holder: string, asker: string, expired: boolean): boolean => holder === asker || expired,

  /** RMQ-106: only its holder gives a lock back. */
  mayReleaseLock: (holder: string, asker: string): boolean => holder === asker,

  /** RMQ-034: where a pull outside [min, max] is sent. */
  correctedOffset: (offset: number, min: number, max: number): number => (offset < min ? min : max),

  /** RMQ-105: what a group subscribes after a heartbeat, which counts as a whole. */
  nextSubscription: (_known: readonly string[], told: readonly string[]): readonly string[] => told,

  /** RMQ-105: of two subscriptions of a topic the later one counts. */
  replacesFilter: (known: number, told: number): boolean => told > known,

  /** RMQ-027: the Java hash of the tag, 0 where there is none; recovery builds the same entry anew. */
  tagsCodeOf: ({ tag }: Labels, _rebuilt: boolean): number => (tag === '' ? 0 : javaHash(tag)),

  /** RMQ-135: the broker knows tags by their hash alone: what collides travels. */
  matchesCode: (wanted: readonly number[], tagsCode: number): boolean => wanted.includes(tagsCode),

  /** RMQ-138: what is true is given; what is null, or can't be compared, is not. */
  selects: (condition: Condition, properties: Properties): boolean => matches(condition, properties),

  /** RMQ-137: why a selector is refused, or nothing. */
  refusesSelector: (mistake: string, enabled: boolean): string =>
    enabled ? mistake : 'the broker filters by tags alone (enablePropertyFilter)',

  /** RMQ-126: the real message has the half's properties, its tag among them. */
  labelsOfCommitted: (labels: Labels): Labels => labels,

  /** RMQ-101: a client whose connection closes is no member any more. */
  forgetsClosed: (): boolean => true,

  /** RMQ-101: members are told when their group has changed. */
  notifiesMembers: (): boolean => true,

  /** RMQ-101: a member that was silent for so long is gone. */
  isExpired: (silentUs: Us, expiryUs: Us): boolean => silentUs > expiryUs,

  /** Whom a client is told that asks for the members of a group. */
  membersOf: (members: readonly Member[], group: string): readonly Member[] => members.filter((member) => member.group === group),

  /** RMQ-034: one held pull may be answered when its queue has something at its offset. */
  mayAnswerPull: (offset: number, max: number): boolean => offset < max,

  /** RMQ-089: who is woken when a message arrives; a scan every five seconds finds those whose wake-up got lost. */
  wakesHeldPulls: (): boolean => true,
  scansHeldPulls: (): boolean => true,

  /** RMQ-089: a pull that was held long enough is answered with nothing. */
  endsHold: (): boolean => true,

  /** RMQ-034: where a consumer goes on after what it was given; `asked` is how many messages it would have taken. */
  nextAfterFound: (until: number, _from: number, _asked: number): number => until,

  /** RMQ-046: is a record accepted by recovery? Its frame must hold, and its checksum over what it covers (RMQ-048: the body alone). */
  acceptsRecord: (soundness: Soundness, checksumWhole: boolean): boolean =>
    soundness.framed && soundness.bodyIntact && (soundness.whole || !checksumWhole),

  /** RMQ-047: everything after the first bad record is discarded, valid records behind a hole included. */
  stopsAtBadRecord: (): boolean => true,

  /** RMQ-047: which queue entries survive a truncation of the log. */
  keepsQueueEntry: (entry: { readonly at: number }, logEnd: number): boolean => entry.at < logEnd,

  /** RMQ-043: the abort file decides. */
  isAbnormal: (abortFile: boolean): boolean => abortFile,

  /** RMQ-043: it goes on a clean shutdown only if nothing is left to dispatch. */
  removesAbortFile: (dispatchLag: number): boolean => dispatchLag === 0,

  /** RMQ-042: abnormal recovery starts in the newest file that began before this time. */
  recoveryTime: (checkpoint: { readonly logTime: Us; readonly queueTime: Us }, marginUs: Us): Us =>
    Math.min(checkpoint.logTime, checkpoint.queueTime) - marginUs,

  /** RMQ-042: the log's checkpoint is the store time of what was flushed. */
  checkpointLogTime: (flushedTime: Us, _appendedTime: Us): Us => flushedTime,

  /** RMQ-046: which recovered records are dispatched again: all from the start of the scan, or those beyond every queue entry. */
  redispatches: (at: number, abnormal: boolean, physicalMax: number): boolean => abnormal || at >= physicalMax,

  /** RMQ-049: the next queue offset after a restart. */
  nextAfterRecovery: (entries: number): number => entries,

  /** RMQ-128: only a commit makes a half visible. */
  makesVisible: (outcome: 'commit' | 'rollback' | 'unknown'): boolean => outcome === 'commit',

  /** RMQ-086: the real message is the half's copy, unique key included. */
  msgIdOfCommitted: (half: { readonly msgId: string; readonly offset: number }): string => half.msgId,

  /** RMQ-128: commit and rollback are the end of a half; unknown is not. */
  endsHalf: (outcome: 'commit' | 'rollback' | 'unknown'): boolean => outcome !== 'unknown',

  /** RMQ-130: a half is checked when it is older than this. */
  isDueForCheck: (ageUs: Us, timeoutUs: Us): boolean => ageUs >= timeoutUs,

  /** RMQ-130: it is given up after so many checks. */
  isGivenUp: (checks: number, checksMax: number, ageUs: Us, reservedUs: Us): boolean => checks >= checksMax || ageUs > reservedUs,

  /** RMQ-130: what an op record names is done with. */
  isMarkedDone: (offset: number, progress: number): boolean => offset >= progress,

  /** RMQ-132: who is asked about a half, in turn, whoever has sent it; -1: nobody. */
  whomToAsk: (producers: readonly number[], turn: number): number => producers[turn % Math.max(1, producers.length)] ?? -1,

  /** RMQ-130: once a round. */
  questionsOf: (): number => 1,

  /** RMQ-133: where the check goes on after a restart: where its progress was stored. */
  checkFrom: (stored: number, _max: number): number => stored,

  /** RMQ-130: before it is checked a half is copied to the tail, so that the queue can move on. */
  renewsHalf: (): boolean => true,

  /** RMQ-132: where nobody can be asked, it is copied all the same, and asked about in another round. */
  renewsUnasked: (): boolean => true,

  /** RMQ-014, RMQ-017: how many queues are read and how many are written are two numbers, and stay what the operator said. */
  numbersAfterUpdate: (asked: QueueNumbers): QueueNumbers => asked,

  /** RMQ-164: topics are persisted when they change. */
  savesUpdates: (): boolean => true,

  /** RMQ-118: a level beyond the table is its last one; 0 is no delay. */
  levelInForce: (asked: number, levels: number): number => Math.min(Math.max(0, asked), levels),

  /** RMQ-118: levels are numbered from 1, their queues from 0. */
  queueOfLevel: (level: number): number => level - 1,

  /** RMQ-118: counted from when the broker stored the message. */
  dueTime: (storeTime: Us, delay: Us): Us => storeTime + delay,

  /** RMQ-119: a message that would have to wait for longer than its level says is due too: the clock was set back. */
  isDue: (due: Us, now: Us, delay: Us): boolean => due <= now || due > now + delay,

  /** RMQ-119: a message that is due goes where its sender wanted it. */
  targetOf: (delayed: { readonly topic: string; readonly queue: number }): { readonly topic: string; readonly queue: number } => delayed,

  /** RMQ-119: what could not be stored is tried again. */
  progressAfter: (progress: number, stored: boolean): number => (stored ? progress + 1 : progress),

  /** RMQ-120: every ten seconds, and when the broker stops; it is the next offset to deliver that is saved. */
  savesProgress: (): boolean => true,
  savesProgressAtStop: (): boolean => true,
  progressToSave: (progress: number): number => progress,

  /** RMQ-120: a progress outside of what its queue holds is brought back into it. */
  correctedProgress: (saved: number, min: number, max: number): number => Math.min(Math.max(saved, min), max),

  /** RMQ-024, RMQ-033: a slave takes nothing from producers. */
  slaveRefusesSends: (): boolean => true,

  /** RMQ-060, RMQ-063: from where on a slave is sent the log; it may be beyond the master's end. */
  transferFrom: (slaveMax: number, _end: number): number => slaveMax,

  /** With the repair refuseOtherLog: a slave's log is no longer than its master's, and its last record lies there, too. */
  isOwnBeginning: (fits: boolean, sameRecord: boolean): boolean => fits && sameRecord,

  /** RMQ-062: the frame must begin where the slave's log ends; nothing else is looked at. */
  takesFrame: (at: number, end: number): boolean => at === end,

  /** RMQ-064: a slave says how far it has appended, not how far it has forced. */
  reportedBySlave: (end: number, _flushedTo: number): number => end,

  /** RMQ-064: a slave has a record that ends where the slave is, or before. */
  isCopied: (slaveMax: number, recordEnd: number): boolean => slaveMax >= recordEnd,

  /** RMQ-057: so many slaves are waited for, whether there are as many or not. */
  hasEnoughCopies: (copies: number, needed: number, _slaves: number, _connected: number): boolean => copies >= needed,

  /** RMQ-055: slaves that did not come in time are said to. */
  statusWithoutCopy: (_status: StoredStatus): StoredStatus => 'FLUSH_SLAVE_TIMEOUT',

  /** RMQ-066: a slave indexes every record that it has, the last one of a frame too. */
  slaveIndexes: (_recordEnd: number, _logEnd: number): boolean => true,

  /** RMQ-067: what its master knows of groups' progress takes the place of what a slave knows. */
  takesProgress: (): boolean => true,

  /** RMQ-071: a slave stands in for its master where nobody is registered before it; `members` are all who are, the master first. */
  actsForMaster: (self: number, members: readonly number[]): boolean => members[0] === self,

  /** RMQ-071: a master that comes back goes by what its slaves know of progress. */
  takesProgressBack: (): boolean => true,

  /** RMQ-034: who reads at a slave goes on behind what he was shown. */
  nextAtSlave: (next: number): number => next,

  /** RMQ-034: where a slave sends a pull outside of what it holds: nowhere. */
  correctedBySlave: (asked: number, _min: number, _max: number): number => asked,

  /** RMQ-035, RMQ-069: a consumer that is so far behind had better read from a slave. */
  suggestsSlave: (behindBytes: number, inMemoryBytes: number): boolean => behindBytes > inMemoryBytes,

  /** RMQ-002: every NameServer is told, since they tell each other nothing. */
  registersWith: (nameservers: readonly number[]): readonly number[] => nameservers,

  /** RMQ-004: registrations go out without any change too (forceRegister). */
  registersUnchanged: (): boolean => true,
} as const

type Widen<F> = F extends (...args: infer A) => infer R ? (...args: A) => R : never
export type BrokerRules = { readonly [name in keyof typeof brokerRules]: Widen<(typeof brokerRules)[name]> }
