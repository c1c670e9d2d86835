/**
 * How far a group is behind in a topic, as an administrator's tool asks (mqadmin consumerProgress): every broker of the topic says where its queues and the
 * group stand. One that does not answer spoils the whole.
 *
 * Left out: that the brokers are asked one after the other, and the group's retry topic, whose lag is counted too.
 */
import type { LagOfQueue } from '../../../history/queries.ts'
import type { StatsStep } from '../../../plan/script.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted } from '../messages.ts'
import type { GetProgress, Progress } from '../query-messages.ts'
import { masterOf } from './addresses.ts'
import type { ProducerState } from './producer-state.ts'
import { routeOf } from './routes.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>
export const STATS_TIMER = 'stats'
export const STATS_LIMIT = 'statsLimit'

/** A question that is open. */
export interface Counting {
  readonly op: number
  /** Who has not answered. */
  readonly waiting: readonly NodeId[]
  readonly queues: readonly LagOfQueue[]
}

/** A new process asks for what is still to come. */
export function startStats(state: ProducerState, env: ClientEnv): void {
  state.counting = []
  for (const { op, atUs } of state.shape.stats) if (atUs >= env.uptime) env.later(STATS_TIMER, atUs - env.uptime, op)
}

const stepOf = (state: ProducerState, op: number): StatsStep | undefined => state.shape.stats.find((step) => step.op === op)

export function onStatsTimer(state: ProducerState, env: ClientEnv, op: number): void {
  const step = stepOf(state, op)
  if (step === undefined) return
  const { group, topic } = step
  env.record.lag({ type: 'invoke', op, v: { group, topic } })
  const places = routeOf(state, topic)?.places ?? []
  const waiting = [...new Set(places.map(({ broker }) => masterOf(state, topic, broker)))]
  if (waiting.length === 0) return env.record.lag({ type: 'fail', op, v: { group, topic, reason: 'TOPIC_NOT_EXIST' } })
  state.counting = [...state.counting, { op, waiting, queues: [] }]
  env.later(STATS_LIMIT, state.shape.parameters.adminTimeoutUs, op)
  for (const broker of waiting) {
    const question: GetProgress = { type: 'getProgress', salt: salted('getProgress', step.salt, broker), op, group, topic }
    env.send(broker, question)
  }
}

function close(state: ProducerState, op: number): StatsStep | undefined {
  if (!state.counting.some((one) => one.op === op)) return undefined
  state.counting = state.counting.filter((one) => one.op !== op)
  return stepOf(state, op)
}

function fail(state: ProducerState, env: ClientEnv, op: number): void {
  const step = close(state, op)
  if (step !== undefined) env.record.lag({ type: 'fail', op, v: { group: step.group, topic: step.topic, reason: 'NO_ANSWER' } })
}

export function onProgress(state: ProducerState, env: ClientEnv, from: NodeId, { op, queues }: Progress): void {
  const [step, open] = [stepOf(state, op), state.counting.find((one) => one.op === op)]
  if (step === undefined || open?.waiting.includes(from) !== true) return
  const { group, topic } = step
  const told = queues.map(({ queue, ...figures }) => ({ queue: state.routing.nameQueue(topic, from, queue), ...figures }))
  const changed = { op, waiting: open.waiting.filter((one) => one !== from), queues: [...open.queues, ...told] }
  state.counting = state.counting.map((one) => (one.op === op ? changed : one))
  if (changed.waiting.length > 0) return
  close(state, op)
  env.record.lag({ type: 'ok', op, v: { group, topic, queues: changed.queues } })
}

export const onStatsLimit = fail

/** A connection was refused, or is gone. */
export function onStatsLost(state: ProducerState, env: ClientEnv, node: NodeId): void {
  for (const { op } of state.counting.filter(({ waiting }) => waiting.includes(node))) fail(state, env, op)
}
