/** What travels between the members of a consumer group and their brokers: who is there, what they subscribe, and whose a queue is. */
import type { Message } from '../../sim/system.ts'
import type { Filter, SelectorFilter } from './filter.ts'

/**
 * A consumer's heartbeat (RMQ-012, RMQ-105): from then on the broker counts it among the members of its group. Its answer, which says no more
 * than that it came, is left out: who is new hears that from the notification.
 */
export type ConsumerHeartbeat = Message & {
  readonly type: 'consumerHeartbeat'
  readonly group: string
  readonly clientId: string
  readonly topics: readonly string[]
  /** By what its topics are filtered; null: it takes every message. `subVersion`: since when that is so, which makes the later one win. */
  readonly filter: Filter | null
  readonly subVersion: number
}
/**
 * CHECK_CLIENT_CONFIG, before a client starts that brings a selector (RMQ-137), and here before one starts that has an account, too. `refused`: why, or
 * nothing.
 */
export type CheckClient = Message & {
  readonly type: 'checkClient'
  readonly request: number
  readonly group: string
  readonly topics: readonly string[]
  readonly filter: SelectorFilter | null
}
export type CheckClientAnswer = Message & { readonly type: 'checkClientAnswer'; readonly request: number; readonly refused: string }
/** UNREGISTER_CLIENT: a consumer that stops in good order leaves its group. */
export type UnregisterClient = Message & { readonly type: 'unregisterClient'; readonly group: string; readonly clientId: string }
/** NOTIFY_CONSUMER_IDS_CHANGED, one-way, to every member of the group (RMQ-101). */
export type ConsumerIdsChanged = Message & { readonly type: 'consumerIdsChanged'; readonly group: string }
/** GET_CONSUMER_LIST_BY_GROUP. */
export type GetConsumerList = Message & {
  readonly type: 'getConsumerList'
  readonly request: number
  readonly group: string
  readonly clientId: string
}
/** Client ids in the order in which they registered; none: the broker knows nobody of the group, which is an error. */
export type ConsumerList = Message & { readonly type: 'consumerList'; readonly request: number; readonly members: readonly string[] }
/** LOCK_BATCH_MQ, for one queue. `client` names the process that asks (RMQ-096). */
export type LockQueue = Message & {
  readonly type: 'lockQueue'
  readonly request: number
  readonly group: string
  readonly client: string
  readonly topic: string
  readonly queue: number
}
export type LockAnswer = Message & { readonly type: 'lockAnswer'; readonly request: number; readonly granted: boolean }
/** UNLOCK_BATCH_MQ, one-way. */
export type UnlockQueue = Message & {
  readonly type: 'unlockQueue'
  readonly group: string
  readonly client: string
  readonly topic: string
  readonly queue: number
}

export type GroupTraffic =
  | ConsumerHeartbeat
  | CheckClient
  | CheckClientAnswer
  | UnregisterClient
  | ConsumerIdsChanged
  | GetConsumerList
  | ConsumerList
  | LockQueue
  | LockAnswer
  | UnlockQueue
