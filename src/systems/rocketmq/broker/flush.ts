/**
 * When the commit log goes to stable storage (RMQ-036, RMQ-038, RMQ-040). One force at a time; SYNC_FLUSH forces as soon as somebody
 * waits, ASYNC_FLUSH on a grid of 500 ms once four pages are dirty, and every ten seconds whatever there is.
 */
import { logFile, PAGE, type Disk } from '../../../sim/disk.ts'
import type { Entry } from '../../../sim/agenda.ts'
import type { Env } from '../../../sim/system.ts'
import { onLedgerForced } from '../dledger/member.ts'
import { toGrid } from './grid.ts'
import { armCheckpoint } from './checkpoint.ts'
import { delayCopiesForced } from './delay.ts'
import { armDispatch } from './dispatch.ts'
import { COMMIT_LOG, readRecordBefore } from './log.ts'
import { storeProgress } from './pop.ts'
import { goOn, settle } from './put.ts'
import { storeReviveProgress } from './revive.ts'
import type { BrokerRules } from './rules.ts'
import { copiesForced } from './safe-end.ts'
import { tellsItsLog, type BrokerState, type Segment, type Waiting } from './state.ts'

type BrokerEnv = Env<BrokerRules>

const dirtyPages = (state: BrokerState): number => Math.floor(state.log.end / PAGE) - Math.floor(state.log.flushedTo / PAGE)

/** Something was appended: a force is started, or a timer armed for when one is due. */
export function armFlush(state: BrokerState, env: BrokerEnv): void {
  const { log, shape } = state
  if (log.forcing || log.flushedTo >= log.end) return
  if (state.ledger !== null) return env.timer('flush', toGrid(env.uptime, shape.parameters.ledgerFlushUs))
  if (shape.sync) {
    if (state.waiting.length > 0) return startForce(state, env)
    return env.timer('flush', toGrid(env.uptime, shape.parameters.groupCommitIntervalUs))
  }
  const soon = toGrid(env.uptime, shape.parameters.flushIntervalUs)
  if (dirtyPages(state) >= shape.parameters.flushLeastPages) return env.timer('flush', soon)
  const thorough = log.thoroughAt + shape.parameters.flushThoroughUs - env.now
  env.timer(
    'flush',
    thorough <= soon ? soon : soon + Math.ceil((thorough - soon) / shape.parameters.flushIntervalUs) * shape.parameters.flushIntervalUs,
  )
}

/**
 * RMQ-038: the real flusher turns when there is nothing to force, too, and every ten seconds calls that thorough. This is asked before an append:
 * asked afterwards, an append in the moment in which a thorough force is due would put it off for ten seconds more.
 */
export function noteIdle(state: BrokerState, env: BrokerEnv): void {
  if (!state.shape.sync && state.log.flushedTo >= state.log.end) passIdle(state, env)
}

function passIdle({ log, shape }: BrokerState, env: BrokerEnv): void {
  const { flushThoroughUs } = shape.parameters
  log.thoroughAt += Math.max(0, Math.floor((env.now - log.thoroughAt) / flushThoroughUs)) * flushThoroughUs
}

export function onFlushTimer(state: BrokerState, env: BrokerEnv): void {
  const { log, shape } = state
  if (log.forcing || log.flushedTo >= log.end) return
  if (!shape.sync && state.ledger === null) {
    const thorough = env.now >= log.thoroughAt + shape.parameters.flushThoroughUs
    if (!thorough && dirtyPages(state) < shape.parameters.flushLeastPages) return armFlush(state, env)
    passIdle(state, env)
  }
  startForce(state, env)
}

export function startForce(state: BrokerState, env: BrokerEnv): void {
  const segment = env.rules.segmentToForce(state.log.segments, state.log.flushedTo)
  if (segment === undefined || state.log.forcing) return
  state.log.forcing = true
  env.force(segment.name)
}

/** A force of a log file has come back. */
export function onLogForced(state: BrokerState, env: BrokerEnv, entry: Entry): void {
  const { log } = state
  const segment = log.segments.findLast((one) => one.name === entry.name)
  log.forcing = false
  if (segment === undefined) return
  log.forces++
  if (entry.b === 0) return onForceError(state, env, segment.start + entry.a)
  const before = log.flushedTo
  log.flushedTo = Math.min(log.end, env.rules.flushedAfterForce(before, segment, entry.a, view(state)))
  if (tellsItsLog(state) || state.ha?.replica) env.record.force(durableEnd(env.disk, state))
  if (log.flushedTo > before) flushed(state, env)
  if (state.lined.length > 0) goOn(state, env)
  if (state.ledger !== null) onLedgerForced(state, env)
  // What came in meanwhile wants another force: at once when somebody waits for it, or when it filled another file.
  if (log.flushedTo < log.end) {
    if (
      state.waiting.length > 0 ||
      state.stopping !== null ||
      (log.flushedTo > before && segment.start + entry.a >= nextStart(state, segment.start))
    )
      startForce(state, env)
    else armFlush(state, env)
  }
}

function nextStart({ log }: BrokerState, start: number): number {
  const index = log.segments.findLastIndex((one) => one.start <= start)
  return log.segments[index + 1]?.start ?? Infinity
}

const view = (state: BrokerState): { end: number; flushedTo: number; sync: boolean } => ({
  end: state.log.end,
  flushedTo: state.log.flushedTo,
  sync: state.shape.sync,
})

/** The flushed position moved: answers whoever waited for it, and lets the dispatcher see it. */
function flushed(state: BrokerState, env: BrokerEnv): void {
  const { log } = state
  log.flushedTime = readRecordBefore(env.disk, log, log.flushedTo)?.storeTime ?? log.flushedTime
  answerFlushed(state, env)
  copiesForced(state, env)
  delayCopiesForced(state, env)
  if (state.pop !== null) {
    storeProgress(state, env)
    storeReviveProgress(state, env)
  }
  armDispatch(state, env)
  armCheckpoint(state, env)
}

function answerFlushed(state: BrokerState, env: BrokerEnv): void {
  if (state.waiting.length === 0) return
  const log = view(state)
  const [done, still]: [Waiting[], Waiting[]] = [[], []]
  for (const waiting of state.waiting) (env.rules.isWokenByForce(waiting, log) ? done : still).push(waiting)
  if (done.length === 0) return
  state.waiting = still
  for (const waiting of done) settle(state, env, waiting, 'SEND_OK')
}

/** RMQ-040: the flushed position stays, the force is tried again, and writes go on; with the repair, the process ends. */
function onForceError(state: BrokerState, env: BrokerEnv, attempted: number): void {
  const { log, shape } = state
  log.flushedTo = Math.min(log.end, env.rules.flushedAfterError(log.flushedTo, attempted))
  if (log.flushedTo >= attempted) flushed(state, env)
  if (shape.repairs.has('stopOnForceError')) return env.exit()
  giveUpWaiting(state, env)
  if (log.flushedTo < log.end) env.timer('flush', shape.parameters.forceRetryUs)
}

/** RMQ-036: each request has so many attempts, wherever in a row of failures it came. */
function giveUpWaiting(state: BrokerState, env: BrokerEnv): void {
  const usedUp = (waiting: Waiting): boolean => state.log.forces - waiting.since >= state.shape.parameters.forceAttempts
  const over = state.waiting.filter(usedUp)
  state.waiting = state.waiting.filter((waiting) => !usedUp(waiting))
  for (const one of over) settle(state, env, one, 'FLUSH_DISK_TIMEOUT')
}

/** RMQ-036: syncFlushTimeout. One timer for the first of those that wait; they wait in the order of their deadlines. */
export function armDeadline(state: BrokerState, env: BrokerEnv): void {
  const first = state.waiting[0]
  if (state.deadlineArmed || first === undefined) return
  state.deadlineArmed = true
  env.timer('flushDeadline', first.deadline - env.uptime)
}

export function onFlushDeadline(state: BrokerState, env: BrokerEnv): void {
  state.deadlineArmed = false
  const late = state.waiting.filter((waiting) => waiting.deadline <= env.uptime)
  state.waiting = state.waiting.filter((waiting) => waiting.deadline > env.uptime)
  for (const waiting of late) settle(state, env, waiting, 'FLUSH_DISK_TIMEOUT')
  armDeadline(state, env)
}

export const isLogFile = (name: string): boolean => name.startsWith(COMMIT_LOG)

/** How far the log really is on stable storage, whatever the disk said: for the history alone, no decision looks at it. */
export function durableEnd(disk: Disk, state: BrokerState): number {
  const { log } = state
  let end = log.segments[log.safeSegments]?.start ?? 0
  for (let k = log.safeSegments; k < log.segments.length; k++) {
    const segment = log.segments[k] as Segment
    const file = logFile(disk, segment.name)
    if (file === undefined || segment.start > end) return end
    log.safeSegments = k
    const dropped = file.dropped.length > 0 ? file.dropped.at(0).from : file.forced
    end = segment.start + Math.min(file.forced, dropped)
  }
  return end
}
