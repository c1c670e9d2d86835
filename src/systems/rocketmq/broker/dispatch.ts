/**
 * The dispatcher (RMQ-030 to RMQ-033): it follows the log up to the ceiling and builds, for each record, its consume-queue entry and its
 * key entry; from then on the record can be pulled.
 */
import type { Env } from '../../../sim/system.ts'
import { considerServing } from '../dledger/member.ts'
import { armLevels } from './delay.ts'
import { armCheckpoint, armQueueFlush } from './checkpoint.ts'
import { scan } from './log.ts'
import { answerHeldPops } from './pop.ts'
import { answerHeld } from './pull.ts'
import { Blank, soundness } from './record.ts'
import { readRevive } from './revive.ts'
import type { BrokerRules } from './rules.ts'
import { isSlave, type BrokerState } from './state.ts'
import { fillWheel } from './timer.ts'
import { onDispatched } from './transactions.ts'
import { armDispatch, ceiling } from './dispatch-timer.ts'
import { index } from './queue-entries.ts'

type BrokerEnv = Env<BrokerRules>

export function onDispatchTimer(state: BrokerState, env: BrokerEnv): void {
  state.dispatchArmed = false
  dispatchTo(state, env, ceiling(state, env))
  armDispatch(state, env)
}

export function dispatchTo(state: BrokerState, env: BrokerEnv, limit: number): void {
  const before = state.dispatchedTo
  const slave = isSlave(state)
  scan(env.disk, state.log, before, limit, (extent, at) => {
    if (at + extent.size > limit) return false
    // RMQ-032: a slave waits at what it can't read.
    if (state.ha !== null && slave && !soundness(extent).framed) {
      state.ha.stuck = true
      return false
    }
    const isIndexed = !slave || env.rules.slaveIndexes(at + extent.size, state.log.end)
    if (!(extent.body instanceof Blank) && isIndexed) index(state, env, extent.body, extent, at, false)
    state.dispatchedTo = at + extent.size
    return true
  })
  if (state.dispatchedTo === before) return
  armQueueFlush(state, env)
  armCheckpoint(state, env)
  answerHeld(state, env)
  if (state.ledger !== null) considerServing(state, env)
  // RMQ-070: transactions, delayed messages and the like are the master's.
  if (slave) return
  if (state.pop !== null) {
    readRevive(state, env)
    answerHeldPops(state, env)
  }
  onDispatched(state, env)
  if (state.delays.levels.length > 0) armLevels(state, env)
  if (state.timer !== null) fillWheel(state, env, state.timer)
}
