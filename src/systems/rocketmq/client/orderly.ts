/**
 * The orderly listener (RMQ-108): one call for a queue at a time, in order, by a holder whose lock is valid. A call is given one message, or as many of the
 * first that are held as consumeMessageBatchMaxSize allows, and has one verdict. What fails is tried again after a second and holds its queue up
 * until it succeeds: without end, as RocketMQ's default is; or until it has been given so often as the application says (orderly-verdict.ts). That
 * count lies in memory alone.
 */
import { ms } from '../../../plan/units.ts'
import type { Env } from '../../../sim/system.ts'
import type { LockAnswer } from '../group-messages.ts'
import { isBusy, type ConsumerState, type Task } from './consumer-state.ts'
import { deliver } from './deliver.ts'
import { askAgain, onLockAnswer, onLostEnded } from './orderly-lock.ts'
import type { OrderlyQueue } from './orderly-state.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>

/** RMQ-106: a lock that is missing is asked for after 100 ms before a run of work, and after 10 ms within one. */
const RELOCK = ms(100)
const RELOCK_WITHIN = ms(10)
const GO_ON = ms(10)

/** Something of the queue came, or ended: a thread takes it up if it may. */
export function takeTurn(state: ConsumerState, env: ClientEnv, index: number): void {
  const task = state.tasks[index]
  if (task === undefined || task.orderly === null || task.orderly.turn !== 'idle') return
  if (task.processing.held.length === 0) return
  // The mutex of the queue: work on what was dropped meanwhile goes on.
  if (isBusy(state, index)) return
  if (!isLocked(state, env, task.orderly)) return callLater(state, env, index, RELOCK, 'relock')
  task.orderly.since = env.uptime
  task.orderly.turn = 'ready'
  state.ready.push({ task: index, generation: task.generation, offset: -1 })
}

function isLocked({ shape }: ConsumerState, env: ClientEnv, { lockedAt }: OrderlyQueue): boolean {
  return lockedAt !== null && env.rules.isLockValid(env.now - lockedAt, shape.parameters.lockValidUs)
}

type Call = 'relock' | 'again'

export function callLater(state: ConsumerState, env: ClientEnv, index: number, delay: number, what: Call): void {
  const orderly = state.tasks[index]?.orderly ?? null
  if (orderly === null) return
  orderly.turn = 'later'
  orderly.call = ++state.serial
  env.later(what, delay, index, orderly.call)
}

/** A delayed call: the queue is looked at again, or its lock is asked for first. */
export function onCall(state: ConsumerState, env: ClientEnv, what: Call, index: number, call: number): void {
  const task = state.tasks[index]
  if (task === undefined || task.orderly === null || task.orderly.call !== call || task.orderly.turn !== 'later') return
  if (what === 'relock') {
    askAgain(state, env, task, true)
    const { lockTimeoutUs, lockRetryUs } = state.shape.parameters
    return callLater(state, env, index, lockTimeoutUs + lockRetryUs, 'again')
  }
  task.orderly.turn = 'idle'
  takeTurn(state, env, index)
}

/** RMQ-106: a queue whose lock was granted again goes on soon, one whose lock was not after three seconds. */
export function onLock(state: ConsumerState, env: ClientEnv, answer: LockAnswer): void {
  const task = onLockAnswer(state, env, answer)
  if (task?.orderly?.turn !== 'later') return
  const { lockRetryUs } = state.shape.parameters
  callLater(state, env, state.tasks.indexOf(task), task.orderly.lockedAt === null ? lockRetryUs : GO_ON, 'again')
}

/** A thread is free for the queue. */
export function work(state: ConsumerState, env: ClientEnv, index: number): void {
  const task = state.tasks[index] as Task
  const { orderly } = task
  if (orderly?.turn !== 'ready') return
  const [next, ...fellows] = env.rules.nextOrderly(task.processing.held, state.shape.batch?.max ?? 1)
  orderly.turn = 'idle'
  if (next === undefined) return
  if (!isLocked(state, env, orderly)) return callLater(state, env, index, RELOCK_WITHIN, 'relock')
  // RMQ-108: a thread that has been with one queue for long gives others a chance.
  if (env.uptime - orderly.since > state.shape.parameters.orderlyRunUs) return callLater(state, env, index, GO_ON, 'again')
  orderly.turn = 'working'
  const more = fellows.map(({ message }) => message.offset)
  deliver(state, env, index, task, next.message.offset, more)
}

/** What an orderly listener has been given is done with: the next one. */
export function goOn(state: ConsumerState, index: number): void {
  const { orderly, generation } = state.tasks[index] as Task
  if (orderly === null) return
  orderly.turn = 'ready'
  state.ready.push({ task: index, generation, offset: -1 })
}

/** Work on a queue that was lost meanwhile is over: it can be unlocked, or taken up anew. */
export function turnEnded(state: ConsumerState, env: ClientEnv, index: number): void {
  const task = state.tasks[index] as Task
  if (task.phase === 'lost') onLostEnded(state, env, task)
  else takeTurn(state, env, index)
}
