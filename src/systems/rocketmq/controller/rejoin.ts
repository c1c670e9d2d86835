/**
 * Before a replica copies its master, the two find out up to where their logs are the same, by the epochs in which they were written (RMQ-075);
 * what the slave has beyond that was never the master's, and is cut off. Whoever has no epoch in common with its master can't follow it.
 *
 * A master that is back before anybody has missed it is master in the same epoch still (RMQ-073), though power may have cost it the end of its log:
 * two logs can then differ within an epoch, and nobody notices, since nothing is compared but where epochs begin and end.
 *
 * Simplified: a cut that would fall into a record takes the whole record. The slave takes over the whole table of its master's epochs at once; in
 * RocketMQ each entry comes with the first record of its epoch.
 */
import type { Env, NodeId } from '../../../sim/system.ts'
import { masterOf, type HaState } from '../broker/ha-state.ts'
import { sendConnect } from '../broker/ha-slave.ts'
import { scan } from '../broker/log.ts'
import { logStart } from '../broker/log-state.ts'
import { conclude } from '../broker/answers.ts'
import { truncateLog } from '../broker/recovery.ts'
import { cutQueue } from '../broker/queue-entries.ts'
import type { BrokerRules } from '../broker/rules.ts'
import type { BrokerState } from '../broker/state.ts'
import type { HaEpochs, HaHello } from '../controller-messages.ts'
import { salted } from '../messages.ts'
import { saveEpochs } from './replica.ts'
import type { Replica } from './replica-state.ts'

type BrokerEnv = Env<BrokerRules>

/** A slave would like to follow: only the master of the epoch that it means answers. */
export function onHaHello(state: BrokerState, env: BrokerEnv, from: NodeId, { epoch }: HaHello): void {
  const replica = state.ha?.replica ?? null
  if (replica === null || replica.role !== 'master' || replica.successor !== null || replica.view.epoch !== epoch) return
  const salt = salted('haEpochs', from, epoch, env.uptime)
  env.send(from, { type: 'haEpochs', salt, epoch, entries: replica.epochs.map((entry) => ({ ...entry })), end: state.log.end } as HaEpochs)
}

export function onHaEpochs(state: BrokerState, env: BrokerEnv, from: NodeId, { epoch, entries, end }: HaEpochs): void {
  const { ha } = state
  const replica = ha?.replica ?? null
  if (ha === null || replica === null || from !== masterOf(ha) || epoch !== replica.view.epoch || ha.connected) return
  const common = state.log.end === 0 ? 0 : env.rules.commonEnd(replica.epochs, state.log.end, entries, end)
  if (common < 0) return
  if (common < state.log.end && env.rules.cutsToFit()) cutTo(state, env, ha, replica, boundaryBefore(state, env, common))
  saveEpochs(env, replica, entries)
  sendConnect(state, env, ha)
}

function boundaryBefore({ log }: BrokerState, env: BrokerEnv, end: number): number {
  let boundary = logStart(log)
  scan(env.disk, log, boundary, end, ({ size }, at) => {
    if (at + size <= end) boundary = at + size
    return true
  })
  return boundary
}

function cutTo(state: BrokerState, env: BrokerEnv, ha: HaState, replica: Replica, end: number): void {
  const { flushedTo } = state.log
  const { dispatchedTo } = state
  truncateLog(state, env, end)
  state.log.flushedTo = Math.min(flushedTo, end)
  state.dispatchedTo = Math.min(dispatchedTo, end)
  for (const { topic, queue } of state.queues) cutQueue(state, env, topic, queue)
  replica.confirm = Math.min(replica.confirm, end)
  env.record.copyRecovered(end)
  const gone = state.waiting.filter((waiting) => waiting.end > end)
  state.waiting = state.waiting.filter((waiting) => waiting.end <= end)
  ha.waits = ha.waits.filter(({ waiting }) => waiting.end <= end)
  for (const waiting of gone) conclude(state, env, waiting, 'FLUSH_DISK_TIMEOUT')
}
