/**
 * What travels between a master and its slaves. The bytes of the log go from the master to the slave, which says how far it is (RMQ-060); what
 * is not in the log a slave fetches (RMQ-067).
 */
import type { Message } from '../../sim/system.ts'
import type { LogExtent } from './broker/log.ts'
import type { LogRecord } from './broker/record.ts'
import type { GroupOffset } from './broker/state.ts'
import type { TopicQueues } from './route-messages.ts'

/** A slave connects, and says how long its log is; `last`, its last record, is for the repair refuseOtherLog alone. */
export type HaConnect = Message & { readonly type: 'haConnect'; readonly max: number; readonly last: LogRecord | null }
/** Frame number `n` of a connection: the log from `at` on; none: the slave is heard. `places` are physical offsets. */
export type HaFrame = Message & {
  readonly type: 'haFrame'
  readonly n: number
  readonly at: number
  readonly places: readonly number[]
  readonly extents: readonly LogExtent[]
  /** RMQ-076: where controllers give out roles, up to where consumers may be shown the log. */
  readonly confirm?: number
}
/** How long the slave's log is after frame `n`. */
export type HaReport = Message & { readonly type: 'haReport'; readonly n: number; readonly max: number }
export type SlaveSync = Message & { readonly type: 'slaveSync' }
export type SlaveSyncAnswer = Message & {
  readonly type: 'slaveSyncAnswer'
  /** The master knows of a connection. */
  readonly linked: boolean
  readonly offsets: readonly GroupOffset[]
  readonly topics: readonly TopicQueues[]
  /** Of the delay levels in use; left out where there are none. */
  readonly delays?: readonly LevelProgress[]
}
/** How far a delay level is. */
export type LevelProgress = readonly [level: number, progress: number]

/** RMQ-071: a master that has come back asks its slaves to connect, and one of them what it knows of progress. */
export type PreOnline = Message & { readonly type: 'preOnline'; readonly tells: boolean }
export type ProgressBack = Message & {
  readonly type: 'progressBack'
  readonly offsets: readonly GroupOffset[]
  readonly delays: readonly LevelProgress[]
}

export type HaTraffic = HaConnect | HaFrame | HaReport | SlaveSync | SlaveSyncAnswer
