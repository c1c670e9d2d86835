/**
 * The producer's side of a transaction (RMQ-126, RMQ-127, RMQ-132). All producers are instances of one application, whose database says which local
 * transactions ran, across crashes. Any of them may be asked.
 *
 * Simplified: what an instance has written to the database lies with its own process, and while this is down the others, who find nobody, answer
 * "unknown", as the client does for a listener that throws; such a half is asked about again.
 */
import type { TxnOutcome } from '../../../plan/plan.ts'
import type { TransactionStep } from '../../../plan/script.ts'
import { cellValue } from '../../../sim/disk.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted, type CheckTransaction, type LookedUp, type LookUp, type RocketmqMessage, type SendAnswer } from '../messages.ts'
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

type Checked = Pick<CheckTransaction, 'message' | 'digest' | 'halfOffset' | 'halfAt'>

export function onCheck(
  state: ProducerState,
  env: ClientEnv,
  broker: NodeId,
  { message, digest, halfOffset, halfAt }: CheckTransaction,
): void {
  const check = { message, digest, halfOffset, halfAt }
  const writer = state.shape.writers.get(message)
  const own = state.shape.transactions.get(message)
  if (own !== undefined) return tell(env, broker, check, answerTo(state, env, own))
  if (writer === undefined || !env.rules.sharesDatabase()) return tell(env, broker, check, env.rules.answerForOthers())
  const question: LookUp = { type: 'lookUp', salt: salted('lookUp', digest, env.uptime), ...check, broker }
  env.send(writer, question)
}

/** Another instance looks for what this one has written. */
export function onLookUp(state: ProducerState, env: ClientEnv, from: NodeId, { salt, ...asked }: LookUp): void {
  const step = state.shape.transactions.get(asked.message)
  if (step === undefined) return
  const answer: LookedUp = { ...asked, type: 'lookedUp', salt: salted('lookedUp', salt), outcome: answerTo(state, env, step) }
  env.send(from, answer)
}

export function onLookedUp(env: ClientEnv, { message, digest, halfOffset, halfAt, broker, outcome }: LookedUp): void {
  tell(env, broker, { message, digest, halfOffset, halfAt }, outcome)
}

/** The database can't be reached. */
export function onLookUpLost(env: ClientEnv, lost: RocketmqMessage): void {
  if (lost.type !== 'lookUp') return
  const { message, digest, halfOffset, halfAt, broker } = lost
  tell(env, broker, { message, digest, halfOffset, halfAt }, 'unknown')
}

function tell(env: ClientEnv, broker: NodeId, check: Checked, outcome: TxnOutcome): void {
  env.record.check(check.message, outcome)
  end(env, broker, { ...check, outcome, fromCheck: true })
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
