/**
 * What travels between controllers and brokers, and between the replicas of a broker before one copies the other (RMQ-072 to RMQ-075). Replicas
 * are the processes of one broker name: the broker of the plan, whose node stands for the name, and its slaves.
 */
import type { Us } from '../../plan/units.ts'
import type { Message, NodeId } from '../../sim/system.ts'

/** What has been decided for a broker name: its master in this epoch, -1 for none; and who has all that it has acknowledged. */
export interface RoleView {
  readonly epoch: number
  readonly master: NodeId
  readonly set: readonly NodeId[]
  readonly setEpoch: number
}

/** From where on in the log its master was that of this epoch. */
export interface EpochEntry {
  readonly epoch: number
  readonly start: number
}

/** Every second, one-way: the replica is there, and so long is its log. */
export type ReplicaHeartbeat = Message & {
  readonly type: 'replicaHeartbeat'
  readonly at: Us
  readonly epoch: number
  readonly max: number
}
/** With the repair masterLease alone: the heartbeat that was sent then has been heard, and its sender is master in this epoch. */
export type HeartbeatHeard = Message & { readonly type: 'heartbeatHeard'; readonly at: Us; readonly epoch: number }
/** `starts`: the process has come up; `blank`: and its disk knows nothing of any epoch. */
export type AskRole = Message & {
  readonly type: 'askRole'
  readonly epoch: number
  readonly max: number
  readonly starts: boolean
  readonly blank: boolean
}
/** An answer, or news for all who are there. `altered`: it answers who wanted another set, be it with no. */
export type TellRole = Message & { readonly type: 'tellRole'; readonly view: RoleView; readonly altered: boolean }
/** A master wants its SyncStateSet to be another one (RMQ-074). */
export type AlterSet = Message & {
  readonly type: 'alterSet'
  readonly epoch: number
  readonly setEpoch: number
  readonly set: readonly NodeId[]
}

/** Of several controllers: who leads? Any of them answers, -1 if it knows of nobody. */
export type AskController = Message & { readonly type: 'askController' }
export type TellController = Message & { readonly type: 'tellController'; readonly leader: NodeId }

/** A slave wants to copy the master of this epoch, and is told where each epoch began. */
export type HaHello = Message & { readonly type: 'haHello'; readonly epoch: number }
export type HaEpochs = Message & {
  readonly type: 'haEpochs'
  readonly epoch: number
  readonly entries: readonly EpochEntry[]
  readonly end: number
}

export type ControllerTraffic =
  ReplicaHeartbeat | HeartbeatHeard | AskRole | TellRole | AlterSet | AskController | TellController | HaHello | HaEpochs
