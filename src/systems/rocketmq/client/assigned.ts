/**
 * Queues that an application assigns by hand (DefaultLitePullConsumer.assign, RMQ-089): its consumer takes those it was told and no others, whoever else
 * is in its group. Its heartbeats make it a member all the same, and brokers tell it when others come or go; it has no share to compute, and nothing
 * changes. Two that are told one queue both read it, each from where it stands, and what either commits is the group's progress: the last word
 * counts, be it further back, and who takes up the queue next begins there.
 *
 * Others of its group may subscribe: they deal out all queues among all members, and leave to it what their strategy gives it. That is read only where it
 * was told so, and what it was told is read twice where it is in another's share.
 *
 * Read in the client's source, not measured. Left out: an application that tells its consumer other queues later; and its heartbeats, which name no topic,
 * as a change of the group's subscription: who asks for messages brings the subscription along, and brokers go by that.
 */
import type { Env } from '../../../sim/system.ts'
import { isBegun, isHeld, newTask, type ConsumerState } from './consumer-state.ts'
import { askOffset } from './pull.ts'
import { lose } from './rebalance.ts'
import { routeOf } from './routes.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>

/** A route has come: the queues of it that this consumer was told, and does not have yet. */
export function takeAssigned(state: ConsumerState, env: ClientEnv, topic: string, assigned: readonly number[]): void {
  for (const place of routeOf(state, topic)?.places ?? []) {
    if (!assigned.includes(place.queue)) continue
    if (state.tasks.some((task) => isHeld(task) && task.topic === topic && task.queue === place.queue && task.broker === place.broker))
      continue
    const task = newTask(topic, place, false)
    state.tasks.push(task)
    askOffset(state, env, task)
  }
}

/** Others of its group have come or gone. */
export function onMembersChanged(state: ConsumerState, env: ClientEnv): void {
  if (env.rules.keepsAssigned()) return
  for (const task of state.tasks) if (isBegun(task)) lose(state, env, task)
}
