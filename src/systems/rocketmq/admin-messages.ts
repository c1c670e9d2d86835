/** What travels between an operator's tools and the cluster: topics, their queues and who may write, offsets, and figures. */
import type { Us } from '../../plan/units.ts'
import type { Message, NodeId } from '../../sim/system.ts'
import type { BrokerQueues, TopicQueues } from './route-messages.ts'

/** INVOKE_BROKER_TO_RESET_OFFSET, for one queue: to an offset, to a time, or, with both -1, to the end. */
export type ResetOffset = Message & {
  readonly type: 'resetOffset'
  readonly op: number
  readonly group: string
  readonly topic: string
  readonly queue: number
  readonly offset: number
  readonly timestampUs: Us
}
export type ResetOffsetAnswer = Message & { readonly type: 'resetOffsetAnswer'; readonly op: number; readonly offset: number }

/** UPDATE_AND_CREATE_TOPIC, at a broker that has the topic or not. */
export type UpdateTopic = Message & TopicQueues & { readonly type: 'updateTopic'; readonly op: number }
export type UpdateTopicAnswer = Message & { readonly type: 'updateTopicAnswer'; readonly op: number }
/** UPDATE of a topic in ORDER_TOPIC_CONFIG (RMQ-144), at a NameServer: these brokers have so many queues, and others keep theirs. */
export type UpdateOrderConf = Message & {
  readonly type: 'updateOrderConf'
  readonly op: number
  readonly topic: string
  readonly brokers: readonly BrokerQueues[]
}
export type UpdateOrderConfAnswer = Message & { readonly type: 'updateOrderConfAnswer'; readonly op: number }
/** WIPE_WRITE_PERM_OF_BROKER, at a NameServer, for one topic: the how-manieth that is told. */
export type WipeWritePerm = Message & {
  readonly type: 'wipeWritePerm'
  readonly op: number
  readonly target: number
  readonly topic: string
  readonly broker: NodeId
}
export type WipeWritePermAnswer = Message & { readonly type: 'wipeWritePermAnswer'; readonly op: number; readonly target: number }
/** GET_TOPIC_STATS_INFO: how far the queues go that can be read, by number. */
export type GetTopicStats = Message & {
  readonly type: 'getTopicStats'
  readonly op: number
  readonly asked: number
  readonly topic: string
}
export type TopicStats = Message & {
  readonly type: 'topicStats'
  readonly op: number
  readonly asked: number
  readonly ends: readonly number[]
}
/** GET_CONSUME_STATS: how far a group is behind in the queues from number `from` on that can be read; of those with an end in `until`, behind that. */
export type GetConsumeStats = Message & {
  readonly type: 'getConsumeStats'
  readonly op: number
  readonly asked: number
  readonly group: string
  readonly topic: string
  readonly from: number
  readonly until: readonly number[]
}
export type ConsumeStats = Message & { readonly type: 'consumeStats'; readonly op: number; readonly asked: number; readonly behind: number }

export type CreateTopic = Message & { readonly type: 'createTopic'; readonly op: number; readonly topic: string; readonly queues: number }
export type CreateTopicAnswer = Message & { readonly type: 'createTopicAnswer'; readonly op: number }

export type AdminTraffic =
  | ResetOffset
  | ResetOffsetAnswer
  | UpdateTopic
  | UpdateTopicAnswer
  | UpdateOrderConf
  | UpdateOrderConfAnswer
  | WipeWritePerm
  | WipeWritePermAnswer
  | GetTopicStats
  | TopicStats
  | GetConsumeStats
  | ConsumeStats
  | CreateTopic
  | CreateTopicAnswer
