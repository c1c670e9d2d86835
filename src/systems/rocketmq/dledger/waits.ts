/**
 * Senders wait for a majority (RMQ-079), for two and a half seconds at the most (maxWaitAckTimeMs): who is told then that there are not enough
 * replicas may find his message stored all the same. A leader that is none any more leaves its senders to their own timeouts.
 */
import type { Env } from '../../../sim/system.ts'
import { conclude } from '../broker/answers.ts'
import type { BrokerRules } from '../broker/rules.ts'
import type { BrokerState, Waiting } from '../broker/state.ts'
import type { MemberState } from './member-state.ts'

type BrokerEnv = Env<BrokerRules>
export const LEDGER_DEADLINE = 'ledgerDeadline'

export function awaitMajority(state: BrokerState, env: BrokerEnv, member: MemberState, waiting: Waiting): void {
  const deadline = env.uptime + state.shape.parameters.ledgerAckUs
  member.waits = [...member.waits, { ...waiting, deadline }]
  answerCommitted(state, env, member)
  armDeadline(env, member)
}

export function answerCommitted(state: BrokerState, env: BrokerEnv, member: MemberState): void {
  if (member.waits.length === 0) return
  const { committed } = member.raft
  const isDone = ({ end }: Waiting): boolean => env.rules.mayAnswerEntry(end, committed)
  const done = member.waits.filter(isDone)
  if (done.length === 0) return
  member.waits = member.waits.filter((one) => !isDone(one))
  for (const one of done) conclude(state, env, one, 'SEND_OK')
}

function armDeadline(env: BrokerEnv, member: MemberState): void {
  const first = member.waits[0]
  if (member.deadlineArmed || first === undefined) return
  member.deadlineArmed = true
  env.timer(LEDGER_DEADLINE, Math.max(0, first.deadline - env.uptime))
}

export function onLedgerDeadline(state: BrokerState, env: BrokerEnv): void {
  const { ledger } = state
  if (ledger === null) return
  ledger.deadlineArmed = false
  const late = ledger.waits.filter(({ deadline }) => deadline <= env.uptime)
  ledger.waits = ledger.waits.filter(({ deadline }) => deadline > env.uptime)
  // IN_SYNC_REPLICAS_NOT_ENOUGH, as its sender hears it.
  for (const one of late) conclude(state, env, one, 'SYSTEM_ERROR')
  armDeadline(env, ledger)
}
