/**
 * The history: what clients saw, what was done to the cluster, and, for a reference system only, what happened inside.
 * A checker for a foreign broker has nothing but the first two, so every checker says which kinds it needs.
 *
 * `op` names one operation; for `send` and `endTxn` it is also the message's identity, whatever broker ids it gets later.
 * An operation is one `invoke` and at most one `ok` (it happened), `fail` (it certainly did not) or `info` (nobody can say).
 */
import type { FaultKind } from '../plan/faults.ts'
import type { Delay, SendMode, Strategy, TxnOutcome } from '../plan/plan.ts'
import type { Properties } from '../plan/labels.ts'
import type { QueueName } from '../plan/queues.ts'
import type { Us } from '../plan/units.ts'
import type { Committed, LedgerCut, Leads } from './groups-log.ts'
import type { PollInfo, PollInvoke, PollOk } from './polls.ts'
import type { Ack, Hide } from './popped.ts'
import type { Lag, Query } from './queries.ts'
import type { MissedSlot, Recall } from './recalls.ts'
import type { Cleaned } from './retention.ts'
import type { SendBack } from './send-back.ts'
import type { Subscribe } from './subscribing.ts'
import type { Copied, CopyRecovered, Redirect, ReplicaAudit, ReplicaPull } from './replicas.ts'
import type { Trace } from './traces.ts'
import type { Acting, Elected, InSync, Presides, RoleTaken } from './roles.ts'

export interface Place {
  readonly topic: string
  readonly queue: QueueName
  readonly offset: number
}
export interface GroupPlace extends Place {
  readonly group: string
}

interface Base {
  readonly i: number
  readonly t: Us
  readonly p: string
}
export type Op<Type, F, V> = Base & { readonly type: Type; readonly f: F; readonly op: number; readonly v: V }

/**
 * A send starts. `digest` covers body, keys, tags and properties. A `half` is a transactional message before its outcome. `key` is the
 * application's own name for what the message is about, if it has one.
 * `of` is the message of which this one is a copy, where an application sends it on.
 * `batch` is the first message of the batch to which this one belongs, in whose order their sends begin. With `select` a selector chooses
 * the queue, by the key. With a `delay` it is acknowledged where it waits, and read elsewhere, later.
 */
export type SendInvoke = Op<
  'invoke',
  'send',
  {
    topic: string
    queue: QueueName | null
    mode: SendMode
    half: boolean
    digest: number
    text: string
    key?: string | undefined
    batch?: number | undefined
    of?: number | undefined
    select?: 'key' | undefined
    delay?: Delay | undefined
    tag?: string | undefined
    properties?: Properties | undefined
  }
>
/** The id that a client gives a message, where the source shows it (RocketMQ's unique key). */
interface Named {
  readonly msgId?: string | undefined
}
/**
 * The broker has said yes, in its own word (RocketMQ's is SEND_OK). `at` is the physical offset in the broker's log, from the message
 * id. Offset and `at` are -1 where the broker shows none. `broker` is the process that answered.
 */
export type SendOk = Op<'ok', 'send', Place & Named & { status: string; broker: string; at: number }>
/** Nobody can say whether it is stored: a timeout, a lost answer, one-way, or a status such as FLUSH_DISK_TIMEOUT. */
export type SendInfo = Op<'info', 'send', { status: string }>
/** Certainly not stored. */
export type SendFail = Op<'fail', 'send', { reason: string }>

/** Who has chosen the queue of an attempt: the client, queue by queue in turn; or its caller, himself or by a selector. */
export type ChosenBy = 'turn' | 'caller'
/**
 * A request of a send leaves its client: number `attempt`, from 1. `thread` numbers the client's threads of control; `brokers` have the topic
 * and `queues` is how many queues they have in all, as far as the client knows; `after` says how the attempt before ended, if there was one.
 */
export type Attempt = Op<
  'info',
  'attempt',
  {
    attempt: number
    thread: number
    topic: string
    queue: QueueName
    broker: string
    by: ChosenBy
    brokers: readonly string[]
    queues: number
    after: string
  }
>

export type Delivery = GroupPlace &
  Named & {
    message: number
    digest: number
    attempt: number
    broker?: string | undefined
    at?: number | undefined
    hiddenForUs?: Us | undefined
  }
/** A listener is given a message. Broker and physical offset (RocketMQ's offsetMsgId) where shown; `hiddenForUs`: how long it is its own. */
export type ConsumeInvoke = Op<'invoke', 'consume', Delivery>
export type ConsumeOk = Op<'ok', 'consume', GroupPlace & { message: number }>
export type ConsumeFail = Op<'fail', 'consume', GroupPlace & { message: number }>

/** A client gives up a message that its listener has worked on for too long (RMQ-100), and sends it back; what comes of the delivery is not known. */
export type Expire = Op<'info', 'expire', GroupPlace & { message: number }>

/** What an application does with a message has become visible: its transaction has been committed. `key` is the message's, or nothing. */
export type Effect = Op<'ok', 'effect', { group: string; key: string; message: number }>

/** A consumer tells the broker its progress: `offset` is the next one wanted. One-way, so nobody can say whether it arrived. */
export type Commit = Op<'info', 'commit', GroupPlace>
/**
 * A consumer takes up a queue at `offset`; `from`: the broker's stored offset, none stored, or a correction by the broker. `asked` is where it was
 * before a correction that leads onward: what lies between is not for it.
 */
export type Assign = Op<'ok', 'assign', GroupPlace & { from: 'stored' | 'none' | 'corrected'; asked?: number | undefined }>
/** It gives the queue up, at the progress `offset`: work on it that is still under way counts no more. */
export type Revoke = Op<'ok', 'revoke', GroupPlace>

/**
 * A consumer computes its share of a topic, alone: `share` is what `strategy` gives to `member`, its client id, from these members and queues.
 * It is recorded where the group names its strategy.
 */
export type Share = Op<
  'ok',
  'share',
  {
    group: string
    topic: string
    strategy: Strategy
    member: string
    members: readonly string[]
    queues: readonly QueueName[]
    share: readonly QueueName[]
  }
>
interface GroupQueue {
  readonly group: string
  readonly topic: string
  readonly queue: QueueName
}
/** An orderly consumer is told that it has a queue to itself, for so long unless it is told so again; or that it has not. */
export type Lock = Op<'ok', 'lock', GroupQueue & { validUs: Us }> | Op<'fail', 'lock', GroupQueue>
/** An orderly consumer gives a queue away. One-way. */
export type Unlock = Op<'info', 'unlock', GroupQueue>

/** The auditor, at the end, reads what each queue really holds. */
export type Pull = Op<'ok', 'pull', Place & { message: number; digest: number }>
/** It has read the queue from `min` up to, not including, `max`; or the topic has no such queue for readers, though it may have had it once. */
export type Audit = Op<'ok', 'audit', { topic: string; queue: QueueName; min: number; max: number }>
export type NoAudit = Op<'fail', 'audit', { topic: string; queue: QueueName }>

/** A local transaction has ended: from now on this is the truth about message `op`, whatever anybody is told. */
export type LocalTxn = Op<'ok', 'local', { outcome: TxnOutcome }>
/** A producer tells the broker what became of its local transaction. One-way. `op` is the message's. */
export type EndTxn = Op<'info', 'endTxn', { outcome: TxnOutcome; fromCheck: boolean }>
/** The broker asks a producer what became of message `op`. */
export type Check = Op<'invoke', 'check', { answer: TxnOutcome }>

/**
 * A client's view of a topic has changed, or it comes from another NameServer now: `brokers` have the topic, as far as this client goes by.
 * `frozen`: they are those of the topic's order configuration, and not those that the NameServer has heard of.
 */
export type Route = Op<'ok', 'route', { topic: string; nameserver: string; brokers: readonly string[]; frozen?: boolean | undefined }>

/**
 * A consumer process is started or stopped, as the plan says; `fail`: it was running already, or not at all, or could not be asked. `op` is 0
 * where a group had nobody left at the heal, and has its consumers back.
 */
export type ChurnEvent = Op<'ok' | 'fail', 'churn', { act: 'start' | 'stop' }>
/** An administrator moves a group in a queue: to an offset, a time, or, with neither (-1), its end. The answer says where that is. */
export type ResetOffset =
  | Op<'invoke', 'resetOffset', GroupPlace & { timestampUs: Us }>
  | Op<'ok', 'resetOffset', GroupPlace>
  | Op<'info', 'resetOffset', GroupQueue>

export type CreateTopic = Op<'invoke' | 'ok' | 'info', 'createTopic', { topic: string; queues: number }>
/**
 * An operator sets the numbers of a topic's queues at these brokers: ok when all of them have said yes, info when one has not answered, fail when
 * he left it at that, since groups had not read what they would have read no more. `drained`, `barrier`: he looked first.
 */
interface Resized {
  readonly topic: string
  readonly brokers: readonly string[]
  readonly readQueues: number
  readonly writeQueues: number
  readonly drained: boolean
  readonly barrier?: boolean | undefined
}
export type Resize = Op<'invoke' | 'ok' | 'info', 'resize', Resized> | Op<'fail', 'resize', Resized>

/** An operator takes from a broker the permission to be written to in a topic; info: some NameServer has not answered. */
export type WipeWritePerm = Op<'invoke' | 'ok' | 'info', 'wipeWritePerm', { topic: string; broker: string }>

export type ClientEvent =
  | SendInvoke
  | SendOk
  | SendInfo
  | SendFail
  | Attempt
  | ConsumeInvoke
  | ConsumeOk
  | ConsumeFail
  | SendBack
  | Expire
  | Effect
  | Commit
  | Ack
  | Hide
  | Assign
  | PollInvoke
  | PollOk
  | PollInfo
  | Revoke
  | Subscribe
  | Share
  | Lock
  | Unlock
  | Pull
  | Audit
  | NoAudit
  | ReplicaPull
  | ReplicaAudit
  | Redirect
  | LocalTxn
  | EndTxn
  | Check
  | CreateTopic
  | Resize
  | WipeWritePerm
  | ResetOffset
  | Query
  | Lag
  | Recall
  | Trace
  | Route
  | ChurnEvent

/**
 * `effective` once the fault has really changed something: a crash of a node that was up, a message that was really dropped. `where`: at which of
 * its effects a process dies, where the plan says so.
 */
export type FaultEvent = Base & {
  readonly type: 'fault'
  readonly kind: FaultKind
  readonly on: string
  readonly effective: boolean
  readonly where?: string | undefined
}
/**
 * heal: no faults from here on. drained: every group has passed the sentinels and nothing is pending; `note` says what still is.
 * broken: the source itself misbehaved, and `note` says how; nothing in such a history can be relied on.
 */
export type PhaseEvent = Base & {
  readonly type: 'phase'
  readonly phase: 'heal' | 'drained' | 'fresh' | 'stuck' | 'end' | 'broken'
  readonly note: string
}

export type White<F, V> = Base & { readonly type: 'white'; readonly f: F; readonly v: V }
/** A record is in the log, in memory or page cache. */
export type Append = White<'append', Place & { message: number; at: number; size: number; half: boolean }>
/** The log is on stable storage up to here: really, whatever the disk says. */
export type Forced = White<'force', { to: number }>
/** A queue entry was built at index `offset` for the record at `at`: from now on it can be pulled. */
export type Dispatch = White<'dispatch', Place & { at: number }>
/** After recovery the log ends here. */
export type Recovered = White<'recovered', { end: number; clean: boolean }>
/** After recovery a queue index holds [min, max). */
export type RecoveredQueue = White<'recoveredQueue', { topic: string; queue: QueueName; min: number; max: number }>
/** After recovery a key index holds entries for the records below `to`. */
export type RecoveredIndex = White<'recoveredIndex', { from: number; to: number }>
/** The broker has taken note of a group's progress, in memory or (`durable`) on disk. */
export type StoredOffset = White<'storedOffset', GroupPlace & { durable: boolean }>
/** The broker has processed a transaction's end. */
export type EndedTxn = White<'endedTxn', { message: number; outcome: TxnOutcome }>
/**
 * The broker takes a delayed message for due, and stores it again, in the queue where consumers look. It had waited at `from` of the broker's
 * queue for this level, since `storedUs`, to be due at `dueUs`; now it is `nowUs`: all by the broker's own wall clock.
 */
export type Released = White<'released', Place & { message: number; level: number; from: number; storedUs: Us; dueUs: Us; nowUs: Us }>
/** The broker has given up on a half message. */
export type Discarded = White<'discarded', { message: number; checks: number }>
/** A NameServer has heard of a broker, for the first time or again; `topics` is everything that it now knows the broker to have. */
export type Registered = White<'registered', { broker: string; topics: readonly string[] }>
/** A NameServer has dropped a broker: it said goodbye, its connection closed, or the process that was registered as its master says that it is a slave now. */
export type Unregistered = White<'unregistered', { broker: string; why: UnregisteredWhy }>
export type UnregisteredWhy = 'stopped' | 'closed' | 'demoted'
/** A NameServer has dropped a broker that it had not heard of for too long. */
export type Expired = White<'expired', { broker: string }>
/** The broker has taken note that a group goes on at `offset`: the next poll of the queue is told so. */
export type Reset = White<'reset', GroupPlace>
/** What the broker's lock table does. `client` names a process; the lock lives for so long after its grant or last renewal. */
export type LockTable = White<'lock', GroupQueue & { client: string; act: 'granted' | 'renewed' | 'released' | 'expired'; lifeUs: Us }>
/** A node's process is up, or gone. */
export type Life = White<'up' | 'down', Record<string, never>>

export type WhiteEvent =
  | Append
  | Forced
  | Dispatch
  | Recovered
  | RecoveredQueue
  | RecoveredIndex
  | StoredOffset
  | EndedTxn
  | Released
  | MissedSlot
  | Discarded
  | Registered
  | Unregistered
  | Expired
  | Reset
  | LockTable
  | Cleaned
  | Copied
  | CopyRecovered
  | Elected
  | Leads
  | Committed
  | LedgerCut
  | InSync
  | Presides
  | RoleTaken
  | Acting
  | Life

export type Event = ClientEvent | FaultEvent | PhaseEvent | WhiteEvent

/** "ok send", "white append", "fault": the sorts of events that are told apart. */
export type SortOf<E extends Event> = E extends { readonly f: infer F extends string } ? `${E['type']} ${F}` : E['type']
export type Sort = SortOf<Event>

/** What a checker may need: an operation (`send`), or a white-box event (`white:append`). */
export type Kind = ClientEvent['f'] | `white:${WhiteEvent['f']}`

export { KINDS } from './kinds.ts'

export { HISTORY_FORMAT } from './header.ts'
export type { Header, History } from './header.ts'
