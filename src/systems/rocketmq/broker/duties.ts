/**
 * What a master does of its own accord, where controllers give out roles, or a leader of a DLedger group: it delivers what is due, and asks about open
 * transactions. Who takes up the role goes by his own copy: his queues, and the progress that he fetched from the one before, up to ten seconds ago
 * (RMQ-067), as ScheduleMessageService reads it from its file whenever it is started. Ends of which no record was written yet nobody knows any more.
 */
import type { Env } from '../../../sim/system.ts'
import { recoverDelays } from './delay.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState } from './state.ts'
import { armCheck, rereadTransactions } from './transactions.ts'

export function takeUpDuties(state: BrokerState, env: Env<BrokerRules>): void {
  state.txn.batch = []
  rereadTransactions(state, env)
  armCheck(state, env)
  recoverDelays(state, env, (saved) => env.rules.levelAfterPromotion(saved))
}
