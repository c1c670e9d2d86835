/** What travels to and from NameServers: brokers register, clients ask who has a topic. */
import type { Us } from '../../plan/units.ts'
import type { Message, NodeId } from '../../sim/system.ts'

/** RMQ-014, RMQ-015: consumers see the first so many of a topic's queues, producers the first so many. */
export interface TopicQueues {
  readonly topic: string
  readonly readQueues: number
  readonly writeQueues: number
}

/** RMQ-003, RMQ-004: every 30 s with all topics; `increment`: at once, with those alone that have changed. */
export type RegisterBroker = Message & {
  readonly type: 'registerBroker'
  readonly topics: readonly TopicQueues[]
  readonly increment: boolean
  /** A slave says so, and of whom; it has no say in what the topics are (RMQ-008). */
  readonly slaveOf?: NodeId
  /** Where controllers give out roles: whose name it has, and the epoch of its role. */
  readonly home?: NodeId
  readonly epoch?: number
  /** A slave may stand in for its master: the broker says every second that it is there, and is missed after ten (RMQ-071). */
  readonly acting?: true
}
/** RMQ-004: the light heartbeat, which changes nothing but when a broker was heard of last. */
export type BrokerHeartbeat = Message & { readonly type: 'brokerHeartbeat' }
/** Who of a broker's name is registered; an answer names its master first, if it has one, and its slaves in the order of their ids. */
export type GetMemberGroup = Message & { readonly type: 'getMemberGroup'; readonly home: NodeId }
export type MemberGroup = Message & { readonly type: 'memberGroup'; readonly members: readonly NodeId[] }
/** RMQ-007: a broker that stops in good order says so. */
export type UnregisterBroker = Message & { readonly type: 'unregisterBroker' }
/** `at`: the client's own time, which the answer carries back. */
export type GetRoute = Message & { readonly type: 'getRoute'; readonly topic: string; readonly at: Us }
export interface BrokerQueues {
  readonly broker: NodeId
  readonly queues: number
}
/** Who answers for a broker, where it has slaves: its master (-1: the NameServer knows of none), and slaves in the order of their ids. */
export interface Addresses {
  readonly master: NodeId
  readonly slaves: readonly NodeId[]
  /** The master is away, and a slave is named in its place (RMQ-010): for consumers alone, since it stores nothing. */
  readonly acting?: true
}
export interface RouteEntry {
  readonly broker: NodeId
  readonly readQueues: number
  readonly writeQueues: number
  readonly addresses?: Addresses
}
/** No brokers: TOPIC_NOT_EXIST. `order`: the topic's order configuration, where it has one (RMQ-010). */
export type RouteAnswer = Message & {
  readonly type: 'routeAnswer'
  readonly topic: string
  readonly at: Us
  readonly brokers: readonly RouteEntry[]
  readonly order: readonly BrokerQueues[] | null
}

export type RouteTraffic = RegisterBroker | UnregisterBroker | BrokerHeartbeat | GetMemberGroup | MemberGroup | GetRoute | RouteAnswer
