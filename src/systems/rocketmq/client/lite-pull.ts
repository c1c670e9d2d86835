/**
 * A consumer that an application asks for messages (DefaultLitePullConsumer, RMQ-089): the client pulls ahead of it, and it works on them one after
 * the other in its own thread. What it has done is committed by the client when it asks for more and five seconds have passed, or by itself
 * after every so many messages. The broker is told what was committed, not what was done.
 *
 * A message with which the application fails is tried again at once, by itself: there is nobody else to do that. Where it goes elsewhere in a queue,
 * or lets one rest, see steer.ts; where it was told its queues, assigned.ts. Left out: the corrected offset that leaves in place what was fetched before
 * (a corrected queue is taken up anew).
 */
import type { Env } from '../../../sim/system.ts'
import { isBegun, type ConsumerState, type Running, type Task } from './consumer-state.ts'
import { find, note } from './process-queue.ts'
import { armPersist, tell } from './progress.ts'
import { resumePull } from './pull.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>

export const AUTO_COMMIT = 'autoCommit'

/** What the application has done of a queue becomes what the broker is to know. */
function commit(state: ConsumerState, env: ClientEnv, task: Task): void {
  task.committed = Math.max(task.committed, env.rules.committedByPoll(task.processing.progress, task.next))
  armPersist(state, env)
}

/** The application asks for more: all that it was given before is done. */
export function onPoll(state: ConsumerState, env: ClientEnv): void {
  const { polled, shape } = state
  if (shape.commitEvery !== 0 || env.uptime < polled.commitAt) return
  polled.commitAt = env.uptime + shape.parameters.autoCommitUs
  for (const task of state.tasks) if (isBegun(task)) commit(state, env, task)
}

/** An application with nothing to do asks every five seconds; it is awaited only while something is not committed. */
export function armAutoCommit(state: ConsumerState, env: ClientEnv): void {
  const { polled, shape } = state
  if (shape.commitEvery !== 0 || state.running.length > 0 || state.ready.length > 0) return
  if (state.tasks.some((task) => isBegun(task) && task.processing.largestSeen !== null && task.processing.progress > task.committed))
    env.timer(AUTO_COMMIT, Math.max(0, polled.commitAt - env.uptime))
}

/** The application has done a message, or failed. */
export function settlePolled(state: ConsumerState, env: ClientEnv, running: Running, task: Task, success: boolean): void {
  const held = find(task.processing, running.offset)
  if (held === undefined) return
  held.reconsumeTimes++
  note(task.processing, held, success ? 'succeeded' : 'failed', env.rules)
  if (!success) state.ready.unshift({ task: running.task, generation: running.generation, offset: running.offset })
  else if (state.shape.commitEvery !== null && state.shape.commitEvery > 0 && ++state.polled.done % state.shape.commitEvery === 0) {
    commit(state, env, task)
    // commitSync: the broker is told at once.
    tell(state, env, task)
  }
  resumePull(state, env, running.task)
}

/** RMQ-095: who stops in good order commits what it has done; the client alone would tell only what was committed. */
export function commitBeforeStop(state: ConsumerState, env: ClientEnv): void {
  for (const task of state.tasks)
    if (isBegun(task) && env.rules.reportsOnStop()) task.committed = Math.max(task.committed, task.processing.progress)
}
