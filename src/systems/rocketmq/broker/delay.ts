/**
 * Delayed messages (RMQ-118 to RMQ-120): a message with a level waits in the queue of its level, until the task of that level finds it due
 * by the wall clock and stores it again where it belongs, as a message of its own, without waiting for its force (RMQ-058).
 *
 * A task looks every 100 ms; its turns in which it finds nothing due are left out, and a clock that is set makes it look anew. A message's due
 * time is that of its record, of which the real index keeps a copy: the two differ only when the table is edited while messages wait.
 *
 * Left out: a message whose target is the half topic, which is dropped; the pause of 10 s after an exception.
 */
import type { Us } from '../../../plan/units.ts'
import { cellValue, logFile } from '../../../sim/disk.ts'
import type { Entry } from '../../../sim/agenda.ts'
import type { Env } from '../../../sim/system.ts'
import { holdsLease } from '../controller/lease.ts'
import type { LevelProgress } from '../ha-messages.ts'
import type { SendRequest } from '../messages.ts'
import { addQueue, noteLevel, queueFile } from './queues.ts'
import { toGrid } from './grid.ts'
import { readRecord } from './log.ts'
import { put } from './put.ts'
import { safeEnd, waitsForOwnWrites } from './safe-end.ts'
import { digestRead, entryAt, LogRecord, type DelayInfo, type QueueEntry } from './record.ts'
import type { BrokerRules } from './rules.ts'
import { isInService, isSlave, queueOf, type BrokerState, type LevelState, type QueueState } from './state.ts'
import { SCHEDULE_TOPIC } from './shape.ts'

type BrokerEnv = Env<BrokerRules>
const LEVEL_TIMER = 'level '
export const DELAY_FILE = 'config/delayOffset.json'
/** Level and progress of each level in use. */
export interface DelayFile {
  readonly progress: readonly LevelProgress[]
}

export const isLevelTimer = (name: string): boolean => name.startsWith(LEVEL_TIMER)
const longOf = ({ shape }: BrokerState, level: number): Us => shape.delayLevels[level - 1] ?? 0

/** The level by which a message is delayed here; 0 for none. */
export const levelOf = (state: BrokerState, env: BrokerEnv, request: SendRequest): number =>
  request.half || request.batch !== null ? 0 : env.rules.levelInForce(request.delay, state.shape.delayLevels.length)

/** RMQ-118: the queue in which messages of a level wait. */
export function waitingQueue(state: BrokerState, env: BrokerEnv, level: number): QueueState {
  const queue = env.rules.queueOfLevel(level)
  return queueOf(state, SCHEDULE_TOPIC, queue) ?? addQueue(state, SCHEDULE_TOPIC, queue)
}

/** The dispatcher has moved, or the clock was set: each level in which something waits looks when its first message is due. */
export function armLevels(state: BrokerState, env: BrokerEnv, anew = false): void {
  for (const level of state.delays.levels) {
    if (level.armed && !anew) continue
    const first = firstOf(state, env, level)
    if (first !== null) arm(state, env, level, first.record === null ? 0 : waitOf(state, env, level, first.record))
  }
}

/** How long this message has to wait yet; nothing at all when it is due, or seems so (RMQ-119). */
function waitOf(state: BrokerState, env: BrokerEnv, { level }: LevelState, record: LogRecord): Us {
  const due = dueOf(state, env, record)
  return env.rules.isDue(due, env.now, longOf(state, level)) ? 0 : Math.max(1, due - env.now)
}

const dueOf = (state: BrokerState, env: BrokerEnv, { storeTime, delay }: LogRecord): Us =>
  env.rules.dueTime(storeTime, longOf(state, delay?.level ?? 0))

/** A look no sooner than after `wait`, on the task's own grid. */
function arm(state: BrokerState, env: BrokerEnv, level: LevelState, wait: Us): void {
  const { delayLookUs } = state.shape.parameters
  const { from } = state.delays
  const looks = Math.max(0, Math.ceil((env.uptime + wait - from) / delayLookUs))
  level.armed = true
  env.timer(LEVEL_TIMER + String(level.level), from + looks * delayLookUs - env.uptime)
}

interface Waiting {
  readonly entry: QueueEntry
  /** Null: the log no longer holds it. */
  readonly record: LogRecord | null
  readonly digest: number
}

function firstOf(state: BrokerState, env: BrokerEnv, { level, progress }: LevelState): Waiting | null {
  const queue = queueOf(state, SCHEDULE_TOPIC, level - 1)
  const entries = queue === undefined ? undefined : logFile(env.disk, queue.file)?.extents
  if (queue === undefined || entries === undefined || progress >= Math.min(queue.max, entries.length)) return null
  const entry = entryAt(entries, progress)
  const found = readRecord(env.disk, state.log, entry.at)
  return found === null
    ? { entry, record: null, digest: 0 }
    : { entry, record: found.record, digest: digestRead(found.extent, found.record) }
}

/** The task of a level: everything at the head of its queue that is due is stored again. */
export function onLevelTimer(state: BrokerState, env: BrokerEnv, name: string): void {
  const level = state.delays.levels.find((one) => LEVEL_TIMER + String(one.level) === name)
  if (level === undefined || state.stopping !== null) return
  level.armed = false
  if (!isInService(state)) return
  if (!holdsLease(state, env)) return arm(state, env, level, state.shape.parameters.controllerHeartbeatUs)
  for (;;) {
    const first = firstOf(state, env, level)
    if (first === null) return
    const wait = first.record === null ? 0 : waitOf(state, env, level, first.record)
    if (wait > 0) return arm(state, env, level, wait)
    const before = level.progress
    const stored = first.record === null || first.record.delay === null || release(state, env, level, first.record, first.digest)
    move(state, env, level, env.rules.progressAfter(before, stored))
    // RMQ-119: what could not be stored is tried again at the next look.
    if (!stored) return arm(state, env, level, 1)
  }
}

/** RMQ-119: an ordinary put with a store time of its own; false when it could not be stored. */
function release(state: BrokerState, env: BrokerEnv, level: LevelState, record: LogRecord, digest: number): boolean {
  const { topic, queue: number } = env.rules.targetOf(record.delay as DelayInfo)
  const queue = queueOf(state, topic, number) ?? addQueue(state, topic, number)
  const times = { storeTime: env.now, bornTime: record.bornTime }
  const placed = put(
    state,
    env,
    queue,
    (offset) => new LogRecord({ topic, queue: number, offset }, { ...contentOf(record), digest }, times, markOf(record)),
  )
  if (placed === null) return false
  level.copiesTo = placed.end
  env.record.released({
    topic,
    queue: queue.name,
    offset: placed.offset,
    message: record.message,
    level: level.level,
    from: level.progress,
    storedUs: record.storeTime,
    dueUs: dueOf(state, env, record),
    nowUs: env.now,
  })
  return true
}

const contentOf = ({
  message,
  msgId,
  key,
  bytes,
  fails,
  labels,
}: LogRecord): Omit<ConstructorParameters<typeof LogRecord>[1], 'digest'> => ({
  message,
  msgId,
  key,
  bytes,
  fails,
  labels,
})

/** How often its group has failed on it. */
const markOf = ({ pop }: LogRecord): ConstructorParameters<typeof LogRecord>[3] => (pop === null ? {} : { pop })

function move(state: BrokerState, env: BrokerEnv, level: LevelState, to: number): void {
  level.progress = to
  if (level.copiesTo <= safeEnd(state, env)) level.safeProgress = to
  if (state.delays.saveArmed || !env.rules.savesProgress()) return
  state.delays.saveArmed = true
  env.timer('delayOffsets', toGrid(env.uptime, state.shape.parameters.delayPersistUs))
}

/** The copies are on stable storage now, so the progress over them may be too. */
export function delayCopiesForced(state: BrokerState, env: BrokerEnv): void {
  const end = safeEnd(state, env)
  for (const level of state.delays.levels) if (level.copiesTo <= end) level.safeProgress = level.progress
}

/** Gives the version that is on its way to the disk. */
export function saveDelays(state: BrokerState, env: BrokerEnv): number {
  state.delays.saveArmed = false
  return env.save(DELAY_FILE, fileOf(state, env))
}

function fileOf(state: BrokerState, env: BrokerEnv): DelayFile {
  const guarded = waitsForOwnWrites(state)
  // Of its copies it hears without a force.
  if (guarded && !isSlave(state)) delayCopiesForced(state, env)
  return {
    progress: state.delays.levels.map(
      ({ level, progress, safeProgress }) => [level, guarded ? safeProgress : env.rules.progressToSave(progress)] as const,
    ),
  }
}

/** What a slave is told (RMQ-067), and what it tells (RMQ-071). */
export const progressOfLevels = (state: BrokerState, env: BrokerEnv): LevelProgress[] =>
  state.delays.levels.length === 0 ? [] : fileOf(state, env).progress.slice()

/** It takes the place of what this broker knew, on disk too. */
export function takeProgressOfLevels(state: BrokerState, env: BrokerEnv, told: readonly LevelProgress[]): void {
  for (const [number, progress] of told) {
    noteLevel(state, number - 1)
    const level = state.delays.levels.find((one) => one.level === number)
    if (level !== undefined) level.progress = level.safeProgress = isSlave(state) ? progress : within(state, env, number, progress)
  }
  if (told.length > 0) env.save(DELAY_FILE, fileOf(state, env))
}

/** RMQ-120. */
function within(state: BrokerState, env: BrokerEnv, level: number, progress: number): number {
  const queue = queueOf(state, SCHEDULE_TOPIC, level - 1)
  return env.rules.correctedProgress(progress, queue?.min ?? 0, queue?.max ?? 0)
}

/** RMQ-120: at shutdown as well. */
export const savesDelaysAtStop = (state: BrokerState, env: BrokerEnv): boolean =>
  state.delays.levels.length > 0 && env.rules.savesProgressAtStop()

export function onDelaysSaved(state: BrokerState, env: BrokerEnv, entry: Entry): void {
  // What could not be written is written ten seconds later.
  const level = entry.b === 0 ? state.delays.levels[0] : undefined
  if (level !== undefined) move(state, env, level, level.progress)
}

/** Before the log is read again: a queue that a level once had is one to be recovered. */
export function findLevels(state: BrokerState, env: BrokerEnv): void {
  for (let queue = 0; queue <= state.shape.delayLevels.length; queue++)
    if (logFile(env.disk, queueFile(SCHEDULE_TOPIC, queue)) !== undefined) addQueue(state, SCHEDULE_TOPIC, queue)
}

/** RMQ-120: the stored progress, as far as the queues reach. With the repair the lower one outlives a second crash. */
export function recoverDelays(state: BrokerState, env: BrokerEnv, taken: (saved: number) => number = (saved) => saved): void {
  state.delays.from = env.uptime + state.shape.parameters.delayFirstLookUs
  if (state.delays.levels.length === 0) return
  const stored = (cellValue(env.disk, DELAY_FILE) as DelayFile | null)?.progress ?? []
  let lowered = false
  for (const level of state.delays.levels) {
    const saved = taken(stored.find(([one]) => one === level.level)?.[1] ?? 0)
    level.progress = within(state, env, level.level, saved)
    level.safeProgress = level.progress
    lowered ||= level.progress < saved
  }
  if (lowered && state.shape.repairs.has('clampStoredOffsets')) {
    env.put(DELAY_FILE, fileOf(state, env))
    env.forceNow(DELAY_FILE)
  }
  armLevels(state, env, true)
}

/** What still waits for its time, or null. */
export function pendingDelays(state: BrokerState): string | null {
  for (const { level, progress } of state.delays.levels) {
    const waiting = (queueOf(state, SCHEDULE_TOPIC, level - 1)?.max ?? 0) - progress
    if (waiting > 0) return `${waiting} delayed messages of level ${level} are not due`
  }
  return null
}
