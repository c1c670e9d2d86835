/**
 * When the commit log is forced to stable storage (RMQ-036, RMQ-038, RMQ-040). One force at a time; SYNC_FLUSH forces as soon as somebody
 * waits, ASYNC_FLUSH on a grid of 500 ms once four pages are dirty, and every ten seconds whatever there is.
 */
import { logFile, PAGE, type Disk } from '../../../sim/disk.ts'
import type { Env } from '../../../sim/system.ts'
import { toGrid } from './grid.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState, Segment } from './state.ts'

type BrokerEnv = Env<BrokerRules>

export const dirtyPages = (state: BrokerState): number => Math.floor(state.log.end / PAGE) - Math.floor(state.log.flushedTo / PAGE)

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

export function passIdle({ log, shape }: BrokerState, env: BrokerEnv): void {
  const { flushThoroughUs } = shape.parameters
  log.thoroughAt += Math.max(0, Math.floor((env.now - log.thoroughAt) / flushThoroughUs)) * flushThoroughUs
}

export function startForce(state: BrokerState, env: BrokerEnv): void {
  const segment = env.rules.segmentToForce(state.log.segments, state.log.flushedTo)
  if (segment === undefined || state.log.forcing) return
  state.log.forcing = true
  env.force(segment.name)
}

/** RMQ-036: syncFlushTimeout. One timer for the first of those that wait; they wait in the order of their deadlines. */
export function armDeadline(state: BrokerState, env: BrokerEnv): void {
  const first = state.waiting[0]
  if (state.deadlineArmed || first === undefined) return
  state.deadlineArmed = true
  env.timer('flushDeadline', first.deadline - env.uptime)
}

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
