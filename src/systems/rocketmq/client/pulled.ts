/** What comes of a pull (RMQ-089, RMQ-090, RMQ-092): messages, a place to go on from, an error, or nothing in time. */
import { isRetryTopic } from '../../../plan/group-topics.ts'
import type { StartAt } from '../../../plan/plan.ts'
import { seconds } from '../../../plan/units.ts'
import type { Env } from '../../../sim/system.ts'
import { isFiltered, TagFilter } from '../filter.ts'
import type { OffsetAnswer, PullAnswer, PulledMessage } from '../messages.ts'
import { takeBatches } from './batch.ts'
import { isPulled, type ConsumerState, type Task } from './consumer-state.ts'
import { armHeartbeat, onDisconnected } from './heartbeat.ts'
import { askLock, lockFailed } from './orderly-lock.ts'
import { noteAnswered, noteUnanswered } from './polls.ts'
import { onPopTimeout } from './pop.ts'
import { take } from './process-queue.ts'
import { armPersist, tell } from './progress.ts'
import { armTimeout, askOffset, begin, pull, pullFailed, rest } from './pull.ts'
import { onListMissing, onStale } from './rebalance.ts'
import type { ClientRules } from './rules.ts'
import { submit } from './threads.ts'

type ClientEnv = Env<ClientRules>

export function onOffset(state: ConsumerState, env: ClientEnv, answer: OffsetAnswer): void {
  const task = state.tasks.find((one) => one.phase === 'asking' && one.request === answer.request)
  if (task === undefined) return
  if (answer.found === 'error') return queryFailed(state, env, task)
  // An instance asks the broker only where the queue ends.
  if (state.shape.broadcasting) return begin(state, env, task, answer.max, 'none')
  begin(state, env, task, env.rules.startOffset(answer, startIn(state, task)), answer.found)
}

function queryFailed(state: ConsumerState, env: ClientEnv, task: Task): void {
  const start = env.rules.startAfterFailedQuery()
  if (start !== null) return begin(state, env, task, start, 'none')
  // RMQ-101: an unbalanced client comes back after a second.
  rest(state, env, task, seconds(1))
}

/** RMQ-097: a retry topic is begun at its beginning, but by a group that begins at a time: there it begins at the end (RebalancePushImpl). */
function startIn({ shape }: ConsumerState, { topic }: Task): StartAt {
  if (!isRetryTopic(topic)) return shape.startAt
  return typeof shape.startAt === 'object' ? 'last' : 'first'
}

export function onTurn(state: ConsumerState, env: ClientEnv, index: number, generation: number): void {
  const task = state.tasks[index]
  if (task === undefined || task.generation !== generation || task.request >= 0) return
  if (task.phase === 'locking') askLock(state, env, task)
  else if (task.phase === 'asking') askOffset(state, env, task)
  else if (task.phase === 'resting') pull(state, env, task)
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

/** Looks for requests without an answer; while one is out it looks again when the first of them falls due. */
export function onTimeout(state: ConsumerState, env: ClientEnv): void {
  state.timeoutAt = -1
  if (state.pop !== null) return onPopTimeout(state, env, state.pop)
  for (const task of state.tasks) if (task.request >= 0 && task.deadline <= env.uptime) failed(state, env, task, 'TIMEOUT')
  for (const balance of state.balances) if (balance.request >= 0 && balance.deadline <= env.uptime) onListMissing(state, env, balance)
  for (const one of [...state.tasks, ...state.balances]) if (one.request >= 0) armTimeout(state, env, one.deadline)
}
