/**
 * A SYNC_MASTER's senders wait for slaves too (RMQ-057, RMQ-064, RMQ-065): for inSyncReplicas - 1 of them to have appended the record, and for
 * three seconds at the most. Both waits begin with the append. What is said of the slaves is said last (FLUSH_SLAVE_TIMEOUT where both came to
 * nothing: by reading, not measured).
 *
 * Simplified: an answer that the disk has kept for longer than the slaves have time for is sent as what the slaves have come to by then.
 */
import type { Env } from '../../../sim/system.ts'
import { setHas } from '../controller/in-sync.ts'
import type { StoredStatus } from '../messages.ts'
import { transfer } from './ha-transfer.ts'
import { waitsForCopies, type CopyWait, type HaState } from './ha-state.ts'
import { conclude } from './answers.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState, Waiting } from './state.ts'

type BrokerEnv = Env<BrokerRules>
export const COPY_DEADLINE = 'haDeadline'

const isCopied = (ha: HaState, env: BrokerEnv, { end }: Waiting): boolean =>
  ha.replica?.shape.allAck === true ? setHas(env, ha, ha.replica, end) : hasCopies(ha, env, end)

function hasCopies({ links, shape }: HaState, env: BrokerEnv, end: number): boolean {
  const copies = links.filter((link) => env.rules.isCopied(link.max, end)).length
  return env.rules.hasEnoughCopies(copies, shape.copies, shape.slaves.length, links.length)
}

/** RMQ-058: what the broker writes of its own accord waits for nobody, but for the repair, where masters are elected. */
const isOwn = ({ ha, shape }: BrokerState, { answer: own }: Waiting): boolean =>
  own !== null && ((ha?.replica ?? null) === null || !shape.repairs.has('waitForInternalWrites'))

/** True: it will be answered later. */
export function awaitCopies(state: BrokerState, env: BrokerEnv, waiting: Waiting, status: StoredStatus): boolean {
  const { ha, shape } = state
  if (ha === null || !waitsForCopies(ha) || isOwn(state, waiting) || isCopied(ha, env, waiting)) return false
  const { slaveTimeoutUs, syncFlushTimeoutUs } = shape.parameters
  const deadline = waiting.deadline - syncFlushTimeoutUs + slaveTimeoutUs
  ha.waits.push({ waiting, status, deadline })
  transfer(state, env)
  if (ha.deadlineAt < 0 || deadline < ha.deadlineAt) armDeadline(ha, env, deadline)
  return true
}

function armDeadline(ha: HaState, env: BrokerEnv, deadline: number): void {
  ha.deadlineAt = deadline
  env.timer(COPY_DEADLINE, Math.max(0, deadline - env.uptime))
}

/** A slave has said how far it is. */
export function answerCopied(state: BrokerState, env: BrokerEnv, ha: HaState): void {
  answer(
    state,
    env,
    ha,
    ({ waiting }) => isCopied(ha, env, waiting),
    (one) => one.status,
  )
}

export function onCopyDeadline(state: BrokerState, env: BrokerEnv): void {
  const { ha } = state
  if (ha === null) return
  ha.deadlineAt = -1
  const isLate = ({ deadline }: CopyWait): boolean => deadline <= env.uptime
  answer(state, env, ha, isLate, (one) => env.rules.statusWithoutCopy(one.status))
  const first = ha.waits.reduce((least, { deadline }) => Math.min(least, deadline), Infinity)
  if (first < Infinity) armDeadline(ha, env, first)
}

function answer(
  state: BrokerState,
  env: BrokerEnv,
  ha: HaState,
  isDone: (one: CopyWait) => boolean,
  statusOf: (one: CopyWait) => StoredStatus,
): void {
  const done = ha.waits.filter(isDone)
  if (done.length === 0) return
  ha.waits = ha.waits.filter((one) => !done.includes(one))
  for (const one of done) conclude(state, env, one.waiting, statusOf(one))
}
