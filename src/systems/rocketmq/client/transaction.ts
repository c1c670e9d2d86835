/**
 * The producer's side of a transaction (RMQ-126, RMQ-127, RMQ-132). Each producer keeps its local transactions on its own disk: it
 * remembers across a crash which of them ran. A check about a transaction of another producer is answered "unknown", and asked again.
 */
import type { TxnOutcome } from '../../../plan/plan.ts'
import type { TransactionStep } from '../../../plan/script.ts'
import { cellValue } from '../../../sim/disk.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted, type CheckTransaction, type SendAnswer } from '../messages.ts'
import type { ProducerState } from './producer-state.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>

/** The application's database: the operations whose local transaction ran. */
const DATABASE = 'local-transactions'
interface Database {
  readonly ran: readonly number[]
}

const ranIn = (env: ClientEnv): readonly number[] => (cellValue(env.disk, DATABASE) as Database | null)?.ran ?? []

export function runLocal(env: ClientEnv, step: TransactionStep): void {
  env.put(DATABASE, { ran: [...ranIn(env), step.op] } satisfies Database)
  env.forceNow(DATABASE)
  // A local transaction whose outcome the producer can't tell at once has one all the same: a later check is told it.
  env.record.local(step.op, step.outcome === 'unknown' ? step.answer : step.outcome)
}

/** RMQ-127: SEND_OK runs the local transaction; any other status that says where the half lies rolls it back. */
export function onHalfAnswer(env: ClientEnv, step: TransactionStep, broker: NodeId, answer: SendAnswer): void {
  let outcome: TxnOutcome = env.rules.outcomeWithoutLocal()
  if (env.rules.runsLocalTransaction(answer.status)) {
    if (!env.rules.runsLocalFirst()) runLocal(env, step)
    outcome = env.rules.outcomeToReport(step.outcome)
  }
  end(env, broker, { message: step.op, digest: step.digest, halfOffset: answer.offset, halfAt: answer.at, outcome, fromCheck: false })
}

export function onCheck(state: ProducerState, env: ClientEnv, broker: NodeId, check: CheckTransaction): void {
  const step = state.shape.transactions.get(check.message)
  const answer = step === undefined ? env.rules.answerForOthers() : answerTo(state, env, step)
  env.record.check(check.message, answer)
  const { message, digest, halfOffset, halfAt } = check
  end(env, broker, { message, digest, halfOffset, halfAt, outcome: answer, fromCheck: true })
}

function answerTo(state: ProducerState, env: ClientEnv, step: TransactionStep): TxnOutcome {
  const ran = ranIn(env).includes(step.op)
  return env.rules.answerToCheck(env.rules.knowsLocal(ran, ran && step.atUs >= state.startedAt), step.answer)
}

interface End {
  readonly message: number
  readonly digest: number
  readonly halfOffset: number
  readonly halfAt: number
  readonly outcome: TxnOutcome
  readonly fromCheck: boolean
}

function end(env: ClientEnv, broker: NodeId, { digest, ...end }: End): void {
  env.record.endTxn(end.message, end.outcome, end.fromCheck)
  const salt = salted('endTransaction', digest, end.fromCheck ? 1 : 0, end.fromCheck ? env.uptime : 0)
  env.send(broker, { type: 'endTransaction', salt, ...end })
}
