/**
 * An operator changes how many queues of a topic are read and written (RMQ-014 to RMQ-017), as mqadmin does: one broker after the other, each
 * told by itself, and nothing is undone where one does not answer. Before he closes queues for readers he may wait until every group has read
 * them to their ends (GET_CONSUME_STATS); if that does not come true in time, he leaves it at that.
 */
import { hashName, mix } from '../../../plan/hash.ts'
import { seconds } from '../../../plan/units.ts'
import type { ResizeStep } from '../../../plan/script.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted, type ConsumeStats, type GetConsumeStats, type UpdateTopic, type UpdateTopicAnswer } from '../messages.ts'
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
  /** Whom he looks at, or tells, next: brokers one after the other, and for each the groups that read the topic while they are looked at. */
  stage: 'drain' | 'update'
  broker: number
  group: number
  /** Numbers what was asked: answers to anything else are void. */
  asked: number
}

export function beginResize(state: ProducerState, env: ClientEnv, step: ResizeStep, thread: number): void {
  record(env, step, 'invoke')
  const stage = step.drainUs > 0 && groupsOf(state, step).length > 0 ? 'drain' : 'update'
  state.resizing.push({ step, thread, begunAt: env.uptime, stage, broker: 0, group: 0, asked: 0 })
  ask(state, env, state.resizing[state.resizing.length - 1] as Resizing)
}

function record(env: ClientEnv, step: ResizeStep, type: 'invoke' | 'ok' | 'info' | 'fail'): void {
  const { op, topic, brokers, readQueues, writeQueues, drainUs } = step
  env.record.resize(op, type, { topic, brokers: [...brokers], readQueues, writeQueues, drained: drainUs > 0 })
}

const groupsOf = ({ shape }: ProducerState, { topic }: ResizeStep): readonly string[] =>
  shape.readers.filter(({ topics }) => topics.includes(topic)).map(({ name }) => name)

/** The next question or order, and a timer for the case that no answer comes. */
function ask(state: ProducerState, env: ClientEnv, one: Resizing): void {
  const { step, stage } = one
  const name = step.brokers[one.broker]
  if (name === undefined) return stage === 'drain' ? update(state, env, one) : end(state, env, one, 'ok')
  const { op, topic, readQueues, writeQueues } = step
  const to: NodeId = state.shape.names.indexOf(name)
  one.asked++
  env.later(RESIZE_TIMER, state.shape.parameters.clientTimeoutUs, op, one.asked)
  const content = mix(mix(step.salt, hashName(name)), one.asked)
  if (stage === 'update') {
    env.send(to, { type: 'updateTopic', salt: salted('updateTopic', content), op, topic, readQueues, writeQueues } as UpdateTopic)
    return
  }
  const group = groupsOf(state, step)[one.group] ?? ''
  const salt = salted('getConsumeStats', content)
  env.send(to, { type: 'getConsumeStats', salt, op, asked: one.asked, group, topic, from: readQueues } as GetConsumeStats)
}

function update(state: ProducerState, env: ClientEnv, one: Resizing): void {
  one.stage = 'update'
  one.broker = 0
  ask(state, env, one)
}

function end(state: ProducerState, env: ClientEnv, one: Resizing, type: 'ok' | 'info' | 'fail'): void {
  record(env, one.step, type)
  const { thread } = one
  state.resizing = state.resizing.filter((other) => other.step.op !== one.step.op)
  const owner = state.threads[thread]
  if (owner !== undefined) owner.busy = false
  advance(state, env, thread)
}

export function onUpdated(state: ProducerState, env: ClientEnv, { op }: UpdateTopicAnswer): void {
  const one = state.resizing.find(({ step, stage }) => step.op === op && stage === 'update')
  if (one === undefined) return
  one.broker++
  ask(state, env, one)
}

/** Somebody is behind: everything is looked at again after a second, while there is time. */
export function onConsumeStats(state: ProducerState, env: ClientEnv, { op, asked, behind }: ConsumeStats): void {
  const one = state.resizing.find((other) => other.step.op === op && other.asked === asked && other.stage === 'drain')
  if (one === undefined) return
  if (behind > 0) return notYet(state, env, one)
  one.group++
  if (one.group >= groupsOf(state, one.step).length) {
    one.group = 0
    one.broker++
  }
  ask(state, env, one)
}

function notYet(state: ProducerState, env: ClientEnv, one: Resizing): void {
  if (env.uptime - one.begunAt >= one.step.drainUs) return end(state, env, one, 'fail')
  one.broker = 0
  one.group = 0
  one.asked++
  env.later(RESIZE_TIMER, seconds(1), one.step.op, one.asked)
}

/** A second has passed since somebody was behind, or no answer has come in time. */
export function onResizeTimer(state: ProducerState, env: ClientEnv, op: number, asked: number): void {
  const one = state.resizing.find((other) => other.step.op === op && other.asked === asked)
  if (one !== undefined) unanswered(state, env, one)
}

/** Whoever has not answered may have done what he was told. */
function unanswered(state: ProducerState, env: ClientEnv, one: Resizing): void {
  if (one.stage === 'update') return end(state, env, one, 'info')
  if (env.uptime - one.begunAt >= one.step.drainUs) return end(state, env, one, 'fail')
  one.broker = 0
  one.group = 0
  ask(state, env, one)
}

/** A connection was refused or is gone: who waits for this broker's answer waits in vain. */
export function onOperatorLost(state: ProducerState, env: ClientEnv, broker: NodeId): void {
  const name = state.shape.names[broker]
  for (const one of state.resizing.filter(({ step, broker: at }) => step.brokers[at] === name)) {
    if (one.stage === 'update') end(state, env, one, 'info')
    else notYet(state, env, one)
  }
}
