/** When the dispatcher turns, and how far it may go (RMQ-030). RocketMQ's turns every millisecond; here a turn is armed when there is work. */
import { mixWide } from '../../../plan/hash.ts'
import { label } from '../../../sim/choices.ts'
import type { Env } from '../../../sim/system.ts'
import { confirmed } from '../controller/in-sync.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState } from './state.ts'

type BrokerEnv = Env<BrokerRules>

const TURN = label('broker.dispatch')

/** How far the log may be shown. */
export function ceiling(state: BrokerState, env: BrokerEnv): number {
  const { ledger, log, ha, shape } = state
  if (ledger !== null) return Math.min(log.end, env.rules.showsUpTo(ledger.raft.committed, log.end))
  const forcedOnly = shape.repairs.has('dispatchForcedOnly')
  if (ha === null || ha.replica === null)
    return env.rules.dispatchLimit({ end: log.end, flushedTo: log.flushedTo, sync: shape.sync }, forcedOnly)
  // RMQ-030: where controllers give out roles it is what is confirmed, whatever the flush mode.
  return Math.min(confirmed(state, env, ha, ha.replica), forcedOnly ? log.flushedTo : log.end)
}

export function armDispatch(state: BrokerState, env: BrokerEnv): void {
  if (state.dispatchArmed || state.ha?.stuck === true || state.dispatchedTo >= ceiling(state, env)) return
  state.dispatchArmed = true
  const { dispatchIntervalUs } = state.shape.parameters
  env.timer('dispatch', 1 + env.choose(TURN, mixWide(state.id, env.uptime), dispatchIntervalUs))
}
