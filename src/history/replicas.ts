/** What is recorded where a broker has slaves: what they take over of its log, and what they hold in the end. */
import type { GroupPlace, Op, Place, White } from './event.ts'

/** The auditor, at the end, reads what a slave holds of a queue. */
export type ReplicaPull = Op<'ok', 'replicaPull', Place & { slave: string; message: number; digest: number }>
/** It has read the queue at the slave from `min` up to, not including, `max`. */
export type ReplicaAudit = Op<'ok', 'replicaAudit', { slave: string; topic: string; queue: string; min: number; max: number }>

/**
 * A consumer turns to another process than before for one of its queues: to a slave, or back to the master. `offset` is where it goes on reading, or
 * where it stood before it asked how far its group is.
 */
export type Redirect = Op<'info', 'redirect', GroupPlace & { broker: string }>

/** A slave has a record of its master's log, at the same place as there, in memory or page cache. */
export type Copied = White<'copied', Place & { message: number; at: number; size: number }>
/** A slave has started again, and its log ends here. */
export type CopyRecovered = White<'copyRecovered', { end: number }>
