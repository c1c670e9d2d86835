/**
 * Locks as an orderly consumer holds them (RMQ-106, RMQ-107): a queue is used only once its lock was granted, and the lock is renewed
 * every 20 s. A holder takes its lock for valid for 30 s, half as long as the broker does.
 */
import { hashName, mix } from '../../../plan/hash.ts'
import { seconds } from '../../../plan/units.ts'
import type { Env } from '../../../sim/system.ts'
import { salted } from '../messages.ts'
import type { LockAnswer, LockQueue, UnlockQueue } from '../group-messages.ts'
import { masterOf } from './addresses.ts'
import { isBusy, type ConsumerState, type Task } from './consumer-state.ts'
import { armHeartbeat, tellBroker } from './heartbeat.ts'
import { restTurn } from './orderly-state.ts'
import { expect, rest } from './pull.ts'
import { armRebalance } from './rebalance-timer.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>

/** The lock of a queue that is to be taken up. */
export function askLock(state: ConsumerState, env: ClientEnv, task: Task): void {
  task.phase = 'locking'
  expect(state, env, task, state.shape.parameters.lockTimeoutUs)
  sendLock(state, env, task, task.request)
}

function sendLock(state: ConsumerState, env: ClientEnv, task: Task, request: number): void {
  const message: LockQueue = {
    type: 'lockQueue',
    salt: salted('lockQueue', mix(mix(state.id, hashName(task.topic)), task.queue), env.uptime),
    request,
    group: state.shape.group,
    client: state.clientId,
    topic: task.topic,
    queue: task.queue,
  }
  tellBroker(state, env, masterOf(state, task.topic, task.broker), message)
}

/** RMQ-101, RMQ-107: a client that lacks a lock is not balanced, and comes back after a second. */
export const lockFailed = (state: ConsumerState, env: ClientEnv, task: Task): void => rest(state, env, task, seconds(1))

/** Gives the queue that waited for this answer in the middle of its work, or null. An answer that came too late is none. */
export function onLockAnswer(state: ConsumerState, env: ClientEnv, { request, granted }: LockAnswer): Task | null {
  const gained = state.tasks.find((task) => task.phase === 'locking' && task.request === request)
  if (gained !== undefined) {
    if (gained.deadline < env.uptime) return null
    note(state, env, gained, granted)
    if (granted) takeUp(state, env, gained)
    else lockFailed(state, env, gained)
    return null
  }
  const again = state.lockRequests.find((one) => one.request === request)
  const task = again === undefined ? undefined : state.tasks[again.task]
  if (again === undefined || task === undefined || again.deadline < env.uptime) return null
  state.lockRequests = state.lockRequests.filter((one) => one !== again)
  note(state, env, task, granted)
  if (!granted) {
    // It pulls no more, so it is not told what changes either: it takes its turns.
    armHeartbeat(state, env)
    armRebalance(state, env)
  }
  return again.goesOn ? task : null
}

/** The offset is asked for when the first pull is due (RMQ-103): an earlier answer would be asked for again then, and forgotten. */
function takeUp(state: ConsumerState, env: ClientEnv, task: Task): void {
  armRenewal(state, env)
  task.phase = 'asking'
  rest(state, env, task, state.shape.parameters.firstPullUs)
}

function note(state: ConsumerState, env: ClientEnv, task: Task, granted: boolean): void {
  const { group, parameters } = state.shape
  if (task.orderly !== null) task.orderly.lockedAt = env.rules.isLockedBy(granted) ? env.now : null
  if (granted) env.record.locked(++state.serial, group, task.topic, task.name, parameters.lockValidUs)
  else env.record.lockRefused(++state.serial, group, task.topic, task.name)
}

/** RMQ-106: a second after the start, and then every twenty, while there is a queue. */
export function armRenewal(state: ConsumerState, env: ClientEnv): void {
  const { lockFirstRenewUs, lockRenewUs } = state.shape.parameters
  const age = env.uptime - state.startedAt
  env.timer('renew', age < lockFirstRenewUs ? lockFirstRenewUs - age : lockRenewUs - ((age - lockFirstRenewUs) % lockRenewUs))
}

/** Each queue that was taken up, whether it still has its lock or not. */
export function renewLocks(state: ConsumerState, env: ClientEnv): void {
  const taken = state.tasks.filter((task) => task.orderly !== null && task.phase !== 'locking' && task.phase !== 'lost')
  if (taken.length === 0) return
  for (const task of taken) askAgain(state, env, task, false)
  armRenewal(state, env)
}

/** Nothing changes when no answer comes in time: then the lock goes by its own rule. */
export function askAgain(state: ConsumerState, env: ClientEnv, task: Task, goesOn: boolean): void {
  const { lockRequests, shape } = state
  const request = ++state.serial
  const deadline = env.uptime + shape.parameters.lockTimeoutUs
  state.lockRequests = lockRequests.filter((one) => one.deadline >= env.uptime)
  state.lockRequests.push({ request, task: state.tasks.indexOf(task), deadline, goesOn })
  sendLock(state, env, task, request)
}

/**
 * RMQ-107: a queue that is lost is unlocked once no listener works on it, if that is within half a second; else at the next rebalance, whether
 * one still does or not. A queue that comes back before that is locked again at once, where RocketMQ waits for that rebalance.
 */
export function giveBack(state: ConsumerState, env: ClientEnv, task: Task): void {
  const { orderly } = task
  if (orderly === null) return
  restTurn(orderly)
  const index = state.tasks.indexOf(task)
  if (!isBusy(state, index)) return unlock(state, env, task)
  orderly.lockedAt = null
  orderly.lostAt = env.uptime
  orderly.call = ++state.serial
  env.later('unlock', state.shape.parameters.rebalanceUs, index, orderly.call)
}

/** The listener that was at work on a lost queue has ended. */
export function onLostEnded(state: ConsumerState, env: ClientEnv, task: Task): void {
  const { orderly } = task
  if (orderly === null || orderly.call < 0 || env.uptime - orderly.lostAt > state.shape.parameters.unlockWaitUs) return
  restTurn(orderly)
  unlock(state, env, task)
}

export function onUnlockTimer(state: ConsumerState, env: ClientEnv, index: number, call: number): void {
  const task = state.tasks[index]
  if (task === undefined || task.orderly === null || task.phase !== 'lost' || task.orderly.call !== call) return
  restTurn(task.orderly)
  unlock(state, env, task)
}

/** One-way. */
export function unlock(state: ConsumerState, env: ClientEnv, task: Task): void {
  if (task.orderly === null) return
  const { group } = state.shape
  task.orderly.lockedAt = null
  env.record.unlock(++state.serial, group, task.topic, task.name)
  const message: UnlockQueue = {
    type: 'unlockQueue',
    salt: salted('unlockQueue', mix(mix(state.id, hashName(task.topic)), task.queue), env.uptime),
    group,
    client: state.clientId,
    topic: task.topic,
    queue: task.queue,
  }
  tellBroker(state, env, masterOf(state, task.topic, task.broker), message)
}
