/**
 * Looking for messages, as an administrator's client does it (RMQ-140, MQAdminImpl). By key or msgId every broker of the topic's route is asked at once;
 * whoever has not answered in time is left out, and what the others have found is the result: the application is not told that somebody was missing. The
 * client drops what only hashes alike. By a place in the log the broker of the id alone is asked.
 *
 * Simplified: where a broker says that this client may not ask, the application is told; RocketMQ's client tells it that nothing was found.
 *
 * A broker that refuses the connection is waited for until everybody's time is over, as shipped: its failure is not counted. Left out: that the route
 * is asked for first where none is known, that a msgId is looked for in the last three days alone, and slaves, which are asked where a broker
 * has no master.
 */
import type { Found } from '../../../history/queries.ts'
import type { QueryBy } from '../../../plan/plan.ts'
import type { QueryStep } from '../../../plan/script.ts'
import type { Entry } from '../../../sim/agenda.ts'
import { EPOCH } from '../../../sim/clock.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted } from '../messages.ts'
import type { FoundMessage, QueryMessageAnswer, ViewMessage } from '../query-messages.ts'
import { masterOf } from './addresses.ts'
import type { Open, ProducerState } from './producer-state.ts'
import { askEach, begin, type LastSent, type Querying } from './questions.ts'
import { routeOf } from './routes.ts'
import type { ClientRules } from './rules.ts'
import { askTrace, linesOf, spansOf } from './trace-query.ts'

type ClientEnv = Env<ClientRules>
export const QUERY_TIMER = 'query'
/** A new process asks for what is still to come. */
export function startQueries(state: ProducerState, env: ClientEnv): void {
  state.querying = []
  state.lastSent = []
  for (const { op, atUs } of state.shape.queries) if (atUs >= env.uptime) env.later(QUERY_TIMER, atUs - env.uptime, op)
}

/** What a client needs in order to look for its own messages; nothing where it never does. */
export function noteSent(state: ProducerState, { step: { topic, op }, msgId, address: broker }: Open): void {
  if (state.shape.queries.length === 0) return
  state.lastSent = [...state.lastSent.filter((one) => one.topic !== topic), { topic, op, msgId, broker, at: -1 }]
}

/** Of a message that is not the last one any more nobody asks. */
export function noteAcknowledged(state: ProducerState, { step, address: broker }: Open, at: number): void {
  if (state.shape.queries.length === 0) return
  state.lastSent = state.lastSent.map((one) => (one.op === step.op ? { ...one, broker, at } : one))
}

const stepOf = (state: ProducerState, op: number): QueryStep | undefined => state.shape.queries.find((step) => step.op === op)
const openOf = (state: ProducerState, op: number): Querying | undefined => state.querying.find((one) => one.op === op)
const nameOf = ({ shape }: ProducerState, node: NodeId): string => shape.names[node] ?? ''

function close(state: ProducerState, op: number): void {
  state.querying = state.querying.filter((one) => one.op !== op)
}
function change(state: ProducerState, changed: Querying): void {
  state.querying = state.querying.map((one) => (one.op === changed.op ? changed : one))
}

export function onQueryTimer(state: ProducerState, env: ClientEnv, op: number): void {
  const step = stepOf(state, op)
  if (step === undefined) return
  const last = state.lastSent.find(({ topic }) => topic === step.topic)
  if (step.by === 'key') return askAll(state, env, { step, by: step.by, key: step.key })
  if (last === undefined) return
  if (step.by === 'trace') askTrace(state, env, step, last)
  else if (step.by === 'msgId') askAll(state, env, { step, by: step.by, key: last.msgId, of: last.op })
  else if (last.at >= 0) askOne(state, env, step, last)
}

interface Looked {
  readonly step: QueryStep
  readonly by: QueryBy
  readonly key: string
  readonly of?: number
}

function invoke(env: ClientEnv, { step, by, key, of }: Looked): void {
  const { op, topic, sinceUs, untilUs, max } = step
  env.record.query({ type: 'invoke', op, v: { topic, by, key, of, sinceUs: sinceUs ?? -1, untilUs: untilUs ?? -1, max } })
}

function askAll(state: ProducerState, env: ClientEnv, looked: Looked): void {
  const { step, by, key } = looked
  const { op, topic, salt, sinceUs, untilUs, max } = step
  invoke(env, looked)
  const places = routeOf(state, topic)?.places ?? []
  const asked = [...new Set(places.map(({ broker }) => masterOf(state, topic, broker)))]
  if (asked.length === 0) return env.record.query({ type: 'fail', op, v: { reason: 'TOPIC_NOT_EXIST' } })
  begin(state, env, { op, key, asked, lines: null }, 3)
  askEach(env, asked, salt, {
    op,
    topic,
    key,
    unique: by === 'msgId',
    since: sinceUs === null ? 0 : EPOCH + sinceUs,
    until: untilUs === null ? Number.MAX_SAFE_INTEGER : EPOCH + untilUs,
    max,
  })
}

function askOne(state: ProducerState, env: ClientEnv, step: QueryStep, { op: of, broker, at }: LastSent): void {
  const { op, salt } = step
  const key = `${nameOf(state, broker)}@${at}`
  invoke(env, { step, by: 'offsetMsgId', key, of })
  begin(state, env, { op, key, asked: [broker], lines: null }, 1)
  const question: ViewMessage = { type: 'viewMessage', salt: salted('viewMessage', salt), op, topic: step.topic, at }
  env.send(broker, question)
}

export function onQueryAnswer(state: ProducerState, env: ClientEnv, from: NodeId, { op, messages, denied }: QueryMessageAnswer): void {
  const [step, open] = [stepOf(state, op), openOf(state, op)]
  if (step === undefined || open?.waiting.includes(from) !== true) return
  if (denied) {
    close(state, op)
    return fail(env, open, 'NO_PERMISSION')
  }
  const broker = nameOf(state, from)
  const { by, topic } = step
  const taken = by === 'trace' ? [] : messages.filter((one) => env.rules.takesFound({ by, topic, key: open.key }, one))
  const found = taken.map((one) => shown(state, from, one))
  progress(state, env, {
    ...open,
    waiting: open.waiting.filter((one) => one !== from),
    answers: [...open.answers, { broker, found: messages.length }],
    messages: [...open.messages, ...found],
    lines: open.lines === null ? null : [...open.lines, ...linesOf(open.key, messages)],
  })
}

function shown(state: ProducerState, from: NodeId, { message, topic, queue, offset, at, storeTime }: FoundMessage): Found {
  const name = state.routing.nameQueue(topic, from, queue)
  return { message, topic, queue: name, offset, broker: nameOf(state, from), at, storedUs: storeTime - EPOCH }
}

function progress(state: ProducerState, env: ClientEnv, open: Querying): void {
  change(state, open)
  if (open.waiting.length === 0 && !open.refused) end(state, env, open)
}

function end(state: ProducerState, env: ClientEnv, open: Querying): void {
  const { op, answers, messages, lines } = open
  close(state, op)
  if (stepOf(state, op)?.by === 'offsetMsgId' && answers.length === 0) return fail(env, open, 'NO_ANSWER')
  const asked = open.asked.map((node) => nameOf(state, node))
  if (lines !== null) env.record.trace({ type: 'ok', op, v: { asked, answers, spans: spansOf(lines) } })
  else env.record.query({ type: 'ok', op, v: { asked, answers, messages } })
}

function fail(env: ClientEnv, { op, lines }: Querying, reason: string): void {
  if (lines === null) env.record.query({ type: 'fail', op, v: { reason } })
  else env.record.trace({ type: 'fail', op, v: { reason } })
}

export function onQueryLimit(state: ProducerState, env: ClientEnv, op: number): void {
  const open = openOf(state, op)
  if (open !== undefined) progress(state, env, { ...open, waiting: [] })
}

export function onQueryEnd(state: ProducerState, env: ClientEnv, op: number): void {
  const open = openOf(state, op)
  if (open !== undefined) end(state, env, open)
}

/** A connection was refused, or is gone with everything on it. */
export function onQueryLost(state: ProducerState, env: ClientEnv, { from, kind }: Pick<Entry, 'from' | 'kind'>): void {
  for (const open of state.querying.filter(({ waiting }) => waiting.includes(from))) {
    const refused = open.refused || (kind === 'refused' && stepOf(state, open.op)?.by !== 'offsetMsgId')
    progress(state, env, { ...open, waiting: open.waiting.filter((one) => one !== from), refused })
  }
}
