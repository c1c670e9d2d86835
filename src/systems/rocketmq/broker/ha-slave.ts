/**
 * The slave's side of replication (RMQ-060 to RMQ-068): it connects to its master, appends what it is sent, and says how far it is. It looks
 * only at where a frame begins; it never cuts its log to fit, and never compares (RMQ-062). It dispatches its own queues from what it has
 * (RMQ-066), and fetches topics and progress, of groups and of delay levels, once a minute, whereby the master's progress takes the place of its own.
 */
import type { Env, NodeId } from '../../../sim/system.ts'
import type { HaHello } from '../controller-messages.ts'
import type { HaConnect, HaFrame, HaReport, SlaveSyncAnswer } from '../ha-messages.ts'
import { salted } from '../messages.ts'
import { takeProgressOfLevels } from './delay.ts'
import { armDispatch } from './dispatch-timer.ts'
import { armFlush, noteIdle } from './force.ts'
import { masterOf, type HaState } from './ha-state.ts'
import { appendCopy, readRecordBefore } from './log.ts'
import { storeOffset } from './offsets.ts'
import type { BrokerRules } from './rules.ts'
import { isSlave, type BrokerState } from './state.ts'
import { takeTopic } from './topics.ts'

type BrokerEnv = Env<BrokerRules>
export const CONNECT_TIMER = 'haConnect'
export const SYNC_TIMER = 'slaveSync'

export function startSlave(state: BrokerState, env: BrokerEnv): void {
  connect(state, env)
  env.timer(SYNC_TIMER, state.shape.parameters.slaveSyncUs)
}

/** Tried again every five seconds until the master is heard. */
export function connect(state: BrokerState, env: BrokerEnv): void {
  const { ha } = state
  if (ha === null || ha.connected || masterOf(ha) < 0) return
  ha.seen = 0
  // RMQ-075: where roles change, a slave and its master find out first whether their logs are one.
  if (ha.replica !== null) sendHello(state, env, ha, ha.replica.view.epoch)
  else sendConnect(state, env, ha)
  env.timer(CONNECT_TIMER, state.shape.parameters.haConnectUs)
}

export function sendConnect(state: BrokerState, env: BrokerEnv, ha: HaState): void {
  const salt = salted('haConnect', state.id, env.uptime)
  env.send(masterOf(ha), {
    type: 'haConnect',
    salt,
    max: state.log.end,
    last: readRecordBefore(env.disk, state.log, state.log.end),
  } as HaConnect)
}

const sendHello = (state: BrokerState, env: BrokerEnv, ha: HaState, epoch: number): void =>
  env.send(masterOf(ha), { type: 'haHello', salt: salted('haHello', state.id, epoch, env.uptime), epoch } as HaHello)

/** The connection to the master is gone, or this slave has closed it. */
export function disconnect(state: BrokerState, env: BrokerEnv, from: NodeId): void {
  const { ha } = state
  if (ha === null || masterOf(ha) !== from) return
  ha.connected = false
  env.timer(CONNECT_TIMER, state.shape.parameters.haConnectUs)
}

export function onHaFrame(state: BrokerState, env: BrokerEnv, from: NodeId, frame: HaFrame): void {
  const { ha } = state
  if (ha === null || masterOf(ha) !== from || frame.n <= ha.seen) return
  if (!ha.connected) {
    ha.connected = true
    env.cancel(CONNECT_TIMER)
  }
  ha.seen = frame.n
  if (env.rules.takesFrame(frame.at, state.log.end) && !env.diskFull()) take(state, env, frame)
  else if (frame.places.length > 0 && frame.places.every((at) => at >= state.log.end)) return disconnect(state, env, from)
  if (ha.replica !== null && frame.confirm !== undefined) {
    ha.replica.confirm = frame.confirm
    armDispatch(state, env)
  }
  report(state, env, ha, frame.n)
}

function take(state: BrokerState, env: BrokerEnv, { extents }: HaFrame): void {
  if (extents.length === 0) return
  noteIdle(state, env)
  for (const extent of extents) appendCopy(state, env, extent)
  armDispatch(state, env)
  armFlush(state, env)
}

function report(state: BrokerState, env: BrokerEnv, ha: HaState, n: number): void {
  const max = env.rules.reportedBySlave(state.log.end, state.log.flushedTo)
  env.send(masterOf(ha), { type: 'haReport', salt: salted('haReport', max, n, env.uptime), n, max } as HaReport)
}

export function onSyncTimer(state: BrokerState, env: BrokerEnv): void {
  const { ha } = state
  if (ha === null || masterOf(ha) < 0) return
  const { slaveSyncUs, replicaSyncUs } = state.shape.parameters
  // RMQ-071: who stands in for a master knows of none whom to ask.
  if (ha.acting?.acts !== true) env.send(masterOf(ha), { type: 'slaveSync', salt: salted('slaveSync', state.id, env.uptime) })
  env.timer(SYNC_TIMER, ha.replica === null ? slaveSyncUs : replicaSyncUs)
}

/** Whose log this one is to be; -1: nobody's. */
function followed({ ha, ledger }: BrokerState): NodeId {
  if (ledger !== null) return ledger.raft.leader
  return ha === null ? -1 : masterOf(ha)
}

/** RMQ-068: the master's progress is taken, whatever was told here meanwhile. */
export function onSlaveSyncAnswer(state: BrokerState, env: BrokerEnv, from: NodeId, answer: SlaveSyncAnswer): void {
  const { linked, offsets, topics, delays = [] } = answer
  const { ha } = state
  if (from !== followed(state) || ha?.acting?.acts === true || !isSlave(state)) return
  if (ha !== null && !linked && ha.connected) disconnect(state, env, from)
  for (const topic of topics) takeTopic(state, env, topic)
  if (!env.rules.takesProgress()) return
  for (const { group, topic, queue, offset } of offsets) storeOffset(state, env, group, topic, queue, offset)
  takeProgressOfLevels(state, env, delays)
}
