/**
 * The master's side of replication (RMQ-060 to RMQ-064): a slave connects, and says how far it has come, which is in page cache there, not on stable
 * storage. The master never compares what the two logs hold.
 *
 * Simplified: a slave without a log begins where the log begins (RMQ-061 says: with its last file, which is the only one unless files are small).
 */
import type { Env, NodeId } from '../../../sim/system.ts'
import type { HaConnect, HaReport, SlaveSyncAnswer } from '../ha-messages.ts'
import { noteGone, noteSlave } from '../controller/sync-set.ts'
import { salted } from '../messages.ts'
import { progressOfLevels } from './delay.ts'
import { answerCopied } from './ha-wait.ts'
import type { HaState, Link } from './ha-state.ts'
import { readRecordBefore } from './log.ts'
import { persistable } from './offsets.ts'
import type { LogRecord } from './record.ts'
import type { BrokerRules } from './rules.ts'
import { isSystemTopic } from './shape.ts'
import { isSlave, type BrokerState } from './state.ts'
import { sendFrame } from './ha-transfer.ts'

type BrokerEnv = Env<BrokerRules>

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
