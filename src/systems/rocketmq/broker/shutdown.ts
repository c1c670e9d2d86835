/** A graceful stop (RMQ-043): the NameServers are told, everything is forced and dispatched, progress and checkpoint are saved, then the abort file may go. */
import type { Entry } from '../../../sim/agenda.ts'
import type { Env } from '../../../sim/system.ts'
import { CHECKPOINT, forceQueues } from './checkpoint.ts'
import { DELAY_FILE, saveDelays, savesDelaysAtStop } from './delay.ts'
import { KEY_INDEX } from './key-index.ts'
import { dispatchTo } from './dispatch.ts'
import { ceiling } from './dispatch-timer.ts'
import { startForce } from './force.ts'
import { OFFSET_FILE, saveOffsets } from './offsets.ts'
import { ORDER_FILE, saveOrders } from './pop-order.ts'
import { ABORT } from './recovery.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState } from './state.ts'
import { unregister } from './topics.ts'
import { saveWheel, WHEEL_FILE } from './timer.ts'
import { flushOpBatch } from './transactions.ts'

type BrokerEnv = Env<BrokerRules>

export function stop(state: BrokerState, env: BrokerEnv): void {
  unregister(state, env)
  flushOpBatch(state, env)
  state.stopping = { stage: 'log', awaited: [] }
  if (state.log.flushedTo < state.log.end && !state.log.forcing) startForce(state, env)
  advanceStop(state, env, null)
}

/** Called whenever a file has come back. */
export function advanceStop(state: BrokerState, env: BrokerEnv, back: Entry | null): void {
  const { stopping, log } = state
  if (stopping === null || log.forcing || log.flushedTo < log.end) return
  stopping.awaited = stopping.awaited.filter(({ file, at }) => back === null || file !== back.name || back.a < at)
  if (stopping.awaited.length > 0) return
  if (stopping.stage === 'log') {
    stopping.stage = 'files'
    stopping.awaited = saveFiles(state, env)
  } else if (stopping.stage === 'files') {
    stopping.stage = 'checkpoint'
    state.checkpoint = { logTime: log.flushedTime, queueTime: state.dispatchedTime }
    stopping.awaited = [{ file: CHECKPOINT, at: env.save(CHECKPOINT, { ...state.checkpoint }) }]
  } else {
    if (env.rules.removesAbortFile(log.end - state.dispatchedTo)) env.remove(ABORT)
    env.exit()
  }
}

function saveFiles(state: BrokerState, env: BrokerEnv): { file: string; at: number }[] {
  // Of a group's log what is committed, of a replica's what is confirmed; of a broker's own all, since it is forced by now.
  const isOwn = state.ledger === null && !state.ha?.replica
  dispatchTo(state, env, isOwn ? state.log.end : ceiling(state, env))
  const offsets = { file: OFFSET_FILE, at: saveOffsets(state, env) }
  const delays = savesDelaysAtStop(state, env) ? [{ file: DELAY_FILE, at: saveDelays(state, env) }] : []
  const orders = state.pop === null ? [] : [{ file: ORDER_FILE, at: saveOrders(env, state.pop) }]
  const wheel = state.timer === null ? [] : [{ file: WHEEL_FILE, at: saveWheel(env, state.timer) }]
  return [offsets, ...delays, ...wheel, ...orders, { file: KEY_INDEX, at: env.force(KEY_INDEX) }, ...forceQueues(state, env, () => true)]
}
