/**
 * The checkpoint (RMQ-042) and the consume queues' own flush (RMQ-038). As shipped, the consume-queue time of the checkpoint is that of
 * entries that were appended, not forced (bug #678); the repair checkpointAfterForce waits for the force.
 */
import type { Entry } from '../../../sim/agenda.ts'
import { PAGE } from '../../../sim/disk.ts'
import type { Env } from '../../../sim/system.ts'
import { toGrid } from './grid.ts'
import { QUEUE_ENTRY_BYTES } from './record.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState, QueueState } from './state.ts'

type BrokerEnv = Env<BrokerRules>

export const CHECKPOINT = 'checkpoint'
export interface Checkpoint {
  readonly logTime: number
  readonly queueTime: number
}

/** Something that the checkpoint speaks of has moved: it is written on the next second. */
export function armCheckpoint(state: BrokerState, env: BrokerEnv): void {
  env.timer('checkpoint', toGrid(env.uptime, state.shape.parameters.checkpointIntervalUs))
}

export function onCheckpointTimer(state: BrokerState, env: BrokerEnv): void {
  if (noteCheckpoint(state, env)) env.save(CHECKPOINT, { ...state.checkpoint })
}

/** Brings the checkpoint up to date; false when nothing moved. */
function noteCheckpoint(state: BrokerState, env: BrokerEnv): boolean {
  const { log, checkpoint } = state
  const logTime = env.rules.checkpointLogTime(log.flushedTime, log.appendedTime)
  const queueTime = state.shape.repairs.has('checkpointAfterForce') ? checkpoint.queueTime : state.dispatchedTime
  const moved = logTime !== checkpoint.logTime || queueTime !== checkpoint.queueTime
  state.checkpoint = { logTime, queueTime }
  return moved
}

const dirtyPages = (queue: QueueState): number =>
  Math.floor((queue.max * QUEUE_ENTRY_BYTES) / PAGE) - Math.floor((queue.forced * QUEUE_ENTRY_BYTES) / PAGE)

/** Entries were appended: the queues are flushed on the next second if one has two dirty pages, else once a minute. */
export function armQueueFlush(state: BrokerState, env: BrokerEnv): void {
  const { parameters } = state.shape
  const many = state.queues.some((queue) => dirtyPages(queue) >= parameters.queueFlushLeastPages)
  const soon = toGrid(env.uptime, parameters.queueFlushIntervalUs)
  // The real thread turns when there is nothing to force, too, and once a minute calls that thorough.
  state.queueThoroughAt +=
    Math.max(0, Math.floor((env.uptime - state.queueThoroughAt) / parameters.queueFlushThoroughUs)) * parameters.queueFlushThoroughUs
  env.timer('queueFlush', many ? soon : Math.max(soon, state.queueThoroughAt + parameters.queueFlushThoroughUs - env.uptime))
}

export function onQueueFlushTimer(state: BrokerState, env: BrokerEnv): void {
  if (state.queueForces > 0) return
  const { parameters } = state.shape
  const thorough = env.uptime >= state.queueThoroughAt + parameters.queueFlushThoroughUs
  if (thorough) state.queueThoroughAt = env.uptime
  forceQueues(state, env, (queue) => thorough || dirtyPages(queue) >= parameters.queueFlushLeastPages)
}

/** Forces the dirty queues among these; gives their files, and how far they are forced. */
export function forceQueues(state: BrokerState, env: BrokerEnv, which: (queue: QueueState) => boolean): { file: string; at: number }[] {
  const dirty = state.queues.filter((queue) => queue.forced < queue.max && which(queue))
  state.queueForces += dirty.length
  // Entries of queues that are left out are older than this only if they are not dirty.
  if (dirty.length === state.queues.filter((queue) => queue.forced < queue.max).length) state.queueForceTime = state.dispatchedTime
  return dirty.map((queue) => ({ file: queue.file, at: env.force(queue.file) }))
}

export function onQueueForced(state: BrokerState, env: BrokerEnv, entry: Entry): void {
  const queue = state.queues.find((one) => one.file === entry.name)
  state.queueForces = Math.max(0, state.queueForces - 1)
  if (queue === undefined) return
  if (entry.b === 1) queue.forced = Math.max(queue.forced, Math.min(queue.max, entry.a / QUEUE_ENTRY_BYTES))
  if (queue.forced < queue.max) armQueueFlush(state, env)
  if (state.queueForces > 0 || entry.b === 0) return
  if (state.shape.repairs.has('checkpointAfterForce')) {
    state.checkpoint = { ...state.checkpoint, queueTime: Math.max(state.checkpoint.queueTime, state.queueForceTime) }
    env.save(CHECKPOINT, { ...state.checkpoint })
  }
}
