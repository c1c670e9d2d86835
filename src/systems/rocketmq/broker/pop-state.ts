/** What a broker remembers of POP (RMQ-110 to RMQ-112). All of it but `orders` can be read from the log again; a broker of no pop group has none. */
import type { Us } from '../../../plan/units.ts'
import type { NodeId } from '../../../sim/system.ts'
import type { PopRequest } from '../pop-messages.ts'
import type { Checkpoint } from './pop-record.ts'

/** RMQ-110. Its real name ends with the cluster's. */
export const REVIVE_TOPIC = 'rmq_sys_REVIVE_LOG'
export const REVIVE_GROUP = 'CID_RMQ_SYS_REVIVE_GROUP'

/** A checkpoint that waits for acknowledgements. */
export interface OpenCheckpoint {
  /** Its offset in the revive queue. */
  readonly at: number
  readonly mark: Checkpoint
  /** Offsets that are acknowledged, or stored anew. */
  done: readonly number[]
  /** By the wall clock: when its messages are visible again. */
  dueAt: Us
  /** How often they could not be stored anew. */
  failures: number
}

export interface ReviveQueue {
  /** The next entry to read. */
  read: number
  open: OpenCheckpoint[]
  /** End of the last copy that was stored for it. */
  copiesTo: number
}

/** A group's place in a queue, which is its progress once the checkpoint that ends at `end` of the log is stored. */
export interface PopProgress {
  readonly group: string
  readonly topic: string
  readonly queue: number
  readonly offset: number
  readonly end: number
}

/** What was popped in order and blocks its queue. */
export interface OrderInfo {
  readonly group: string
  readonly topic: string
  readonly queue: number
  readonly popTime: Us
  readonly entries: readonly OrderEntry[]
}
export interface OrderEntry {
  readonly offset: number
  readonly acked: boolean
  readonly visibleAt: Us
  /** How often it was given away before. */
  readonly attempt: number
}

export interface HeldPop {
  readonly from: NodeId
  readonly pop: PopRequest
  readonly deadline: Us
}

export interface PopState {
  held: HeldPop[]
  holdArmed: boolean
  /** Counts checkpoints: their queues take turns. */
  serial: number
  /** Groups are here already, though their stored progress is not. */
  ahead: PopProgress[]
  revive: ReviveQueue[]
  orders: OrderInfo[]
  ordersChanged: boolean
}

export const newPopState = (queues: number): PopState => ({
  held: [],
  holdArmed: false,
  serial: 0,
  ahead: [],
  revive: Array.from({ length: queues }, () => ({ read: 0, open: [], copiesTo: 0 })),
  orders: [],
  ordersChanged: false,
})

export const forkPopState = (state: PopState): PopState => ({
  ...state,
  held: state.held.slice(),
  ahead: state.ahead.slice(),
  revive: state.revive.map((queue) => ({ ...queue, open: queue.open.map((one) => ({ ...one })) })),
  orders: state.orders.slice(),
})
