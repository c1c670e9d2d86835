/**
 * The table of locked queues, by which at most one consumer of an orderly group works on a queue (RMQ-106). It lies in memory alone, and goes by
 * the wall clock: a restart forgets it, and a clock that jumps makes locks expire.
 *
 * Where slaves stand in for masters each of the two has a table of its own (RMQ-109): as shipped either grants what the other has granted, and who stood
 * in goes on granting to clients that have not heard of its master's return.
 *
 * Left out: asking a majority of replicas (lockInStrictMode).
 */
import type { Us } from '../../../plan/units.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted } from '../messages.ts'
import type { LockAnswer, LockQueue, UnlockQueue } from '../group-messages.ts'
import type { BrokerRules } from './rules.ts'
import { isSlave, type BrokerState, type QueueLock } from './state.ts'

type BrokerEnv = Env<BrokerRules>
type Asked = Pick<LockQueue, 'group' | 'topic' | 'queue'>

const isOf = (lock: QueueLock, { group, topic, queue }: Asked): boolean =>
  lock.queue === queue && lock.group === group && lock.topic === topic

/** With the repair waitOutLocks, what a broker of this disk, or who stood in for it `sinceUs` ago, may have granted is over before anything is granted. */
export function waitOutLocks(state: BrokerState, env: BrokerEnv, sinceUs: Us = 0): void {
  const isNew = env.disk.logs.length === 0 && env.disk.cells.length === 0
  if (!isNew && state.shape.repairs.has('waitOutLocks')) state.locksFrom = env.uptime + sinceUs + state.shape.parameters.lockLifeUs
}

export function onLockQueue(state: BrokerState, env: BrokerEnv, from: NodeId, asked: LockQueue): void {
  const answer: LockAnswer = {
    type: 'lockAnswer',
    salt: salted('lockAnswer', asked.salt),
    request: asked.request,
    granted: grants(state, env, asked),
  }
  env.send(from, answer)
}

/** RMQ-106: a lock that is free or has expired is granted, its holder's is renewed, anybody else is refused. */
function grants(state: BrokerState, env: BrokerEnv, asked: LockQueue): boolean {
  if (env.uptime < state.locksFrom || hasSteppedBack(state)) return false
  const { client } = asked
  const at = state.locks.findIndex((lock) => isOf(lock, asked))
  const held = state.locks[at]
  if (held !== undefined) {
    const expired = env.rules.isLockExpired(env.now - held.renewedAt, state.shape.parameters.lockLifeUs)
    if (!env.rules.mayTakeLock(held.client, client, expired)) return false
    if (expired) tell(state, env, held, 'expired')
    state.locks.splice(at, 1)
    state.locks.push({ ...held, client, renewedAt: env.now })
    tell(state, env, asked, held.client === client && !expired ? 'renewed' : 'granted')
    return true
  }
  const { group, topic, queue } = asked
  state.locks.push({ group, topic, queue, client, renewedAt: env.now })
  tell(state, env, asked, 'granted')
  return true
}

/** With the repair: a slave that stands in for nobody. */
const hasSteppedBack = (state: BrokerState): boolean =>
  isSlave(state) && state.ha?.acting?.acts === false && state.shape.repairs.has('waitOutLocks')

export function onUnlockQueue(state: BrokerState, env: BrokerEnv, asked: UnlockQueue): void {
  const held = state.locks.find((lock) => isOf(lock, asked))
  if (held === undefined || !env.rules.mayReleaseLock(held.client, asked.client)) return
  state.locks = state.locks.filter((lock) => lock !== held)
  tell(state, env, held, 'released')
}

/** Some consumer of the group has a queue to itself. */
export const hasLiveLock = ({ locks, shape }: BrokerState, env: BrokerEnv, group: string): boolean =>
  locks.some((lock) => lock.group === group && !env.rules.isLockExpired(env.now - lock.renewedAt, shape.parameters.lockLifeUs))

function tell(
  { shape }: BrokerState,
  env: BrokerEnv,
  { group, topic, queue, client }: Asked & { readonly client: string },
  act: 'granted' | 'renewed' | 'released' | 'expired',
): void {
  env.record.lockTable({ group, topic, queue: shape.nameOf(topic, queue), client, act, lifeUs: shape.parameters.lockLifeUs })
}
