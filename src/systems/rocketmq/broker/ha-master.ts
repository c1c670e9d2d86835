/**
 * The master's side of replication (RMQ-060 to RMQ-064): it sends each connected slave the log from where the slave is, and hears how far the
 * slave has come, which is in page cache there, not on stable storage. It never compares what the two logs hold.
 *
 * Simplified: one frame is on its way at a time, in whole records, and is sent anew every five seconds until it is taken: TCP keeps frames in
 * order and repeats what is lost, and a connection that is silent for twenty seconds is made anew, which comes to the same. So heartbeats are
 * left out; a slave that does not hear that its connection is gone notices it when it fetches what is not in the log. A slave without a log
 * begins where the log begins (RMQ-061 says: with its last file, which is the only one unless files are small).
 */
import { mixWide } from '../../../plan/hash.ts'
import type { Us } from '../../../plan/units.ts'
import { label } from '../../../sim/choices.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import type { HaConnect, HaFrame, HaReport, SlaveSyncAnswer } from '../ha-messages.ts'
import { confirmed, noteGone, noteSlave } from '../controller/sync-set.ts'
import { salted } from '../messages.ts'
import { progressOfLevels } from './delay.ts'
import { answerCopied, waitsForCopies } from './ha-wait.ts'
import type { HaState, Link } from './ha-state.ts'
import { fragment, readRecordBefore, scan, type LogExtent } from './log.ts'
import { persistable } from './offsets.ts'
import type { LogRecord } from './record.ts'
import type { BrokerRules } from './rules.ts'
import { isSystemTopic } from './shape.ts'
import { isSlave, type BrokerState } from './state.ts'

type BrokerEnv = Env<BrokerRules>
const IDLE = label('broker.transfer')
export const TRANSFER_TIMER = 'haTransfer'
export const RESEND_TIMER = 'haResend'

/** RMQ-063: whatever the slave says is believed, a log that is longer than the master's own too. */
export function onHaConnect(state: BrokerState, env: BrokerEnv, from: NodeId, { max, last }: HaConnect): void {
  const { ha } = state
  if (ha === null || !ha.shape.slaves.includes(from) || isSlave(state)) return
  ha.links = ha.links.filter(({ slave }) => slave !== from)
  if (state.shape.repairs.has('refuseOtherLog') && !isBeginning(state, env, max, last)) return
  const next = env.rules.transferFrom(max, state.log.end)
  ha.links.push({ slave: from, max: 0, caughtUpAt: env.uptime, next, sent: 0, sentAt: 0, out: false })
  const link = ha.links[ha.links.length - 1] as Link
  sendFrame(state, env, link)
  heard(state, env, ha, link, max)
}

/** Whether the slave's log is the beginning of this one, as far as its last record tells. */
function isBeginning({ log }: BrokerState, env: BrokerEnv, max: number, last: LogRecord | null): boolean {
  const own = max > log.end ? null : readRecordBefore(env.disk, log, max)
  return max === 0 || env.rules.isOwnBeginning(max <= log.end, own !== null && last !== null && isSame(own, last))
}

const isSame = (own: LogRecord, last: LogRecord): boolean =>
  own.message === last.message &&
  own.storeTime === last.storeTime &&
  own.offset === last.offset &&
  own.topic === last.topic &&
  own.queue === last.queue

/** A connection to a slave is gone. */
export function dropLink(state: BrokerState, env: BrokerEnv, slave: NodeId): void {
  const { ha } = state
  if (ha === null) return
  ha.links = ha.links.filter((link) => link.slave !== slave)
  if (ha.replica !== null) noteGone(state, env, ha.replica, slave)
}

function heard(state: BrokerState, env: BrokerEnv, ha: HaState, link: Link, max: number): void {
  if (max > link.max) {
    link.max = max
    if (ha.waits.length > 0) answerCopied(state, env, ha)
  }
  if (ha.replica !== null) noteSlave(state, env, ha, ha.replica, link)
}

export function onHaReport(state: BrokerState, env: BrokerEnv, from: NodeId, { n, max }: HaReport): void {
  const { ha } = state
  const link = ha?.links.find(({ slave }) => slave === from)
  if (ha === null || link === undefined || n !== link.sent || !link.out) return
  link.out = false
  link.next = Math.max(link.next, max)
  heard(state, env, ha, link, max)
  if (link.next < state.log.end) sendFrame(state, env, link)
}

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

function sendFrame(state: BrokerState, env: BrokerEnv, link: Link): void {
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

/** Where nobody stands in for a master, or comes after it by himself, nobody asks its slave how far levels are. */
const handsOn = ({ ha, ledger }: BrokerState): boolean => ledger !== null || (ha !== null && (ha.acting !== null || ha.replica !== null))

/** RMQ-067. */
export function onSlaveSync(state: BrokerState, env: BrokerEnv, from: NodeId): void {
  const delays = handsOn(state) ? progressOfLevels(state, env) : []
  const answer: SlaveSyncAnswer = {
    type: 'slaveSyncAnswer',
    salt: salted('slaveSyncAnswer', from, env.uptime),
    linked: state.ha?.links.some(({ slave }) => slave === from) ?? false,
    offsets: handsOn(state) ? persistable(state, env) : state.offsets.map((one) => ({ ...one })),
    topics: state.topics.filter(({ topic }) => !isSystemTopic(state, topic)).map((one) => ({ ...one })),
    ...(delays.length === 0 ? {} : { delays }),
  }
  env.send(from, answer)
}
