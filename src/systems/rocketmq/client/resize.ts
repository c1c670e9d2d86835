/**
 * An operator changes how many queues of a topic are read and written (RMQ-014 to RMQ-017), as mqadmin does: one broker after the other, each
 * told by itself, and nothing is undone where one does not answer. A topic with an order configuration has that changed next, at each NameServer
 * (RMQ-144). Before he closes queues for readers he may wait until every group has read them to their ends (GET_CONSUME_STATS); before he opens
 * queues, until every group has read all others to the ends that they had when he began. If that does not come true in time, he leaves it at that.
 */
import { hashName, mix } from '../../../plan/hash.ts'
import { seconds } from '../../../plan/units.ts'
import type { ResizeStep } from '../../../plan/script.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted } from '../messages.ts'
import type {
  ConsumeStats,
  GetConsumeStats,
  GetTopicStats,
  TopicStats,
  UpdateOrderConf,
  UpdateOrderConfAnswer,
  UpdateTopic,
  UpdateTopicAnswer,
} from '../admin-messages.ts'
import { advance } from './producer.ts'
import type { ProducerState } from './producer-state.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>
export const RESIZE_TIMER = 'resize'

/** A change that has begun and not ended. */
export interface Resizing {
  readonly step: ResizeStep
  readonly thread: number
  readonly begunAt: number
  /**
   * Whom he looks at, or tells, next: brokers one after the other, and for each the groups that read the topic while they are looked at; then
   * NameServers. `ends`: he notes how far the queues go; `drain`: he waits for groups.
   */
  stage: 'ends' | 'drain' | 'update' | 'order'
  target: number
  group: number
  /** Numbers what was asked: answers to anything else are void. */
  asked: number
  /** How far the queues of each broker went when he began; empty where he does not wait for that. */
  ends: readonly (readonly number[])[]
}

export function beginResize(state: ProducerState, env: ClientEnv, step: ResizeStep, thread: number): void {
  record(env, step, 'invoke')
  state.resizing.push({ step, thread, begunAt: env.uptime, stage: firstStage(state, env, step), target: 0, group: 0, asked: 0, ends: [] })
  ask(state, env, state.resizing[state.resizing.length - 1] as Resizing)
}

function firstStage(state: ProducerState, env: ClientEnv, step: ResizeStep): Resizing['stage'] {
  if (waitOf(step) === 0 || groupsOf(state, env, step).length === 0) return 'update'
  return step.barrierUs > 0 ? 'ends' : 'drain'
}

function record(env: ClientEnv, step: ResizeStep, type: 'invoke' | 'ok' | 'info' | 'fail'): void {
  const { op, topic, brokers, readQueues, writeQueues, drainUs, barrierUs } = step
  const numbers = { topic, brokers: [...brokers], readQueues, writeQueues }
  env.record.resize(op, type, { ...numbers, drained: drainUs > 0, ...(barrierUs > 0 ? { barrier: true } : {}) })
}

/** How long he waits at the most. */
const waitOf = ({ drainUs, barrierUs }: ResizeStep): number => Math.max(drainUs, barrierUs)

function groupsOf({ shape }: ProducerState, env: ClientEnv, { topic }: ResizeStep): readonly string[] {
  return env.rules.groupsToWaitFor(shape.readers.filter(({ topics }) => topics.includes(topic)).map(({ name }) => name))
}

/** -1: he is through with this stage. */
function targetOf(state: ProducerState, { step, stage, target }: Resizing): NodeId {
  if (stage === 'order') return state.shape.isOrdered ? (state.routing.nameservers[target] ?? -1) : -1
  const name = step.brokers[target]
  return name === undefined ? -1 : state.shape.names.indexOf(name)
}

const NEXT = { ends: 'drain', drain: 'update', update: 'order' } as const

/** The next question or order, and a timer for the case that no answer comes. */
function ask(state: ProducerState, env: ClientEnv, one: Resizing): void {
  const { step, stage } = one
  const to = targetOf(state, one)
  if (to < 0) {
    if (stage === 'order') return end(state, env, one, 'ok')
    one.stage = NEXT[stage]
    one.target = 0
    return ask(state, env, one)
  }
  const { op, topic, readQueues, writeQueues } = step
  one.asked++
  env.later(RESIZE_TIMER, state.shape.parameters.clientTimeoutUs, op, one.asked)
  const content = mix(mix(step.salt, hashName(state.shape.names[to] ?? '')), one.asked)
  if (stage === 'update') {
    env.send(to, { type: 'updateTopic', salt: salted('updateTopic', content), op, topic, readQueues, writeQueues } as UpdateTopic)
  } else if (stage === 'order') {
    const brokers = step.brokers.map((name) => ({ broker: state.shape.names.indexOf(name), queues: writeQueues }))
    env.send(to, { type: 'updateOrderConf', salt: salted('updateOrderConf', content), op, topic, brokers } as UpdateOrderConf)
  } else if (stage === 'ends') {
    env.send(to, { type: 'getTopicStats', salt: salted('getTopicStats', content), op, asked: one.asked, topic } as GetTopicStats)
  } else {
    const group = groupsOf(state, env, step)[one.group] ?? ''
    const salt = salted('getConsumeStats', content)
    const until = [...(one.ends[one.target] ?? [])]
    const from = step.barrierUs > 0 ? 0 : readQueues
    env.send(to, { type: 'getConsumeStats', salt, op, asked: one.asked, group, topic, from, until } as GetConsumeStats)
  }
}

function end(state: ProducerState, env: ClientEnv, one: Resizing, type: 'ok' | 'info' | 'fail'): void {
  record(env, one.step, type)
  const { thread } = one
  state.resizing = state.resizing.filter((other) => other.step.op !== one.step.op)
  const owner = state.threads[thread]
  if (owner !== undefined) owner.busy = false
  advance(state, env, thread)
}

/** A broker, or a NameServer, has done what it was told. */
export function onUpdated(state: ProducerState, env: ClientEnv, { type, op }: UpdateTopicAnswer | UpdateOrderConfAnswer): void {
  const wanted = type === 'updateTopicAnswer' ? 'update' : 'order'
  const one = state.resizing.find(({ step, stage }) => step.op === op && stage === wanted)
  if (one === undefined) return
  one.target++
  ask(state, env, one)
}

export function onTopicStats(state: ProducerState, env: ClientEnv, { op, asked, ends }: TopicStats): void {
  const one = state.resizing.find((other) => other.step.op === op && other.asked === asked && other.stage === 'ends')
  if (one === undefined) return
  one.ends = [...one.ends, env.rules.notedEnds(ends)]
  one.target++
  ask(state, env, one)
}

/** Somebody is behind: everything is looked at again after a second, while there is time. */
export function onConsumeStats(state: ProducerState, env: ClientEnv, { op, asked, behind }: ConsumeStats): void {
  const one = state.resizing.find((other) => other.step.op === op && other.asked === asked && other.stage === 'drain')
  if (one === undefined) return
  if (behind > 0) return notYet(state, env, one)
  one.group++
  if (one.group >= groupsOf(state, env, one.step).length) {
    one.group = 0
    one.target++
  }
  ask(state, env, one)
}

/** Groups are looked at from the first again; ends that were noted stay. */
function again(one: Resizing): void {
  if (one.stage === 'drain') one.target = 0
  one.group = 0
}

function notYet(state: ProducerState, env: ClientEnv, one: Resizing): void {
  if (env.uptime - one.begunAt >= waitOf(one.step)) return end(state, env, one, 'fail')
  again(one)
  one.asked++
  env.later(RESIZE_TIMER, seconds(1), one.step.op, one.asked)
}

/** A second has passed since somebody was behind, or no answer has come in time. */
export function onResizeTimer(state: ProducerState, env: ClientEnv, op: number, asked: number): void {
  const one = state.resizing.find((other) => other.step.op === op && other.asked === asked)
  if (one !== undefined) unanswered(state, env, one)
}

const isOrder = ({ stage }: Resizing): boolean => stage === 'update' || stage === 'order'

/** Whoever has not answered may have done what he was told. */
function unanswered(state: ProducerState, env: ClientEnv, one: Resizing): void {
  if (isOrder(one)) return end(state, env, one, 'info')
  if (env.uptime - one.begunAt >= waitOf(one.step)) return end(state, env, one, 'fail')
  again(one)
  ask(state, env, one)
}

/** A connection was refused or is gone: who waits for the answer of this node waits in vain. */
export function onOperatorLost(state: ProducerState, env: ClientEnv, node: NodeId): void {
  for (const one of state.resizing.filter((other) => targetOf(state, other) === node)) {
    if (isOrder(one)) end(state, env, one, 'info')
    else notYet(state, env, one)
  }
}
