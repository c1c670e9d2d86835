/** Rows of the control table that can't be run yet, by name. */
import type { PendingControl } from '../../control.ts'

const pending = (row: string, title: string, reason: string): PendingControl => ({ row, title, reason })
const SLAVE = 'it needs a slave; the target starts one broker'
const CONTROLLER = 'it needs a controller and two brokers; the target starts one broker'
const TIMER = 'plans delay messages by levels alone'

export const PENDING: readonly PendingControl[] = [
  pending('RML-038', 'ASYNC_MASTER with a slave, the master and its disk are lost', SLAVE),
  pending('RML-039', 'SYNC_MASTER with inSyncReplicas 1, the master and its disk are lost', SLAVE),
  pending('RML-040', 'SYNC_MASTER with inSyncReplicas 2, power loss of the master alone', SLAVE),
  pending('RML-043', 'controller, defaults, kill -9 of the master', CONTROLLER),
  pending('RML-044', 'controller, defaults, a paused master wakes after the election', CONTROLLER),
  pending('RML-045', 'controller, all-ack with one in-sync replica, a paused master wakes', CONTROLLER),
  pending('RML-052', 'SYNC_MASTER with inSyncReplicas 2, the master and its disk are lost', SLAVE),
  pending('RML-053', 'controller, all-ack, kill -9 of the master', CONTROLLER),
  pending('RML-054', 'controller, all-ack with two in-sync replicas, a paused master wakes', CONTROLLER),
  pending('RML-058', 'timers, kill -9', TIMER),
]
