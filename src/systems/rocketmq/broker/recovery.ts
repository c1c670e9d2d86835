/**
 * A broker starts (RMQ-042 to RMQ-050): what the disk holds becomes memory again. The log is scanned from where the checkpoint or the
 * consume queues allow, cut at the first bad record, and dispatched again; the consume queues are cut to fit.
 *
 * Left out: consume queues and the key index over several files, and the CommitLog file length check.
 */
import { cellValue, logFile, type Disk } from '../../../sim/disk.ts'
import type { Env } from '../../../sim/system.ts'
import { CHECKPOINT, type Checkpoint } from './checkpoint.ts'
import { cutQueue, cutQueues, index } from './queue-entries.ts'
import { addQueue, QUEUE_FOLDER, queueFile } from './queues.ts'
import { durableEnd } from './force.ts'
import { findLevels, recoverDelays } from './delay.ts'
import { KEY_INDEX, recoverKeyIndex } from './key-index.ts'
import { COMMIT_LOG, scan, segmentName, type LogExtent } from './log.ts'
import { OFFSET_FILE, type OffsetFile } from './offsets.ts'
import { loadOrders } from './pop-order.ts'
import { Blank, QUEUE_ENTRY_BYTES, soundness, type KeyEntry, type QueueEntry } from './record.ts'
import { recoverRevive } from './revive.ts'
import { notedStart } from './retention.ts'
import type { BrokerRules } from './rules.ts'
import { isSlave, queueOf, type BrokerState, type Segment } from './state.ts'
import { TOPIC_FILE, type TopicFile } from './topics.ts'
import { findTimerQueue, recoverTimer } from './timer.ts'
import { recoverTransactions } from './transactions.ts'

type BrokerEnv = Env<BrokerRules>
export const ABORT = 'abort'

/** False: with the repair forceRecovered, what was found could not be forced, so the broker must not start. */
export function recover(state: BrokerState, env: BrokerEnv): boolean {
  const abnormal = env.rules.isAbnormal(cellValue(env.disk, ABORT) !== null)
  loadTopics(state, env)
  state.log.segments = loadSegments(env.disk)
  for (const queue of state.queues) recoverQueue(state, env, queue.topic, queue.queue)
  const from = scanStart(state, env, abnormal)
  truncateLog(state, env, scanLog(state, env, from))
  if (forcesWhatItFinds(state) && !forceLog(state, env)) return false
  if (state.ledger !== null) return recoverMember(state, env)
  if (abnormal) recoverKeyIndex(state, env, from)
  redispatch(state, env, from, abnormal)
  for (const queue of state.queues) cutQueue(state, env, queue.topic, queue.queue)
  if (state.shape.repairs.has('forceRecovered')) forceQueues(state, env)
  loadOffsets(state, env)
  if (isSlave(state)) {
    env.record.copyRecovered(state.log.end)
    return true
  }
  recoverTransactions(state, env)
  recoverDelays(state, env)
  recoverTimer(state, env)
  if (state.pop !== null) {
    loadOrders(env, state.pop)
    recoverRevive(state, env, state.pop)
  }
  report(state, env, abnormal)
  return true
}

const forcesWhatItFinds = ({ shape, ledger }: BrokerState): boolean => shape.repairs.has('forceRecovered') || ledger?.forced === true

/** RMQ-079: of a group's log nothing is shown before this member hears what of it is committed. */
function recoverMember(state: BrokerState, env: BrokerEnv): true {
  state.dispatchedTo = 0
  env.remove(KEY_INDEX)
  cutQueues(state, env, 0)
  loadOffsets(state, env)
  return true
}

/** Topics of the cluster are there from the start, as if an operator had made them before; others come from topics.json. */
function loadTopics(state: BrokerState, env: BrokerEnv): void {
  const stored = cellValue(env.disk, TOPIC_FILE) as TopicFile | null
  const changed = stored?.topics ?? []
  state.topics = [...state.shape.topics.filter(({ topic }) => changed.every((one) => one.topic !== topic)), ...changed]
  for (const { topic, readQueues, writeQueues } of state.topics)
    for (let queue = 0; queue < Math.max(readQueues, writeQueues); queue++) addQueue(state, topic, queue)
  findLevels(state, env)
  findTimerQueue(state, env)
  if (stored !== null) addOtherQueues(state, env)
}

/** Consume queues are found by their files: those that nobody writes or reads any more are still there. */
function addOtherQueues(state: BrokerState, env: BrokerEnv): void {
  for (const { name } of env.disk.logs) {
    const [folder, topic = '', queue = ''] = name.split('/')
    if (folder === QUEUE_FOLDER && queueOf(state, topic, Number(queue)) === undefined) addQueue(state, topic, Number(queue))
  }
}

/** The log's files in order. A file that is missing ends the log there: what lies behind it has no place. */
function loadSegments(disk: Disk): Segment[] {
  const starts = disk.logs.filter((file) => file.name.startsWith(COMMIT_LOG)).map((file) => Number(file.name.slice(COMMIT_LOG.length)))
  starts.sort((x, y) => x - y)
  const segments: Segment[] = []
  let end = notedStart(disk)
  for (const start of starts) {
    if (start !== end) break
    const name = segmentName(start)
    segments.push({ start, name })
    end = start + (logFile(disk, name)?.size ?? 0)
  }
  return segments
}

/** RMQ-045: the queue is good up to its first entry that was never written. */
function recoverQueue(state: BrokerState, env: BrokerEnv, topic: string, queue: number): void {
  const one = queueOf(state, topic, queue)
  const file = logFile(env.disk, queueFile(topic, queue))
  if (one === undefined || file === undefined) return
  let good = 0
  while (good < file.extents.length && file.extents.at(good).damage.length === 0) good++
  env.truncate(one.file, good * QUEUE_ENTRY_BYTES)
  one.max = good
  const last = good > 0 ? (file.extents.at(good - 1).body as QueueEntry) : null
  one.physicalMax = last === null ? 0 : last.at + last.size
}

const physicalMax = (state: BrokerState): number => state.queues.reduce((max, queue) => Math.max(max, queue.physicalMax), 0)

/** RMQ-046: where the scan begins: a file's start. */
function scanStart(state: BrokerState, env: BrokerEnv, abnormal: boolean): number {
  const stored = cellValue(env.disk, CHECKPOINT) as Checkpoint | null
  state.checkpoint = { logTime: stored?.logTime ?? 0, queueTime: stored?.queueTime ?? 0 }
  // A restart does not send the checkpoint back.
  state.log.flushedTime = state.checkpoint.logTime
  state.dispatchedTime = state.checkpoint.queueTime
  const time = env.rules.recoveryTime(state.checkpoint, state.shape.parameters.checkpointMarginUs)
  const reach = physicalMax(state)
  const suits = (segment: Segment): boolean => {
    const first = logFile(env.disk, segment.name)?.extents
    if (first === undefined || first.length === 0) return false
    const { body, damage } = first.at(0) as LogExtent
    if (body instanceof Blank || damage.length > 0) return false
    return abnormal ? body.storeTime <= time : segment.start <= reach
  }
  const suited = state.log.segments.filter(suits)
  return suited[suited.length - 1]?.start ?? notedStart(env.disk)
}

/** RMQ-047: the end of the log: the start of the first record that is not accepted, or where the bytes end. */
function scanLog(state: BrokerState, env: BrokerEnv, from: number): number {
  let end = from
  const whole = state.shape.repairs.has('checksumWholeRecord')
  /** Where a batch begins that has not come to its end, or -1. */
  let open = -1
  scan(env.disk, state.log, from, Infinity, (extent, at) => {
    if (env.rules.acceptsRecord(soundness(extent), whole)) {
      end = at + extent.size
      const batch = extent.body instanceof Blank ? null : extent.body.batch
      if (batch === null || batch.nth + 1 === batch.of) open = -1
      else if (batch.nth === 0) open = at
      return true
    }
    return !env.rules.stopsAtBadRecord()
  })
  return open >= 0 && state.ledger === null && state.shape.repairs.has('wholeBatches') && !env.rules.keepsPartOfBatch() ? open : end
}

export function truncateLog(state: BrokerState, env: BrokerEnv, end: number): void {
  const { log } = state
  for (const segment of log.segments) {
    if (segment.start >= end) env.remove(segment.name)
    else env.truncate(segment.name, end - segment.start)
  }
  // Files behind a gap are not part of the log any more; they would collide with what is written next.
  const kept = log.segments.filter((segment) => segment.start < end)
  const names = new Set(kept.map((segment) => segment.name))
  for (const file of env.disk.logs.filter((one) => one.name.startsWith(COMMIT_LOG) && !names.has(one.name))) env.remove(file.name)
  log.segments = kept
  log.end = end
  // RMQ-047: whatever was found counts as flushed, forced or not.
  log.flushedTo = end
  state.dispatchedTo = end
}

function redispatch(state: BrokerState, env: BrokerEnv, from: number, abnormal: boolean): void {
  const reach = physicalMax(state)
  scan(env.disk, state.log, from, state.log.end, (extent, at) => {
    const { body } = extent
    // A record that is not accepted is here only if the scan went on behind it; it can't be read, so it gets no entry.
    if (body instanceof Blank || !env.rules.acceptsRecord(soundness(extent), false)) return true
    state.log.appendedTime = body.storeTime
    state.log.flushedTime = body.storeTime
    // RMQ-046: what consumers may not be shown yet waits until a role is known. Inferred: what a queue holds they may be shown.
    if (state.ha?.replica && at >= reach) state.dispatchedTo = Math.min(state.dispatchedTo, at)
    else if (env.rules.redispatches(at, abnormal, reach)) index(state, env, body, extent, at, true)
    return true
  })
}

/** Repair: what recovery found is on stable storage before anybody is told of it. */
const forceLog = (state: BrokerState, env: BrokerEnv): boolean => state.log.segments.every((segment) => env.forceNow(segment.name))

function forceQueues(state: BrokerState, env: BrokerEnv): void {
  for (const queue of state.queues) if (env.forceNow(queue.file)) queue.forced = queue.max
}

function loadOffsets(state: BrokerState, env: BrokerEnv): void {
  const stored = (cellValue(env.disk, OFFSET_FILE) as OffsetFile | null)?.offsets ?? []
  const clamp = state.shape.repairs.has('clampStoredOffsets')
  state.offsets = stored.map((one) =>
    clamp ? { ...one, offset: Math.min(one.offset, queueOf(state, one.topic, one.queue)?.max ?? 0) } : one,
  )
  state.offsetsSaved = stored
  if (!clamp || stored.length === 0) return
  // The lower offsets must outlive a second crash, after which the queues may have grown past the old ones again.
  const lowered = state.offsets.map((one) => ({ ...one }))
  env.put(OFFSET_FILE, { offsets: lowered } satisfies OffsetFile)
  if (env.forceNow(OFFSET_FILE)) state.offsetsSaved = lowered
}

function report(state: BrokerState, env: BrokerEnv, abnormal: boolean): void {
  env.record.recovered(state.log.end, !abnormal)
  for (const queue of state.queues)
    if (queue.max > 0 || queue.next > 0) env.record.recoveredQueue(queue.topic, queue.name, queue.min, queue.max)
  const keys = logFile(env.disk, KEY_INDEX)?.extents
  const first = keys !== undefined && keys.length > 0 ? (keys.at(0).body as KeyEntry).at : state.log.end
  env.record.recoveredIndex(first, state.log.end)
  const durable = durableEnd(env.disk, state)
  if (durable > 0) env.record.force(durable)
}
