/** A broker's memory: plain data in proportion to what is in flight. What is stored lies on the disk, and is read there. */
import { isPop } from '../../../plan/groups.ts'
import type { QueueName } from '../../../plan/queues.ts'
import type { Us } from '../../../plan/units.ts'
import type { Message, NodeId, Setting } from '../../../sim/system.ts'
import type { RocketmqConfig } from '../config.ts'
import type { Filter } from '../filter.ts'
import type { TopicQueues } from '../route-messages.ts'
import type { Lined } from './busy.ts'
import { forkMember, newMember, type MemberState } from '../dledger/member-state.ts'
import { forkHa, newHa, type HaState } from './ha-state.ts'
import type { LogState } from './log-state.ts'
import { forkTimer, type TimerState } from './timer-state.ts'
import { forkPopState, newPopState, type PopState } from './pop-state.ts'
import { shapeOf, type BrokerShape } from './shape.ts'

export type { LogState, Segment } from './log-state.ts'

export interface QueueState {
  readonly topic: string
  readonly queue: number
  /** How histories call it. */
  readonly name: QueueName
  readonly file: string
  /** The next queue offset to assign: ahead of `max` while records wait for the dispatcher. */
  next: number
  /** Entries in the consume queue: what can be pulled. */
  max: number
  min: number
  /** End of the last record that has an entry (RMQ-028). */
  physicalMax: number
  /** Entries known to be forced. */
  forced: number
}

/** A send that waits for its force (RMQ-036). */
export interface Waiting {
  readonly start: number
  readonly end: number
  readonly deadline: Us
  /** `log.forces` when it came: its own attempts count from there (RMQ-036). */
  readonly since: number
  readonly from: NodeId
  readonly op: number
  readonly attempt: number
  /** The message's content: its answer takes its luck from it. */
  readonly digest: number
  readonly topic: string
  readonly queue: number
  readonly offset: number
  /** Where the other records of a batch begin. */
  readonly more: readonly number[]
  /** ≥ 0: the commit of the half at this offset; what waits is the end of a transaction, not a client. */
  readonly endsHalf: number
  /** What is said then, where no send is answered: a pop or an acknowledgement waits. */
  readonly answer: Reply | null
  /** Of a message that goes on the wheel: when it is due. */
  readonly dueUs?: Us
}

/** A message that is kept to be sent later, as it is; `late`: what is said where the force did not come in time. */
export class Reply {
  readonly message: Message
  readonly late: Message
  constructor(message: Message, late = message) {
    this.message = message
    this.late = late
  }
}

/** By what one topic of a group is filtered, since when. */
export interface TopicFilter {
  readonly topic: string
  readonly filter: Filter | null
  readonly subVersion: number
}
export interface Subscription {
  readonly group: string
  readonly topics: readonly string[]
  readonly filters: readonly TopicFilter[]
}

/** A pull that waits for a message (RMQ-089). */
export interface HeldPull {
  readonly from: NodeId
  readonly salt: number
  readonly request: number
  readonly group: string
  readonly clientId: string
  readonly topic: string
  readonly queue: number
  readonly offset: number
  readonly max: number
  readonly subVersion: number
  readonly deadline: Us
}

export interface GroupOffset {
  readonly group: string
  readonly topic: string
  readonly queue: number
  readonly offset: number
}

/** Where a group goes on in a queue, as an administrator wants it, and no consumer was told yet (RMQ-098). */
export type PendingReset = GroupOffset

/** A consumer that has said that it is there. */
export interface Member {
  readonly group: string
  readonly clientId: string
  readonly from: NodeId
  /** When it was last heard of. */
  seenAt: Us
  /** It has asked for the members since they last changed. */
  informed: boolean
}

/** Who has a queue of a group to itself (RMQ-106). */
export interface QueueLock {
  readonly group: string
  readonly topic: string
  readonly queue: number
  readonly client: string
  /** By the wall clock. */
  readonly renewedAt: Us
}

export interface TransactionState {
  /** The first half that is not known to be done. */
  progress: number
  /** The progress that may be persisted: behind `progress` while the copies that it skipped are not forced (repair waitForInternalWrites). */
  safeProgress: number
  /** End of the newest internal copy. */
  copiesTo: number
  /** Halves at or after `progress` whose op record was read. */
  done: number[]
  /** Op records read so far. */
  opsRead: number
  /** Half offsets ended, not yet in an op record (RMQ-128). */
  batch: number[]
  /** Messages whose transaction has ended (repair endTxnOnce). */
  ended: number[]
  checking: boolean
  /** Who is asked next. */
  turn: number
}

/** Of a delay level in use (RMQ-119). */
export interface LevelState {
  readonly level: number
  /** The next offset of its queue to deliver. */
  progress: number
  /** The progress that may be persisted: behind `progress` while copies are not forced (repair waitForInternalWrites). */
  safeProgress: number
  /** End of the newest copy. */
  copiesTo: number
  /** Its task will look. */
  armed: boolean
}

export interface DelayState {
  levels: LevelState[]
  /** The uptime of the first look (RMQ-119); the others follow in steps. */
  from: Us
  saveArmed: boolean
}

export interface CleaningState {
  /** The uptime of the first round (RMQ-051); the others follow in steps. */
  from: Us
  /** The disk counts as full (RMQ-052). In memory alone. */
  full: boolean
  /** Something has found no space since the last round. */
  pressed: boolean
}

export interface BrokerState {
  readonly role: 'broker'
  readonly id: NodeId
  readonly shape: BrokerShape
  topics: TopicQueues[]
  log: LogState
  queues: QueueState[]
  waiting: Waiting[]
  /** Sends that stand in line for the log, the holder of its lock first; and since when the lock is held: -1: it is free. */
  lined: readonly Lined[]
  lockedAt: Us
  deadlineArmed: boolean
  /** Everything below has its queue entries. Invariant: dispatchedTo ≤ log.end. */
  dispatchedTo: number
  dispatchArmed: boolean
  dispatchedTime: Us
  held: HeldPull[]
  /** When the timer of the held pulls fires; -1: it is not armed. */
  holdAt: Us
  /** In memory alone (RMQ-106). */
  locks: QueueLock[]
  /** No lock is granted before this uptime (repair waitOutLocks). */
  locksFrom: Us
  offsets: GroupOffset[]
  offsetsChanged: boolean
  /** In memory alone. */
  resets: readonly PendingReset[]
  /** What the file holds for certain. */
  offsetsSaved: readonly GroupOffset[]
  checkpoint: { logTime: Us; queueTime: Us }
  /** Consume-queue forces under way, and the checkpoint time they will justify (repair checkpointAfterForce). */
  queueForces: number
  queueForceTime: Us
  queueThoroughAt: Us
  /**
   * Stopping in good order: first the log, then what depends on it, then the checkpoint that says so. `awaited`: files on their way, and
   * how far (or in which version) they must come.
   */
  stopping: { stage: 'log' | 'files' | 'checkpoint'; awaited: { readonly file: string; readonly at: number }[] } | null
  /** Creations and updates that wait for topics.json; `asked`: who is answered then, and nobody where the broker has made the topic of its own accord. */
  creating: { readonly topic: string; readonly asked: { readonly from: NodeId; readonly op: number; readonly update: boolean } | null }[]
  producers: NodeId[]
  members: Member[]
  /** What each group subscribes, as its last heartbeat said (RMQ-105). */
  subscriptions: readonly Subscription[]
  scanArmed: boolean
  txn: TransactionState
  delays: DelayState
  cleaning: CleaningState
  /** Null as long as nothing has waited for a time of its own. */
  timer: TimerState | null
  /** Null where no group pops. */
  pop: PopState | null
  /** Null where nobody copies, and nobody is waited for. */
  ha: HaState | null
  /** Null where the commit log is not a group's. */
  ledger: MemberState | null
}

/** `follows`: see System. */
export const newBroker = (id: NodeId, setting: Setting<RocketmqConfig>, follows: NodeId | null = null): BrokerState => ({
  role: 'broker',
  id,
  shape: shapeOf(id, setting),
  topics: [],
  log: { segments: [], end: 0, flushedTo: 0, forcing: false, forces: 0, safeSegments: 0, thoroughAt: 0, flushedTime: 0, appendedTime: 0 },
  queues: [],
  waiting: [],
  lined: [],
  lockedAt: -1,
  deadlineArmed: false,
  dispatchedTo: 0,
  dispatchArmed: false,
  dispatchedTime: 0,
  held: [],
  holdAt: -1,
  locks: [],
  locksFrom: 0,
  offsets: [],
  offsetsChanged: false,
  resets: [],
  offsetsSaved: [],
  checkpoint: { logTime: 0, queueTime: 0 },
  queueForces: 0,
  queueForceTime: 0,
  queueThoroughAt: 0,
  stopping: null,
  creating: [],
  producers: [],
  members: [],
  subscriptions: [],
  scanArmed: false,
  txn: { progress: 0, safeProgress: 0, copiesTo: 0, done: [], opsRead: 0, batch: [], ended: [], checking: false, turn: 0 },
  delays: { levels: [], from: 0, saveArmed: false },
  cleaning: { from: 0, full: false, pressed: false },
  timer: null,
  ha: newHa(id, setting, follows),
  ledger: newMember(id, setting),
  pop: setting.cluster.groups.some(isPop) ? newPopState(setting.config.parameters.reviveQueues) : null,
})

export const forkBroker = (state: BrokerState): BrokerState => ({
  ...state,
  topics: state.topics.slice(),
  log: { ...state.log, segments: state.log.segments.slice() },
  queues: state.queues.map((queue) => ({ ...queue })),
  waiting: state.waiting.slice(),
  held: state.held.slice(),
  locks: state.locks.slice(),
  offsets: state.offsets.slice(),
  checkpoint: { ...state.checkpoint },
  stopping: state.stopping === null ? null : { ...state.stopping, awaited: state.stopping.awaited.slice() },
  creating: state.creating.slice(),
  producers: state.producers.slice(),
  members: state.members.map((member) => ({ ...member })),
  txn: { ...state.txn, done: state.txn.done.slice(), batch: state.txn.batch.slice(), ended: state.txn.ended.slice() },
  delays: { ...state.delays, levels: state.delays.levels.map((level) => ({ ...level })) },
  cleaning: { ...state.cleaning },
  timer: state.timer === null ? null : forkTimer(state.timer),
  pop: state.pop === null ? null : forkPopState(state.pop),
  ha: state.ha === null ? null : forkHa(state.ha),
  ledger: state.ledger === null ? null : forkMember(state.ledger),
})

/** It copies another one, and stores nothing of its own accord. */
export const isSlave = ({ ha, ledger }: BrokerState): boolean => {
  if (ledger !== null) return !ledger.serves
  return ha !== null && (ha.replica === null ? ha.shape.master >= 0 : ha.replica.role !== 'master')
}

/** A master that has come back, and is not registered before it has taken back what its slaves know (RMQ-071). */
export const isIsolated = ({ ha }: BrokerState): boolean => (ha?.acting?.returning ?? null) !== null

/** It does of its own accord what masters do: it delivers what is due, and checks what is open. */
export const isInService = (state: BrokerState): boolean => !isSlave(state) && !isIsolated(state)

/** Histories tell of its log as of one broker's own, which nobody else's takes the place of. */
export const tellsItsLog = (state: BrokerState): boolean => state.ledger === null && !isSlave(state)

/** Which node stands for its name. */
export const homeOf = ({ id, ha, ledger }: BrokerState): NodeId => ledger?.group ?? ha?.shape.home ?? id

export function topicOf(state: BrokerState, topic: string): TopicQueues | undefined {
  for (const one of state.topics) if (one.topic === topic) return one
  return undefined
}

export function pendingReset(state: BrokerState, group: string, topic: string, queue: number): PendingReset | undefined {
  for (const one of state.resets) if (one.queue === queue && one.group === group && one.topic === topic) return one
  return undefined
}

export function queueOf(state: BrokerState, topic: string, queue: number): QueueState | undefined {
  for (const one of state.queues) if (one.queue === queue && one.topic === topic) return one
  return undefined
}
