/**
 * The log on its way to the slaves (RMQ-060).
 *
 * Simplified: one frame is on its way at a time, in whole records, and is sent anew every five seconds until it is taken: TCP keeps frames in
 * order and repeats what is lost, and a connection that is silent for twenty seconds is made anew, which comes to the same. So heartbeats are
 * left out; a slave that does not hear that its connection is gone notices it when it fetches what is not in the log.
 */
import { mixWide } from '../../../plan/hash.ts'
import type { Us } from '../../../plan/units.ts'
import { label } from '../../../sim/choices.ts'
import type { Env } from '../../../sim/system.ts'
import { confirmed } from '../controller/in-sync.ts'
import type { HaFrame } from '../ha-messages.ts'
import { salted } from '../messages.ts'
import { waitsForCopies, type HaState, type Link } from './ha-state.ts'
import { fragment, scan, type LogExtent } from './log.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState } from './state.ts'

type BrokerEnv = Env<BrokerRules>

const IDLE = label('broker.transfer')
export const TRANSFER_TIMER = 'haTransfer'
export const RESEND_TIMER = 'haResend'

/** Something was appended. What nobody waits for is sent when the transfer looks the next time. */
export function armTransfer(state: BrokerState, env: BrokerEnv): void {
  const { ha, shape } = state
  if (ha === null || ha.links.length === 0) return
  // Until now it had everything, as its heartbeats would have said.
  if (!ha.transferArmed) for (const link of ha.links) if (!link.out) link.caughtUpAt = env.uptime
  if (waitsForCopies(ha)) return transfer(state, env)
  if (ha.transferArmed) return
  ha.transferArmed = true
  env.timer(TRANSFER_TIMER, 1 + env.choose(IDLE, mixWide(state.id, env.uptime), shape.parameters.haIdleUs))
}

export function onTransferTimer(state: BrokerState, env: BrokerEnv): void {
  if (state.ha !== null) state.ha.transferArmed = false
  transfer(state, env)
}

/** To every slave that has taken what it was sent. */
export function transfer(state: BrokerState, env: BrokerEnv): void {
  for (const link of state.ha?.links ?? []) if (!link.out && link.next < state.log.end) sendFrame(state, env, link)
}

export function onResendTimer(state: BrokerState, env: BrokerEnv): void {
  const { ha, shape } = state
  if (ha === null) return
  ha.resendArmed = false
  const since = env.uptime - shape.parameters.haHeartbeatUs
  for (const link of ha.links) if (link.out && link.sentAt <= since) sendFrame(state, env, link)
  const out = ha.links.filter((link) => link.out)
  if (out.length > 0) armResend(ha, env, Math.min(...out.map(({ sentAt }) => sentAt)) - since)
}

function armResend(ha: HaState, env: BrokerEnv, delay: Us): void {
  if (ha.resendArmed) return
  ha.resendArmed = true
  env.timer(RESEND_TIMER, delay)
}

export function sendFrame(state: BrokerState, env: BrokerEnv, link: Link): void {
  const { ha, shape } = state
  const { haBatchBytes, haHeartbeatUs } = shape.parameters
  const places: number[] = []
  const extents: LogExtent[] = []
  let bytes = 0
  scan(env.disk, state.log, link.next, state.log.end, (extent, at) => {
    // RMQ-063: where the logs have parted, a slave may be in the middle of what is a record here.
    if (places.length === 0 && at > link.next) {
      places.push(link.next)
      extents.push(fragment(at - link.next))
    }
    places.push(at)
    extents.push(extent)
    bytes += extent.size
    return bytes < haBatchBytes
  })
  // Or in the middle of the last one.
  if (places.length === 0 && link.next < state.log.end) {
    places.push(link.next)
    extents.push(fragment(state.log.end - link.next))
  }
  link.sent++
  link.out = true
  link.sentAt = env.uptime
  const salt = salted('haFrame', link.next, link.slave, env.uptime)
  const replica = ha?.replica ?? null
  const confirm = ha === null || replica === null ? {} : { confirm: confirmed(state, env, ha, replica) }
  env.send(link.slave, { type: 'haFrame', salt, n: link.sent, at: link.next, places, extents, ...confirm } as HaFrame)
  if (ha !== null) armResend(ha, env, haHeartbeatUs)
}
