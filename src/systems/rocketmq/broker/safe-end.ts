/**
 * Up to where the log outlives whatever may happen to this broker: what it has forced; where controllers elect masters, what its set has as well; and of
 * a group's log, what is committed. With the repair waitForInternalWrites, and in a group, progress over what the broker has written of its own accord
 * is told and saved no sooner.
 */
import type { Env } from '../../../sim/system.ts'
import { confirmed } from '../controller/in-sync.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState } from './state.ts'

/** RMQ-058, RMQ-079: in a group nothing counts as written before a majority has it. */
export const waitsForOwnWrites = ({ ledger, shape }: BrokerState): boolean => ledger !== null || shape.repairs.has('waitForInternalWrites')

export function safeEnd(state: BrokerState, env: Env<BrokerRules>): number {
  const { ha, ledger, log } = state
  if (ledger !== null) return ledger.raft.committed
  const replica = ha?.replica ?? null
  return ha === null || replica === null ? log.flushedTo : Math.min(log.flushedTo, confirmed(state, env, ha, replica))
}

/** The copies that the check skipped over are on stable storage now, so its progress may be too. */
export function copiesForced(state: BrokerState, env: Env<BrokerRules>): void {
  if (state.txn.copiesTo <= safeEnd(state, env)) state.txn.safeProgress = state.txn.progress
}
