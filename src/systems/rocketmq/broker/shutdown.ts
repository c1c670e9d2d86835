/** A graceful stop (RMQ-043): everything is forced and dispatched, progress and checkpoint are saved, then the abort file may go. */
import type { Env } from '../../../sim/system.ts'
import { forceQueues, CHECKPOINT } from './checkpoint.ts'
import { dispatchTo, KEY_INDEX } from './dispatch.ts'
import { startForce } from './flush.ts'
import { saveOffsets } from './offsets.ts'
import { ABORT } from './recovery.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState } from './state.ts'
import { flushOpBatch } from './transactions.ts'

type BrokerEnv = Env<BrokerRules>

export function stop(state: BrokerState, env: BrokerEnv): void {
  flushOpBatch(state, env)
  state.stopping = { forces: 0 }
  if (state.log.flushedTo < state.log.end && !state.log.forcing) startForce(state, env)
  advanceStop(state, env)
}

/** Called whenever something that the stop waits for has come back. */
export function advanceStop(state: BrokerState, env: BrokerEnv): void {
  const { stopping, log } = state
  if (stopping === null || log.forcing || log.flushedTo < log.end) return
  if (stopping.forces === 0) {
    dispatchTo(state, env, log.end)
    saveOffsets(state, env)
    state.checkpoint = { logTime: log.flushedTime, queueTime: state.dispatchedTime }
    env.save(CHECKPOINT, { ...state.checkpoint })
    env.force(KEY_INDEX)
    stopping.forces = 4 + forceQueues(state, env, () => true)
  }
  stopping.forces--
  if (stopping.forces > 0) return
  if (env.rules.removesAbortFile(log.end - state.dispatchedTo)) env.remove(ABORT)
  env.exit()
}
