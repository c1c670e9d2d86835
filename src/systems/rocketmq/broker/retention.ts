/**
 * The cleaner (RMQ-051 to RMQ-053): every ten seconds it looks whether files of the log may go. A file goes when nothing was written to it for
 * longer than it is reserved for, at the hour of `deleteWhen`, or at any hour where space is short; and whatever its age on a disk that is nearly
 * full. The oldest go first, the last one never, and nobody asks whether they were read.
 *
 * Rounds in which nothing can go are left out. Last written to means: the store time of a file's last record, or that of the next file's first
 * one where a blank fills the file up at that moment; both are the broker's own wall clock, as a file system's are. The disk holds the log alone,
 * in files that take their whole size at once, unless the fault "full" says that it is over 95 % full. Simplified: that fault is known as soon as
 * something is to be stored, and its end at the next round. A file that is not flushed or not dispatched as a whole waits for that. Queue files and
 * the key index hold more entries than any run has, so none of these ever lies below the log's beginning as a whole (RMQ-053): what they
 * say of deleted records stays in them, and is not shown. Where the log begins is noted in a file of its own: RocketMQ begins with the first file
 * that it finds, but here one that a power loss took is not to look like one that was deleted.
 *
 * Left out: the 100 ms between two files, references to files that are being read, the disk of the queues, and the manual trigger.
 */
import type { Us } from '../../../plan/units.ts'
import { cellValue, logFile, type Disk } from '../../../sim/disk.ts'
import type { Env } from '../../../sim/system.ts'
import { hoursOf, isDeleteTime, nextDeleteTime } from '../delete-when.ts'
import type { LogExtent } from './log.ts'
import { logStart } from './log-state.ts'
import { Blank, type QueueEntry } from './record.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState, QueueState, Segment } from './state.ts'

type BrokerEnv = Env<BrokerRules>
export const CLEAN = 'clean'
/** What the fault "full" means: more than the 90 % at which a disk counts as full. */
const FULL_PERMILLE = 950

/** How full the log's own files make the disk. */
const usedByLog = ({ log, shape: { parameters } }: BrokerState): number =>
  Math.floor((log.segments.length * parameters.segmentBytes * 1000) / parameters.diskBytes)

const endOf = ({ log }: BrokerState, index: number): number => log.segments[index + 1]?.start ?? log.end

/** Wall time of the last write to a file that another one follows. */
function lastWritten(state: BrokerState, env: BrokerEnv, index: number): Us {
  const extents = (name: string | undefined) => (name === undefined ? undefined : logFile(env.disk, name)?.extents)
  const own = extents(state.log.segments[index]?.name)
  if (own === undefined || own.length === 0) return 0
  const { body } = own.at(own.length - 1) as LogExtent
  if (!(body instanceof Blank)) return body.storeTime
  const next = extents(state.log.segments[index + 1]?.name)
  const first = next === undefined || next.length === 0 ? undefined : (next.at(0) as LogExtent).body
  if (first !== undefined && !(first instanceof Blank)) return first.storeTime
  const before = own.length < 2 ? undefined : (own.at(own.length - 2) as LogExtent).body
  return before === undefined || before instanceof Blank ? 0 : before.storeTime
}

/** How long until a round can find something to do, or null. */
function waitForWork(state: BrokerState, env: BrokerEnv): Us | null {
  const { parameters, config } = state.shape
  const { full, pressed } = state.cleaning
  const used = usedByLog(state)
  if (full || pressed || env.rules.isMarkedFull(false, used, parameters.diskFullPermille, parameters.diskForcePermille)) return 0
  if (state.log.segments.length < 2) return null
  if (used > parameters.diskForcePermille) return 0
  const expiry = Math.max(env.now, lastWritten(state, env, 0) + parameters.fileReservedUs)
  return (used > parameters.diskCleanPermille ? expiry : nextDeleteTime(expiry, hoursOf(config.deleteWhen))) - env.now
}

/** Something has changed that the cleaner goes by: its next round is the first in which something can go. `later`: not this very moment. */
export function armCleaner(state: BrokerState, env: BrokerEnv, later = 0): void {
  const wait = waitForWork(state, env)
  if (wait === null) return env.cancel(CLEAN)
  const { cleanIntervalUs } = state.shape.parameters
  const since = env.uptime + Math.max(wait, later) - state.cleaning.from
  env.timer(CLEAN, state.cleaning.from + Math.max(0, Math.ceil(since / cleanIntervalUs)) * cleanIntervalUs - env.uptime)
}

export function startCleaner(state: BrokerState, env: BrokerEnv): void {
  state.cleaning.from = env.uptime + state.shape.parameters.cleanFirstUs
  if (waitForWork(state, env) !== null) armCleaner(state, env)
}

/** Something could not be stored, since the disk is full: the next round sees why. */
export function noteFullDisk(state: BrokerState, env: BrokerEnv): void {
  if (state.cleaning.pressed) return
  state.cleaning.pressed = true
  armCleaner(state, env)
}

export function onCleanTimer(state: BrokerState, env: BrokerEnv): void {
  if (state.stopping !== null) return
  const { parameters, config } = state.shape
  state.cleaning.pressed = env.diskFull()
  const used = Math.max(usedByLog(state), state.cleaning.pressed ? FULL_PERMILLE : 0)
  state.cleaning.full = env.rules.isMarkedFull(state.cleaning.full, used, parameters.diskFullPermille, parameters.diskForcePermille)
  const forcibly = env.rules.cleansForcibly(used, parameters.diskForcePermille)
  const deleteTime = isDeleteTime(env.now, hoursOf(config.deleteWhen))
  const may = forcibly || env.rules.mayClean(deleteTime, used > parameters.diskCleanPermille)
  const ages = old(state, env)
  const reservedUs = env.rules.reservedInForce(parameters.fileReservedUs)
  const young = ages.findIndex(({ writtenUs }) => !forcibly && !env.rules.hasHadItsTime(env.now - writtenUs, reservedUs))
  const safe = !state.shape.repairs.has('forceQueuesFirst') || !may || forceQueues(state, env)
  const due = may && safe ? ages.slice(0, young < 0 ? ages.length : young) : []
  const unread = due.findIndex(({ segment }) => !env.rules.mayGo(() => isUnread(state, env, segment)))
  const free = (unread < 0 ? due : due.slice(0, unread)).map(({ segment }) => segment)
  const going = env.rules.filesToDelete(free, parameters.deleteFilesMax)
  env.record.cleaned({
    nowUs: env.now,
    usedPermille: used,
    start: logStart(state.log),
    oldestUs: ages[0]?.writtenUs ?? null,
    files: going.map((segment) => fileOf(state, env, segment)),
  })
  if (going.length > 0) remove(state, env, going)
  armCleaner(state, env, 1)
}

/** Repair: once their records are gone, entries that a power loss took could not be built again, and their offsets would be given out anew. */
function forceQueues(state: BrokerState, env: BrokerEnv): boolean {
  return state.queues.every((queue) => {
    if (queue.forced >= queue.max) return true
    if (!env.forceNow(queue.file)) return false
    queue.forced = queue.max
    return true
  })
}

function fileOf(state: BrokerState, env: BrokerEnv, segment: Segment): { from: number; to: number; writtenUs: Us } {
  const index = state.log.segments.indexOf(segment)
  return { from: segment.start, to: endOf(state, index), writtenUs: lastWritten(state, env, index) }
}

/** The files that may go at all, the oldest first. */
function old(state: BrokerState, env: BrokerEnv): { readonly segment: Segment; readonly writtenUs: Us }[] {
  const { log, dispatchedTo } = state
  return log.segments
    .slice(0, -1)
    .map((segment, index) => ({ segment, index, writtenUs: lastWritten(state, env, index) }))
    .filter(({ index }) => endOf(state, index) <= Math.min(log.flushedTo, dispatchedTo))
}

const START_FILE = 'logStart'
export const notedStart = (disk: Disk): number => (cellValue(disk, START_FILE) as { readonly start: number } | null)?.start ?? 0

function remove(state: BrokerState, env: BrokerEnv, going: readonly Segment[]): void {
  const { log } = state
  for (const { name } of going) env.remove(name)
  log.segments = log.segments.filter(({ name }) => !going.some((gone) => gone.name === name))
  env.put(START_FILE, { start: logStart(log) })
  env.forceNow(START_FILE)
  log.safeSegments = Math.max(0, log.safeSegments - going.length)
  for (const queue of state.queues) queue.min = env.rules.minAfterDeletion(queue.min, firstKept(state, env, queue), queue.max)
}

/** RMQ-053: the first offset of a queue whose record the log still has; its end where there is none. */
export function firstKept(state: BrokerState, env: BrokerEnv, queue: QueueState): number {
  const start = logStart(state.log)
  const entries = start === 0 ? undefined : logFile(env.disk, queue.file)?.extents
  return entries === undefined
    ? 0
    : Math.min(
        queue.max,
        entries.firstFrom((extent) => (extent.body as QueueEntry).at, start),
      )
}

/** Does a file hold something that a group with progress has not passed yet? Nobody asks, see `mayGo`. */
function isUnread(state: BrokerState, env: BrokerEnv, segment: Segment): boolean {
  const end = endOf(state, state.log.segments.indexOf(segment))
  return state.offsets.some(({ topic, queue: number, offset }) => {
    const queue = state.queues.find((one) => one.queue === number && one.topic === topic)
    const entries = queue === undefined ? undefined : logFile(env.disk, queue.file)?.extents
    if (queue === undefined || entries === undefined) return false
    return (
      offset <
      Math.min(
        queue.max,
        entries.firstFrom((extent) => (extent.body as QueueEntry).at, end),
      )
    )
  })
}
