/**
 * Flow control of a broker (RMQ-024, RMQ-054). Sends are appended one at a time, under the lock of the log. When the page cache takes no more, since too
 * much of it waits for the disk, whoever holds the lock stands still and the others line up. Those that have stood there for 200 ms, and all of them once
 * the lock has been held for a second, are told SYSTEM_BUSY, and nothing of theirs is stored. The holder is stored at last, mostly long after its
 * client has given up.
 *
 * The page cache takes no more while so many bytes of the log are not on the disk (`dirtyBytesMax`: the kernel's dirty_ratio, which as shipped no run
 * reaches). Inferred, not measured: that the kernel then writes back at once, which is a force here. Simplified: one thread appends; the line is looked
 * through when somebody's time is up, not every 10 ms; what a broker stores on its own account does not line up.
 */
import type { Us } from '../../../plan/units.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { NO_MORE, salted, type SendAnswer, type SendRequest } from '../messages.ts'
import { startForce } from './force.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState } from './state.ts'

type BrokerEnv = Env<BrokerRules>
export const BUSY_TIMER = 'busy'

/** A send that waits for the log; the first of the line holds its lock. */
export interface Lined {
  readonly from: NodeId
  readonly request: SendRequest
  readonly since: Us
}

/** How a broker decides whom it keeps waiting. */
export const busyRules = {
  /** RMQ-024, osPageCacheBusyTimeOutMills: a lock that has been held for so long makes everybody's send fail. */
  isPageCacheBusy: (heldUs: Us, mostUs: Us): boolean => heldUs > mostUs,

  /** RMQ-054, waitTimeMillsInSendQueue. */
  hasWaitedTooLong: (waitedUs: Us, mostUs: Us): boolean => waitedUs >= mostUs,

  /** Since when the lock is held when an append has gone through; -1: it is free. */
  lockedAfterAppend: (_since: Us): Us => -1,

  /** RMQ-054: what was refused is taken out of the line. */
  leavesLine: (): boolean => true,
} as const

const isCacheFull = ({ log, shape }: BrokerState): boolean => log.end - log.flushedTo >= shape.parameters.dirtyBytesMax

/** True when a send has lined up, or was refused: it is not to be appended now. */
export function linesUp(state: BrokerState, env: BrokerEnv, from: NodeId, request: SendRequest): boolean {
  const { parameters } = state.shape
  if (state.lockedAt >= 0 && env.rules.isPageCacheBusy(env.uptime - state.lockedAt, parameters.pageCacheBusyUs)) {
    refuse(env, from, request)
    return true
  }
  if (state.lined.length === 0) {
    if (!isCacheFull(state)) return false
    state.lockedAt = env.uptime
    startForce(state, env)
  }
  state.lined = [...state.lined, { from, request, since: env.uptime }]
  armBusy(state, env)
  return true
}

/** When the time of the first who waits behind the holder is up. */
function armBusy(state: BrokerState, env: BrokerEnv): void {
  const next = state.lined[1]
  const { sendQueueWaitUs, pageCacheBusyUs } = state.shape.parameters
  if (next === undefined) return env.cancel(BUSY_TIMER)
  env.timer(BUSY_TIMER, Math.max(0, Math.min(next.since + sendQueueWaitUs, state.lockedAt + pageCacheBusyUs + 1) - env.uptime))
}

export function onBusyTimer(state: BrokerState, env: BrokerEnv): void {
  const { sendQueueWaitUs, pageCacheBusyUs } = state.shape.parameters
  const isOver = env.rules.isPageCacheBusy(env.uptime - state.lockedAt, pageCacheBusyUs)
  const [holder, ...others] = state.lined
  if (holder === undefined) return
  const late = others.filter(({ since }) => isOver || env.rules.hasWaitedTooLong(env.uptime - since, sendQueueWaitUs))
  for (const { from, request } of late) refuse(env, from, request)
  if (env.rules.leavesLine()) state.lined = state.lined.filter((one) => !late.includes(one))
  armBusy(state, env)
}

/** A force has come back: whoever stands in line goes on, as long as there is room. */
export function advanceLine(state: BrokerState, env: BrokerEnv, append: (from: NodeId, request: SendRequest) => void): void {
  while (state.lined.length > 0 && !isCacheFull(state)) {
    const [first, ...rest] = state.lined
    state.lined = rest
    if (first !== undefined) append(first.from, first.request)
    state.lockedAt = env.rules.lockedAfterAppend(state.lockedAt)
  }
  if (state.lined.length > 0) {
    state.lockedAt = env.uptime
    startForce(state, env)
  }
  armBusy(state, env)
}

function refuse(env: BrokerEnv, to: NodeId, { digest, op, attempt, topic, oneway }: SendRequest): void {
  if (oneway) return
  const answer: SendAnswer = {
    type: 'sendAnswer',
    salt: salted('sendAnswer', digest, attempt),
    op,
    attempt,
    status: 'SYSTEM_BUSY',
    topic,
    queue: -1,
    offset: -1,
    at: -1,
    more: NO_MORE,
  }
  env.send(to, answer)
}
