/**
 * Messages that wait for a time of their own (RMQ-122 to RMQ-124): stored in a topic of the broker's, they are put on a wheel of seconds, and when
 * their second is over they are stored again where they belong, as messages of their own, without waiting for their force (RMQ-058).
 *
 * The wheel, the log of what is on it and the checkpoint that says how far both are good are one file here, saved as a whole every second: after a
 * crash the wheel is that of the last save, and what has been delivered since comes again. The wheel's service turns every 100 ms; its turns in which
 * no slot is over are left out, and a clock that is set makes it look anew.
 *
 * What recalls a message lies on the wheel as messages do, behind those of its slot (see recall.ts).
 *
 * Left out: the three threads that read and write a slot side by side, so that messages of one slot come in their order here; a
 * broker that is down for as long as the wheel is, seven days. What is found at a place where another message had been is taken for that one, if it
 * is a waiting message of the same size (#10668): what a real broker does with others was not measured.
 */
import { TIMER_TOPIC } from '../../../history/recalls.ts'
import type { TimedDelay } from '../../../plan/plan.ts'
import { ms, type Us } from '../../../plan/units.ts'
import { cellValue, logFile } from '../../../sim/disk.ts'
import type { Env } from '../../../sim/system.ts'
import { addQueue, queueFile } from './queues.ts'
import { toGrid } from './grid.ts'
import { readRecord } from './log.ts'
import { put } from './put.ts'
import { digestRead, LogRecord, RecallInfo, TimerInfo, type QueueEntry } from './record.ts'
import type { BrokerRules } from './rules.ts'
import { isInService, queueOf, type BrokerState, type QueueState } from './state.ts'
import type { Reference, TimerSlot, TimerState } from './timer-state.ts'

type BrokerEnv = Env<BrokerRules>
export const WHEEL_TIMER = 'wheel'
export const WHEEL_SAVE = 'wheelSave'
export const WHEEL_FILE = 'config/timer'
/** RMQ-124. */
const RETRY: Us = ms(500)
const TURN: Us = ms(100)
/** RMQ-124. */
const SAVE_EVERY: Us = ms(1000)

interface WheelFile {
  readonly enqueued: number
  readonly readTo: Us
  readonly slots: readonly TimerSlot[]
}

/** When a message is wanted, by this broker's clock. */
export const dueOf = (delay: TimedDelay, now: Us): Us => ('atUs' in delay ? delay.atUs : now + delay.afterUs)

/** RMQ-122: it would have to wait for too long. */
export const isTooFar = (state: BrokerState, env: BrokerEnv, delay: TimedDelay): boolean =>
  !env.rules.mayWaitFor(dueOf(delay, env.now) - env.now, state.shape.parameters.timerDelayMaxUs)

export const timerQueue = (state: BrokerState): QueueState => queueOf(state, TIMER_TOPIC, 0) ?? addQueue(state, TIMER_TOPIC, 0)

/** The dispatcher has moved: what has come to the timer topic is put on the wheel. */
export function fillWheel(state: BrokerState, env: BrokerEnv, timer: TimerState): void {
  const queue = timerQueue(state)
  const entries = logFile(env.disk, queue.file)?.extents
  for (; entries !== undefined && timer.enqueued < Math.min(queue.max, entries.length); timer.enqueued++) {
    const { at, size } = entries.at(timer.enqueued).body as QueueEntry
    const record = readRecord(env.disk, state.log, at)?.record
    if (record?.delay instanceof TimerInfo) enqueue(state, env, timer, { at, size, record, waiting: record.delay })
    armSave(env, timer)
  }
  armWheel(state, env)
}

function enqueue(
  state: BrokerState,
  env: BrokerEnv,
  timer: TimerState,
  { at, size, record: { message, msgId }, waiting }: { at: number; size: number; record: LogRecord; waiting: TimerInfo },
): void {
  const { dueUs } = waiting
  const { timerPrecisionUs, timerRollUs } = state.shape.parameters
  // The wheel's own time does not go back with the clock: what has been read is over (inferred).
  const rollUs = env.rules.rollAt(dueUs, Math.max(env.now, timer.readTo), timerRollUs)
  const slot = env.rules.slotOf(rollUs ?? dueUs, timerPrecisionUs)
  // Its slot has been read: it goes at once.
  const missed = slot < timer.readTo
  if (missed && state.shape.config.recallMessageEnable) env.record.missedSlot(message, dueUs, env.now)
  const atUs = missed ? 0 : slot
  const rolls = rollUs !== null
  const reference: Reference = waiting instanceof RecallInfo && !rolls ? { at, size, rolls, recalls: msgId } : { at, size, rolls }
  const place = timer.slots.findIndex((one) => one.atUs >= atUs)
  const found = timer.slots[place]
  if (found?.atUs === atUs) timer.slots[place] = { atUs, references: inSlot(found.references, reference) }
  else timer.slots.splice(place < 0 ? timer.slots.length : place, 0, { atUs, references: [reference] })
}

/** Markers come last: they stay until everything that they may name has left the slot. */
function inSlot(references: readonly Reference[], added: Reference): Reference[] {
  const markers = added.recalls === undefined ? references.filter(({ recalls }) => recalls !== undefined) : []
  if (markers.length === 0) return [...references, added]
  return [...references.slice(0, references.length - markers.length), added, ...markers]
}

/** The wheel turns when its first slot is over; also when the clock was set. */
export function armWheel(state: BrokerState, env: BrokerEnv): void {
  const first = state.timer?.slots[0]
  if (first === undefined || state.timer?.tries !== 0) return
  const wait = Math.max(0, first.atUs + state.shape.parameters.timerPrecisionUs - env.now)
  env.timer(WHEEL_TIMER, Math.ceil((env.uptime + wait) / TURN) * TURN - env.uptime)
}

export function onWheelTimer(state: BrokerState, env: BrokerEnv): void {
  const { timer } = state
  if (timer === null || state.stopping !== null || !isInService(state)) return
  const { timerPrecisionUs, timerTriesMax } = state.shape.parameters
  for (
    let slot = timer.slots[0];
    slot !== undefined && env.rules.isSlotPassed(slot.atUs, env.now, timerPrecisionUs);
    slot = timer.slots[0]
  ) {
    const [first, ...rest] = slot.references
    if (first !== undefined && !dequeue(state, env, timer, slot.references)) {
      timer.tries++
      if (!env.rules.givesTimerUp(timer.tries, timerTriesMax)) return env.timer(WHEEL_TIMER, RETRY)
    }
    timer.tries = 0
    if (rest.length > 0) timer.slots[0] = { atUs: slot.atUs, references: rest }
    else timer.slots.shift()
    timer.readTo = Math.max(timer.readTo, slot.atUs + timerPrecisionUs)
    armSave(env, timer)
  }
  armWheel(state, env)
}

/** RMQ-123: the first of a slot is stored where it belongs, or, if its time is still far away, where it was; false when it could not be. */
function dequeue(state: BrokerState, env: BrokerEnv, timer: TimerState, slot: readonly Reference[]): boolean {
  const [first] = slot
  if (first === undefined || first.recalls !== undefined) return true
  const { at, size, rolls } = first
  const found = readRecord(env.disk, state.log, at)
  if (found === null || found.extent.size !== size || !(found.record.delay instanceof TimerInfo)) return true
  const { record } = found
  const info = found.record.delay
  if (!rolls && slot.at(-1)?.recalls !== undefined && env.rules.isRecalled(record.msgId, slot)) return true
  const Kind = info instanceof RecallInfo ? RecallInfo : TimerInfo
  const kept = new Kind(info.topic, info.queue, env.rules.dueAfterRoll(info.dueUs, env.now), info.sinceUs)
  const target = rolls ? timerQueue(state) : (queueOf(state, info.topic, info.queue) ?? addQueue(state, info.topic, info.queue))
  const times = { storeTime: env.now, bornTime: record.bornTime }
  const content = { ...record, digest: digestRead(found.extent, record) }
  const placed = put(
    state,
    env,
    target,
    (offset) => new LogRecord({ topic: target.topic, queue: target.queue, offset }, content, times, rolls ? { delay: kept } : {}),
  )
  if (placed === null) return false
  timer.copiesTo = placed.end
  if (rolls) return true
  env.record.released({
    topic: info.topic,
    queue: target.name,
    offset: placed.offset,
    message: record.message,
    level: 0,
    from: record.offset,
    storedUs: info.sinceUs,
    dueUs: info.dueUs,
    nowUs: env.now,
  })
  return true
}

function armSave(env: BrokerEnv, timer: TimerState): void {
  if (timer.saveArmed || !env.rules.savesTimer()) return
  timer.saveArmed = true
  env.timer(WHEEL_SAVE, toGrid(env.uptime, SAVE_EVERY))
}

/** With the repair, what has left the wheel has left it for good only once its copy is forced. */
export function onWheelSave(state: BrokerState, env: BrokerEnv): void {
  const { timer } = state
  if (timer === null) return
  timer.saveArmed = false
  if (timer.copiesTo > state.log.flushedTo && state.shape.repairs.has('waitForInternalWrites')) return armSave(env, timer)
  saveWheel(env, timer)
}

/** Gives the version that is on its way to the disk. */
export const saveWheel = (env: BrokerEnv, { enqueued, readTo, slots }: TimerState): number =>
  env.save(WHEEL_FILE, { enqueued, readTo, slots: slots.slice() } satisfies WheelFile)

/** What could not be written is written a second later. */
export function onWheelSaved(state: BrokerState, env: BrokerEnv, done: boolean): void {
  if (!done && state.timer !== null) armSave(env, state.timer)
}

/** Before the log is read again: a timer topic that once was is one to be recovered, if only the wheel knows of it. */
export function findTimerQueue(state: BrokerState, env: BrokerEnv): void {
  if (logFile(env.disk, queueFile(TIMER_TOPIC, 0)) !== undefined || cellValue(env.disk, WHEEL_FILE) !== null) timerQueue(state)
}

/** RMQ-124: the wheel of the last save. With the repair what points behind the log's end is forgotten. */
export function recoverTimer(state: BrokerState, env: BrokerEnv): void {
  const { timer } = state
  const saved = cellValue(env.disk, WHEEL_FILE) as WheelFile | null
  if (timer === null || saved === null) {
    if (timer !== null) fillWheel(state, env, timer)
    return
  }
  timer.readTo = saved.readTo
  timer.enqueued = env.rules.enqueuedAfterRecovery(saved.enqueued, timerQueue(state).max)
  timer.slots = state.shape.repairs.has('clampStoredOffsets')
    ? saved.slots.flatMap((slot) => within(slot, state.log.end))
    : saved.slots.slice()
  if (state.shape.repairs.has('clampStoredOffsets') && timer.enqueued < saved.enqueued) {
    env.put(WHEEL_FILE, { enqueued: timer.enqueued, readTo: timer.readTo, slots: timer.slots.slice() } satisfies WheelFile)
    env.forceNow(WHEEL_FILE)
  }
  fillWheel(state, env, timer)
}

function within({ atUs, references }: TimerSlot, end: number): TimerSlot[] {
  const kept = references.filter(({ at, size }) => at + size <= end)
  return kept.length === 0 ? [] : [{ atUs, references: kept }]
}

/** What still waits for its time, or null. */
export function pendingTimer({ timer }: BrokerState): string | null {
  if (timer === null || timer.slots.length === 0) return null
  const waiting = timer.slots.reduce((sum, { references }) => sum + references.length, 0)
  return `${waiting} messages wait for a time of their own`
}
