/** What follows from a force of the commit log, or from its failure (RMQ-036, RMQ-038, RMQ-040): whoever waited for it is answered, and the dispatcher sees it. */
import type { Entry } from '../../../sim/agenda.ts'
import type { Env } from '../../../sim/system.ts'
import { onLedgerForced } from '../dledger/member.ts'
import { armCheckpoint } from './checkpoint.ts'
import { delayCopiesForced } from './delay.ts'
import { armDispatch } from './dispatch-timer.ts'
import { COMMIT_LOG, readRecordBefore } from './log.ts'
import { storeProgress } from './pop.ts'
import { goOn } from './sends.ts'
import { settle } from './waiting.ts'
import { storeReviveProgress } from './revive.ts'
import type { BrokerRules } from './rules.ts'
import { copiesForced } from './safe-end.ts'
import { tellsItsLog, type BrokerState, type Waiting } from './state.ts'
import { armDeadline, armFlush, dirtyPages, durableEnd, passIdle, startForce } from './force.ts'

type BrokerEnv = Env<BrokerRules>

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

export function onFlushDeadline(state: BrokerState, env: BrokerEnv): void {
  state.deadlineArmed = false
  const late = state.waiting.filter((waiting) => waiting.deadline <= env.uptime)
  state.waiting = state.waiting.filter((waiting) => waiting.deadline > env.uptime)
  for (const waiting of late) settle(state, env, waiting, 'FLUSH_DISK_TIMEOUT')
  armDeadline(state, env)
}

export const isLogFile = (name: string): boolean => name.startsWith(COMMIT_LOG)
