/** The pull loop of each queue (RMQ-089, RMQ-090): one pull out at a time, held by the broker until there is something. What comes of it: pulled.ts. */
import { hashName, mix } from '../../../plan/hash.ts'
import { EPOCH } from '../../../sim/clock.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted, type PullRequest, type QueryOffset } from '../messages.ts'
import { masterFirst, masterOf, readFrom } from './addresses.ts'
import { localOffset } from './local-offsets.ts'
import { isPulled, type ConsumerState, type Task } from './consumer-state.ts'
import { isFull, sharesThresholds } from './flow-control.ts'
import { tellBroker } from './heartbeat.ts'
import { restTurn } from './orderly-state.ts'
import { holdOf, noteAsked } from './polls.ts'
import { newProcessQueue } from './process-queue.ts'
import { noteReported } from './progress.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>

const contentOf = (state: ConsumerState, task: Task): number => mix(mix(state.id, hashName(task.topic)), task.queue)

/** RMQ-069: for some of what a broker's master is asked, a slave may be asked. */
function turnTo(state: ConsumerState, env: ClientEnv, task: Task, address: NodeId): void {
  if (task.address !== address) {
    const { group, nodeNames } = state.shape
    const v = { group, topic: task.topic, queue: task.name, offset: task.next, broker: nodeNames[address] ?? '' }
    env.record.redirect(++state.serial, v)
  }
  task.address = address
}

/** RMQ-097: where does the group stand? */
export function askOffset(state: ConsumerState, env: ClientEnv, task: Task): void {
  task.phase = 'asking'
  const local = state.shape.broadcasting ? localOffset(env, task) : null
  if (local !== null) return begin(state, env, task, env.rules.localStart(local), 'stored')
  const { startAt, parameters } = state.shape
  expect(state, env, task, parameters.clientTimeoutUs)
  turnTo(state, env, task, masterFirst(state, task.topic, task.broker))
  const salt = salted('queryOffset', contentOf(state, task), env.uptime)
  tellBroker(state, env, task.address, {
    type: 'queryOffset',
    salt,
    request: task.request,
    group: state.shape.group,
    topic: task.topic,
    queue: task.queue,
    sinceUs: typeof startAt === 'object' ? EPOCH + startAt.timestampUs : -1,
  } as QueryOffset)
}

/** The queue is taken up at an offset; the first pull comes half a second later (RMQ-103). */
export function begin(state: ConsumerState, env: ClientEnv, task: Task, start: number, from: 'stored' | 'none' | 'corrected'): void {
  const asked = from === 'corrected' && start > task.next ? task.next : undefined
  task.next = start
  task.processing = newProcessQueue(start)
  task.emptyAt = -1
  if (task.orderly !== null) restTurn(task.orderly)
  task.reported = from === 'stored' ? start : -1
  task.committed = from === 'none' ? -1 : start
  env.record.assign(++state.serial, state.shape.group, task.topic, task.name, start, from, asked)
  task.phase = 'resting'
  // The pull of an orderly queue has waited before the offset was asked for.
  if (task.orderly !== null && from !== 'corrected') return pull(state, env, task)
  if (isPulled(state) && from !== 'corrected') return pull(state, env, task)
  rest(state, env, task, state.shape.parameters.firstPullUs)
}

/** Nothing is out until the timer fires. */
export function rest(state: ConsumerState, env: ClientEnv, task: Task, delay: number): void {
  task.request = -1
  env.later('turn', delay, state.tasks.indexOf(task), task.generation)
}

export function pull(state: ConsumerState, env: ClientEnv, task: Task): void {
  const { parameters, group, filter } = state.shape
  if (task.pausedUntil > env.uptime) {
    task.phase = 'resting'
    return rest(state, env, task, task.pausedUntil - env.uptime)
  }
  if (isFull(state, env.rules, task)) {
    task.phase = 'blocked'
    // Nothing is out: a deadline that is over is nobody's.
    task.request = -1
    return
  }
  // RMQ-106: an orderly queue without its lock comes back after three seconds.
  if (task.orderly?.lockedAt === null) return pullFailed(state, env, task)
  task.phase = 'pulling'
  expect(state, env, task, parameters.pullTimeoutUs)
  turnTo(state, env, task, env.rules.readsFrom(readFrom(state, task.topic, task.broker, task.suggested), task.broker))
  // RMQ-095: progress rides along once there is some.
  // To a slave it does not.
  const silent =
    task.address !== masterOf(state, task.topic, task.broker) ||
    state.shape.broadcasting ||
    isPulled(state) ||
    task.processing.largestSeen === null ||
    task.processing.progress === 0
  const commit = silent ? -1 : noteReported(state, env, task)
  const message: PullRequest = {
    type: 'pull',
    salt: salted('pull', contentOf(state, task), task.next, env.uptime),
    request: task.request,
    group,
    clientId: state.clientId,
    topic: task.topic,
    queue: task.queue,
    offset: task.next,
    commit,
    max: isPulled(state) ? parameters.litePullBatch : parameters.pullBatch,
    hold: true,
    holdUs: holdOf(state),
    subVersion: filter === null ? -1 : state.subVersion,
  }
  noteAsked(state, env, task)
  tellBroker(state, env, task.address, message)
}

/** RMQ-090, without its 50 ms polling: a finished message lets a blocked queue pull again. */
export function resumePull(state: ConsumerState, env: ClientEnv, index: number): void {
  const task = state.tasks[index] as Task
  if (task.phase === 'blocked') pull(state, env, task)
}

/** There are more queues than before, or fewer: where they share a threshold, one that was blocked may go on. */
export function resumeShared(state: ConsumerState, env: ClientEnv): void {
  if (sharesThresholds(state.shape.parameters)) state.tasks.forEach((_, index) => resumePull(state, env, index))
}

/** RMQ-090: after an error the next pull waits three seconds. */
export function pullFailed(state: ConsumerState, env: ClientEnv, task: Task): void {
  task.phase = 'resting'
  rest(state, env, task, state.shape.parameters.pullErrorDelayUs)
}

/** Gives the request its number and its deadline. One timer serves all queues. */
export function expect(state: ConsumerState, env: ClientEnv, task: Task, timeout: number): void {
  task.request = ++state.serial
  task.deadline = env.uptime + timeout
  armTimeout(state, env, task.deadline)
}

export function armTimeout(state: ConsumerState, env: ClientEnv, due: number): void {
  if (state.timeoutAt >= 0 && state.timeoutAt <= due) return
  state.timeoutAt = due
  env.timer('timeout', due - env.uptime)
}
