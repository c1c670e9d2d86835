/** The pull loop of each queue (RMQ-089, RMQ-090, RMQ-092): one pull out at a time, held by the broker until there is something. */
import { hashName, mix } from '../../../plan/hash.ts'
import { isRetryTopic } from '../../../plan/group-topics.ts'
import type { StartAt } from '../../../plan/plan.ts'
import { EPOCH } from '../../../sim/clock.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { seconds } from '../../../plan/units.ts'
import { isFiltered, TagFilter } from '../filter.ts'
import { salted, type OffsetAnswer, type PullAnswer, type PulledMessage, type PullRequest, type QueryOffset } from '../messages.ts'
import { takeBatches } from './batch.ts'
import { masterFirst, masterOf, readFrom } from './addresses.ts'
import { localOffset } from './broadcast.ts'
import type { ConsumerState, Task } from './consumer-state.ts'
import { isFull, sharesThresholds } from './flow-control.ts'
import { armHeartbeat, onDisconnected, tellBroker } from './heartbeat.ts'
import { submit } from './listener.ts'
import { askLock, lockFailed } from './orderly-lock.ts'
import { restTurn } from './orderly-state.ts'
import { holdOf, noteAnswered, noteAsked, noteUnanswered } from './polls.ts'
import { isPulled } from './lite-pull.ts'
import { onPopTimeout } from './pop.ts'
import { newProcessQueue, take } from './process-queue.ts'
import { armPersist, noteReported, tell } from './progress.ts'
import { onListMissing, onStale } from './rebalance.ts'
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

export function onOffset(state: ConsumerState, env: ClientEnv, answer: OffsetAnswer): void {
  const task = state.tasks.find((one) => one.phase === 'asking' && one.request === answer.request)
  if (task === undefined) return
  if (answer.found === 'error') return queryFailed(state, env, task)
  // An instance asks the broker only where the queue ends.
  if (state.shape.broadcasting) return begin(state, env, task, answer.max, 'none')
  begin(state, env, task, env.rules.startOffset(answer, startIn(state, task)), answer.found)
}

/** RMQ-097: a retry topic is begun at its beginning, but by a group that begins at a time: there it begins at the end (RebalancePushImpl). */
function startIn({ shape }: ConsumerState, { topic }: Task): StartAt {
  if (!isRetryTopic(topic)) return shape.startAt
  return typeof shape.startAt === 'object' ? 'last' : 'first'
}

function queryFailed(state: ConsumerState, env: ClientEnv, task: Task): void {
  const start = env.rules.startAfterFailedQuery()
  if (start !== null) return begin(state, env, task, start, 'none')
  // RMQ-101: an unbalanced client comes back after a second.
  rest(state, env, task, seconds(1))
}

/** The queue is taken up at an offset; the first pull comes half a second later (RMQ-103). */
function begin(state: ConsumerState, env: ClientEnv, task: Task, start: number, from: 'stored' | 'none' | 'corrected'): void {
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

export function onTurn(state: ConsumerState, env: ClientEnv, index: number, generation: number): void {
  const task = state.tasks[index]
  if (task === undefined || task.generation !== generation || task.request >= 0) return
  if (task.phase === 'locking') askLock(state, env, task)
  else if (task.phase === 'asking') askOffset(state, env, task)
  else if (task.phase === 'resting') pull(state, env, task)
}

function pull(state: ConsumerState, env: ClientEnv, task: Task): void {
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

export function onPulled(state: ConsumerState, env: ClientEnv, answer: PullAnswer): void {
  const index = state.tasks.findIndex((one) => one.phase === 'pulling' && one.request === answer.request)
  const task = state.tasks[index]
  if (task === undefined) return
  noteAnswered(state, env, task, answer)
  task.max = answer.max
  task.suggested = answer.suggested ?? 0
  if (answer.stale) onStale(state, env)
  if (answer.status === 'NOT_SUBSCRIBED') armHeartbeat(state, env, true)
  if (answer.status === 'ERROR' || answer.status === 'NOT_SUBSCRIBED') return pullFailed(state, env, task)
  if (answer.retry === true) return comeBack(state, env, task)
  if (answer.status === 'OFFSET_MOVED') return correct(state, env, task, answer.next)
  task.next = Math.max(task.next, env.rules.nextPullOffset(answer.next, task.next + state.shape.parameters.pullBatch))
  const messages = wanted(state, env, answer)
  if (state.shape.batch !== null) takeBatches(state, env, index, messages)
  else for (const message of messages) if (take(task.processing, message) !== null) submit(state, env, index, message.offset)
  if (state.shape.filtered && answer.messages.length === 0) passOthers(state, env, task)
  pull(state, env, task)
}

/** RMQ-135: the client looks at the tags themselves; of its group's retry topic it takes everything. */
function wanted({ shape }: ConsumerState, env: ClientEnv, { topic, messages }: PullAnswer): readonly PulledMessage[] {
  const { filter } = shape
  return !(filter instanceof TagFilter) || !isFiltered(topic)
    ? messages
    : messages.filter(({ labels }) => env.rules.takesTag(filter.tags, labels.tag))
}

/** RMQ-136: nothing was for this group up to where it goes on; an application that asks for messages has no progress but its own. */
function passOthers(state: ConsumerState, env: ClientEnv, task: Task): void {
  const { processing } = task
  if (processing.held.length > 0 || isPulled(state)) return
  task.emptyAt = task.next
  processing.progress = Math.max(processing.progress, env.rules.progressPastOthers(processing.progress, task.next))
  armPersist(state, env)
}

/** RMQ-092: the broker has said where to go on. */
const correct = (state: ConsumerState, env: ClientEnv, task: Task, next: number): void =>
  goOnAt(state, env, task, env.rules.startAfterCorrection(next))

/** What is held of the queue is dropped, the offset is stored, and the queue is taken up anew. */
export function goOnAt(state: ConsumerState, env: ClientEnv, task: Task, offset: number): void {
  task.generation++
  begin(state, env, task, offset, 'corrected')
  tell(state, env, task)
}

/** A slave has nothing to say. It is asked again at once, unless the master is there to be asked. */
function comeBack(state: ConsumerState, env: ClientEnv, task: Task): void {
  task.phase = 'resting'
  rest(state, env, task, state.shape.parameters.slaveRetryUs)
}

/** RMQ-090: after an error the next pull waits three seconds. */
function pullFailed(state: ConsumerState, env: ClientEnv, task: Task): void {
  task.phase = 'resting'
  rest(state, env, task, state.shape.parameters.pullErrorDelayUs)
}

/** A connection to the broker was refused or is gone: what is out on it has failed. */
export function onLost(state: ConsumerState, env: ClientEnv, broker: number): void {
  onDisconnected(state, env, broker)
  for (const task of state.tasks) if (task.address === broker && task.request >= 0) failed(state, env, task, 'CONNECTION_LOST')
}

function failed(state: ConsumerState, env: ClientEnv, task: Task, why: 'TIMEOUT' | 'CONNECTION_LOST'): void {
  noteUnanswered(state, env, task, why)
  if (task.phase === 'locking') lockFailed(state, env, task)
  else if (task.phase === 'asking') queryFailed(state, env, task)
  else if (task.phase === 'pulling') pullFailed(state, env, task)
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

/** Looks for requests without an answer; while one is out it looks again when the first of them falls due. */
export function onTimeout(state: ConsumerState, env: ClientEnv): void {
  state.timeoutAt = -1
  if (state.pop !== null) return onPopTimeout(state, env, state.pop)
  for (const task of state.tasks) if (task.request >= 0 && task.deadline <= env.uptime) failed(state, env, task, 'TIMEOUT')
  for (const balance of state.balances) if (balance.request >= 0 && balance.deadline <= env.uptime) onListMissing(state, env, balance)
  for (const one of [...state.tasks, ...state.balances]) if (one.request >= 0) armTimeout(state, env, one.deadline)
}
