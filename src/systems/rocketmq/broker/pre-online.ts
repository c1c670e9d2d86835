/**
 * A master that comes back to slaves that may have stood in for it (RMQ-071, BrokerPreOnlineService): it is isolated, which is to say registered
 * nowhere, until every slave that is registered has connected to it, and the first of them has told how far groups and delay levels are. That takes
 * the place of what it knows itself: what was committed while it was away is kept, where a slave has stood in; where none has, what a slave knows
 * may be a minute old (RMQ-067), and is taken all the same.
 *
 * Inferred, not measured: that nothing is asked of the two tables. RocketMQ compares versions of them, of which 500 commits, or 200 deliveries,
 * make the next (consumerOffsetUpdateVersionStep, delayOffsetUpdateVersionStep): no run here has as many between two copies, and where versions are
 * equal the slave's table is taken. A client that still goes by an old route is answered by an isolated master. Left out: the timer wheel's
 * checkpoint; slaves that come back.
 */
import type { Env, NodeId } from '../../../sim/system.ts'
import type { PreOnline, ProgressBack } from '../ha-messages.ts'
import { salted } from '../messages.ts'
import type { ActingState, Returning } from './acting-state.ts'
import { armLevels, progressOfLevels, takeProgressOfLevels } from './delay.ts'
import { connect } from './ha-slave.ts'
import { waitOutLocks } from './locks.ts'
import { saveOffsets, storeOffset } from './offsets.ts'
import { startCleaner } from './retention.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState } from './state.ts'
import { register } from './topics.ts'
import { armWheel } from './timer.ts'
import { armCheck, rereadTransactions } from './transactions.ts'

type BrokerEnv = Env<BrokerRules>

/** An isolated master has been told who of its name is there. */
export function prepare(state: BrokerState, env: BrokerEnv, acting: ActingState, members: readonly NodeId[]): void {
  if (acting.returning === null) return
  const slaves = members.filter((one) => one !== state.id)
  const { met, told } = acting.returning
  acting.returning = { met, told, slaves }
  const salt = salted('preOnline', state.id, env.uptime)
  slaves.forEach((slave, k) => {
    const tells = k === 0 && !told
    if (tells || !met.includes(slave)) env.send(slave, { type: 'preOnline', salt, tells } as PreOnline)
  })
  considerOnline(state, env, acting)
}

/** Of a slave: its master has come back, so that a connection which seems to be there is one to a process that is not. */
export function onPreOnline(state: BrokerState, env: BrokerEnv, from: NodeId, { tells }: PreOnline): void {
  if (state.ha === null) return
  state.ha.connected = false
  connect(state, env)
  if (!tells) return
  const answer: ProgressBack = {
    type: 'progressBack',
    salt: salted('progressBack', from, env.uptime),
    offsets: state.offsets.map((one) => ({ ...one })),
    delays: progressOfLevels(state, env),
  }
  env.send(from, answer)
}

export function onProgressBack(state: BrokerState, env: BrokerEnv, { offsets, delays }: ProgressBack): void {
  const acting = state.ha?.acting ?? null
  if (acting === null || acting.returning === null || acting.returning.told) return
  if (env.rules.takesProgressBack()) {
    for (const { group, topic, queue, offset } of offsets) storeOffset(state, env, group, topic, queue, offset)
    takeProgressOfLevels(state, env, delays)
    saveOffsets(state, env)
  }
  acting.returning = { ...acting.returning, told: true }
  considerOnline(state, env, acting)
}

/** A slave has connected, whether this master talks to it or not. */
export function onSlaveMet(state: BrokerState, env: BrokerEnv, slave: NodeId): void {
  const acting = state.ha?.acting ?? null
  if (acting === null || acting.returning === null) return
  acting.returning = { ...acting.returning, met: [...acting.returning.met, slave] }
  considerOnline(state, env, acting)
}

const isDone = ({ met, slaves, told }: Returning): boolean =>
  slaves !== null && (slaves.length === 0 || told) && slaves.every((slave) => met.includes(slave))

function considerOnline(state: BrokerState, env: BrokerEnv, acting: ActingState): void {
  const { returning } = acting
  if (returning === null || !isDone(returning)) return
  acting.returning = null
  if (returning.told) {
    env.record.acting('online')
    // Its slave learns of it with its next question, or the one after that.
    waitOutLocks(state, env, 2 * state.shape.parameters.memberGroupUs)
  }
  register(state, env)
  rereadTransactions(state, env)
  armCheck(state, env)
  armLevels(state, env, true)
  armWheel(state, env)
  startCleaner(state, env)
}
