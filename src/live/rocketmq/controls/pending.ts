/** Rows of the control table that can't be run yet, by name. */
import type { PendingControl } from '../../control.ts'

const pending = (row: string, title: string, reason: string): PendingControl => ({ row, title, reason })
const TIMER = 'plans delay messages by levels alone'

export const PENDING: readonly PendingControl[] = [pending('RML-058', 'timers, kill -9', TIMER)]
