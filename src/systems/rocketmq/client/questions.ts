/** Questions for messages that are out, and how long they are waited for. */
import type { Found } from '../../../history/queries.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted } from '../messages.ts'
import type { QueryMessage } from '../query-messages.ts'
import type { Line } from '../trace-messages.ts'
import type { ProducerState } from './producer.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>

/** The last message that a client has sent to a topic; `at` is -1 until it is acknowledged. */
export interface LastSent {
  readonly topic: string
  readonly op: number
  readonly msgId: string
  readonly broker: NodeId
  readonly at: number
}

/** A question that is open. */
export interface Querying {
  readonly op: number
  readonly key: string
  readonly asked: readonly NodeId[]
  /** Who may still answer. */
  readonly waiting: readonly NodeId[]
  /** Somebody has refused: until the end it looks as if he might still answer. */
  readonly refused: boolean
  readonly answers: readonly { readonly broker: string; readonly found: number }[]
  readonly messages: readonly Found[]
  /** What clients have told, where that is asked for. */
  readonly lines: readonly Line[] | null
}

/** Who has not answered by then does not count. */
export const QUERY_LIMIT = 'queryLimit'

/** Nobody is waited for any longer. */
export const QUERY_END = 'queryEnd'

/** `patience`: how many time limits it takes until who has not answered does not count. */
export function begin(
  state: ProducerState,
  env: ClientEnv,
  question: Pick<Querying, 'op' | 'key' | 'asked' | 'lines'>,
  patience: number,
): void {
  const { adminTimeoutUs } = state.shape.parameters
  const { op, asked } = question
  state.querying = [...state.querying, { ...question, waiting: asked, refused: false, answers: [], messages: [] }]
  env.later(QUERY_LIMIT, patience * adminTimeoutUs, op)
  env.later(QUERY_END, (patience + 1) * adminTimeoutUs, op)
}

/** One question to several brokers. */
export function askEach(env: ClientEnv, asked: readonly NodeId[], salt: number, question: Omit<QueryMessage, 'type' | 'salt'>): void {
  for (const broker of asked) {
    const message: QueryMessage = { ...question, type: 'queryMessage', salt: salted('queryMessage', salt, broker) }
    env.send(broker, message)
  }
}
