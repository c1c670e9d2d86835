/** Rows of the control table that can't be run yet, by name. */
import type { PendingControl } from '../../control.ts'

const pending = (row: string, title: string, reason: string): PendingControl => ({ row, title, reason })
const CONTROLLER = 'it needs a controller and two brokers; the target starts one broker'
const TIMER = 'plans delay messages by levels alone'

export const PENDING: readonly PendingControl[] = [
  pending('RML-043', 'controller, defaults, kill -9 of the master', CONTROLLER),
  pending('RML-044', 'controller, defaults, a paused master wakes after the election', CONTROLLER),
  pending('RML-045', 'controller, all-ack with one in-sync replica, a paused master wakes', CONTROLLER),
  pending('RML-053', 'controller, all-ack, kill -9 of the master', CONTROLLER),
  pending('RML-054', 'controller, all-ack with two in-sync replicas, a paused master wakes', CONTROLLER),
  pending('RML-058', 'timers, kill -9', TIMER),
]
