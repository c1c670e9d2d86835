/** The turn of a rebalance that comes in case a change was not heard of (RMQ-101); where every change will be heard of there is none. */
import type { Env } from '../../../sim/system.ts'
import type { ConsumerState } from './consumer-state.ts'
import { pullsFromAll } from './heartbeat.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>

export const REBALANCE_TIMER = 'rebalance'

/** Whatever may change will be heard of. */
export const isDone = (state: ConsumerState): boolean => state.balances.every(({ settled }) => settled) && pullsFromAll(state)

export function armRebalance(state: ConsumerState, env: ClientEnv): void {
  if (!isDone(state)) env.timer(REBALANCE_TIMER, state.shape.parameters.rebalanceUs)
}
