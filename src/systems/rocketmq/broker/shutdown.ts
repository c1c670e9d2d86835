/** A graceful stop (RMQ-043): everything is forced and dispatched, progress and checkpoint are saved, then the abort file may go. */
import type { Env } from '../../../sim/system.ts'
import { forceQueues, CHECKPOINT } from './checkpoint.ts'
import { dispatchTo, KEY_INDEX } from './dispatch.ts'
import { startForce } from './flush.ts'
import { OFFSET_FILE, saveOffsets } from './offsets.ts'
import { ABORT } from './recovery.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState } from './state.ts'
import { flushOpBatch } from './transactions.ts'

type BrokerEnv = Env<BrokerRules>

export function stop(state: BrokerState, env: BrokerEnv): void {
  flushOpBatch(state, env)
  state.stopping = { awaited: null }
  if (state.log.flushedTo < state.log.end && !state.log.forcing) startForce(state, env)
  advanceStop(state, env, null)
}

/** Called whenever a file has come back: first the log, then, all together, what depends on it. */
export function advanceStop(state: BrokerState, env: BrokerEnv, file: string | null): void {
  const { stopping, log } = state
  if (stopping === null || log.forcing || log.flushedTo < log.end) return
  if (stopping.awaited === null) {
    stopping.awaited = saveAll(state, env)
    return
  }
  stopping.awaited = stopping.awaited.filter((one) => one !== file)
  if (stopping.awaited.length > 0) return
  if (env.rules.removesAbortFile(log.end - state.dispatchedTo)) env.remove(ABORT)
  env.exit()
}

function saveAll(state: BrokerState, env: BrokerEnv): string[] {
  dispatchTo(state, env, state.log.end)
  saveOffsets(state, env)
  state.checkpoint = { logTime: state.log.flushedTime, queueTime: state.dispatchedTime }
  env.save(CHECKPOINT, { ...state.checkpoint })
  env.force(KEY_INDEX)
  return [OFFSET_FILE, CHECKPOINT, KEY_INDEX, ...forceQueues(state, env, () => true)]
}
