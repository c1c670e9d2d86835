/**
 * What travels between RocketMQ's processes here, named after its request codes. Every message is a value, and its salt names its
 * content (operation, attempt, queue, offset), so that a message keeps its luck when others are removed from a plan.
 *
 * Left out: serialisation, remoting threads, and everything of a message that no modelled decision looks at.
 */
import { hashName, mix, mixWide } from '../../plan/hash.ts'
import type { Labels } from '../../plan/labels.ts'
import type { TimedDelay, TxnOutcome } from '../../plan/plan.ts'
import type { Us } from '../../plan/units.ts'
import type { Message, NodeId } from '../../sim/system.ts'
import type { Statement } from './client/receivers/tables.ts'
import type { AdminTraffic } from './admin-messages.ts'
import type { RaftMessage } from './raft/messages.ts'
import type { GroupTraffic } from './group-messages.ts'
import type { ControllerTraffic } from './controller-messages.ts'
import type { HaTraffic, PreOnline, ProgressBack } from './ha-messages.ts'
import type { PopTraffic } from './pop-messages.ts'
import type { QueryTraffic } from './query-messages.ts'
import type { RecallTraffic } from './recall-messages.ts'
import type { RouteTraffic } from './route-messages.ts'
import type { TraceTraffic } from './trace-messages.ts'

/** The salt of a message: its type and up to three integers, times included. */
export const salted = (type: string, a: number, b = 0, c = 0): number => mixWide(mix(mix(hashName(type), a), b), c)

/** SEND_MESSAGE. `op` is the message's identity for the history; `msgId` is its unique key, which every retry carries (RMQ-086). */
export type SendRequest = Message & {
  readonly type: 'send'
  readonly op: number
  readonly attempt: number
  readonly msgId: string
  /** KEYS: the application's own, or nothing. */
  readonly key: string
  readonly topic: string
  /** Negative: the broker picks one (RMQ-016). */
  readonly queue: number
  readonly bytes: number
  readonly digest: number
  readonly fails: number
  /** TAGS, and the application's own properties. */
  readonly labels: Labels
  readonly half: boolean
  /** DELAY: the level by which it is delayed (RMQ-118); 0 for none. */
  readonly delay: number
  /** TIMER_DELAY_MS or TIMER_DELIVER_MS: a time of its own (RMQ-122). */
  readonly timer?: TimedDelay
  readonly oneway: boolean
  readonly born: Us
  /** RMQ-059, RMQ-087: the messages of a batch, the first included; `bytes` is then that of all. */
  readonly batch: readonly BatchPart[] | null
  /** RECONSUME_TIME (RMQ-114): a consumer sends a copy of what its group failed on so often, since the broker did not take it back. */
  readonly reconsumeTimes?: number
  /** How often it is to come again at most, where its sender says so. */
  readonly maxReconsumeTimes?: number | null
}
export interface BatchPart {
  readonly msgId: string
  readonly key: string
  readonly message: number
  readonly digest: number
  readonly bytes: number
  readonly fails: number
  readonly labels: Labels
}
/** RMQ-055. The first three are success responses that carry a place. */
export type StoredStatus = 'SEND_OK' | 'FLUSH_DISK_TIMEOUT' | 'FLUSH_SLAVE_TIMEOUT'
export type SendStatus =
  StoredStatus | 'SERVICE_NOT_AVAILABLE' | 'SYSTEM_BUSY' | 'SYSTEM_ERROR' | 'TOPIC_NOT_EXIST' | 'MESSAGE_ILLEGAL' | 'NO_PERMISSION'
export type SendAnswer = Message & {
  readonly type: 'sendAnswer'
  readonly op: number
  readonly attempt: number
  readonly status: SendStatus
  /**
   * Topic, queue and queue offset of the stored record (of the half topic for a half), and its physical offset; -1 when not stored. For a delayed
   * message topic and queue are those of the request, and the offset is that in the queue where it waits: read in the broker's source, not
   * measured.
   */
  readonly topic: string
  readonly queue: number
  readonly offset: number
  /** With the broker's address it is the offsetMsgId (RMQ-086). */
  readonly at: number
  /** RMQ-059: physical offsets of the other records of a batch, whose queue offsets follow each other. */
  readonly more: readonly number[]
  /** RMQ-125: of a message on the wheel, when it is due, by the broker's clock: with its unique key, that is its recall handle. */
  readonly dueUs?: Us
}
export const NO_MORE: readonly number[] = []

/** PULL_MESSAGE. `commit` is the group's progress riding along (RMQ-095), or -1. With `hold` the broker may keep it for up to 15 s (RMQ-089). */
export type PullRequest = Message & {
  readonly type: 'pull'
  readonly request: number
  readonly group: string
  /** Who pulls as a member of the group; empty: nobody's member, who brings a subscription along. */
  readonly clientId: string
  readonly topic: string
  readonly queue: number
  readonly offset: number
  readonly commit: number
  readonly max: number
  readonly hold: boolean
  /** The version of the subscription by which this consumer filters; -1: it takes every message. */
  readonly subVersion: number
  /** How long it may be kept, where that is not as usual: the consumer says so (RMQ-089). */
  readonly holdUs?: Us
}
export interface PulledMessage {
  readonly offset: number
  readonly message: number
  readonly msgId: string
  readonly key: string
  readonly digest: number
  readonly bytes: number
  readonly fails: number
  readonly labels: Labels
  readonly at: number
  /** How often its group has failed on it before, where it lies in a retry queue. */
  readonly reconsumeTimes?: number
}
/** CONSUMER_SEND_MSG_BACK (RMQ-113): the broker finds the message by its place in the log. */
export type SendBackRequest = Message &
  Pick<PulledMessage, 'at' | 'msgId'> & {
    readonly type: 'sendBack'
    readonly request: number
    readonly group: string
    /** By which level it is to come again; 0: the broker goes by how often it has. */
    readonly level: number
    /** How often it is to come again at most, where its consumer says so. */
    readonly maxReconsumeTimes: number | null
  }
export type SendBackAnswer = Message & { readonly type: 'sendBackAnswer'; readonly request: number; readonly accepted: boolean }
/**
 * RMQ-034. OFFSET_MOVED: `next` is where the broker sends the consumer instead (OFFSET_ILLEGAL at the client, RMQ-092). NO_MATCHED: there were
 * messages, none of them for this group. NOT_SUBSCRIBED: the broker knows of no such subscription of the group, or of an older one only
 * (SUBSCRIPTION_NOT_EXIST, SUBSCRIPTION_NOT_LATEST, RMQ-105).
 */
export type PullStatus = 'FOUND' | 'NOT_FOUND' | 'NO_MATCHED' | 'OFFSET_MOVED' | 'NOT_SUBSCRIBED' | 'ERROR'
export type PullAnswer = Message & {
  readonly type: 'pullAnswer'
  readonly request: number
  readonly topic: string
  readonly queue: number
  readonly status: PullStatus
  readonly messages: readonly PulledMessage[]
  readonly next: number
  readonly min: number
  readonly max: number
  /** The members of the group have changed since this one asked for them: stands for the periodic rebalance, see client/rebalance.ts. */
  readonly stale: boolean
  /** RMQ-069: by whom the next pull is better answered: 0, the master, where nothing is said. */
  readonly suggested?: number
  /** PULL_RETRY_IMMEDIATELY: it says nothing of the queue. */
  readonly retry?: boolean
}

/** QUERY_CONSUMER_OFFSET. */
export type QueryOffset = Message & {
  readonly type: 'queryOffset'
  readonly request: number
  readonly group: string
  readonly topic: string
  readonly queue: number
  /** A search that may follow rides along: for the first message stored at this time or later; -1: none. */
  readonly sinceUs: Us
}
/**
 * `none`: the broker knows no progress of this group; the others then let the client choose a start (RMQ-097), where RocketMQ's asks anew for
 * each. `young`: the queue is to be read from its beginning, which RocketMQ says by answering 0. `since`: what the search found, or -1.
 */
export type OffsetAnswer = Message & {
  readonly type: 'offsetAnswer'
  readonly request: number
  readonly found: 'stored' | 'none' | 'error'
  readonly offset: number
  readonly min: number
  readonly max: number
  readonly young: boolean
  readonly since: number
}
/** UPDATE_CONSUMER_OFFSET, one-way. */
export type UpdateOffset = Message & {
  readonly type: 'updateOffset'
  readonly group: string
  readonly topic: string
  readonly queue: number
  readonly offset: number
}

/** A producer's heartbeat: from then on the broker can ask it about open transactions. */
export type Heartbeat = Message & { readonly type: 'heartbeat'; readonly group: string }
/** END_TRANSACTION, one-way (RMQ-127). It names the half by its place, as the answer to the half's send or the check gave it. */
export type EndTransaction = Message & {
  readonly type: 'endTransaction'
  readonly message: number
  readonly halfOffset: number
  readonly halfAt: number
  readonly outcome: TxnOutcome
  readonly fromCheck: boolean
}
interface Check {
  readonly message: number
  readonly digest: number
  readonly halfOffset: number
  readonly halfAt: number
}
/** CHECK_TRANSACTION_STATE, one-way, to a live producer of the group (RMQ-132). */
export type CheckTransaction = Message & Check & { readonly type: 'checkTransaction' }
/** An instance of an application that was asked looks in the database where another has left its local transactions; and what it finds there. */
export type LookUp = Message & Check & { readonly type: 'lookUp'; readonly broker: NodeId }
export type LookedUp = Message & Check & { readonly type: 'lookedUp'; readonly broker: NodeId; readonly outcome: TxnOutcome }

/** A listener's statement to the database of its application (`op`: the delivery), and how it went. */
export type Query = Message & {
  readonly type: 'query'
  readonly op: number
  readonly number: number
  readonly statement: Statement
  /** What an effect is about: the application's key, and the message. */
  readonly key: string
  readonly message: number
}
export type QueryAnswer = Message & { readonly type: 'queryAnswer'; readonly op: number; readonly number: number; readonly yes: boolean }

export type RocketmqMessage =
  | RouteTraffic
  | SendRequest
  | SendAnswer
  | SendBackRequest
  | SendBackAnswer
  | PullRequest
  | PullAnswer
  | QueryOffset
  | OffsetAnswer
  | UpdateOffset
  | Heartbeat
  | EndTransaction
  | CheckTransaction
  | LookUp
  | LookedUp
  | Query
  | QueryAnswer
  | GroupTraffic
  | AdminTraffic
  | PopTraffic
  | QueryTraffic
  | RecallTraffic
  | TraceTraffic
  | HaTraffic
  | PreOnline
  | ProgressBack
  | RaftMessage
  | ControllerTraffic
