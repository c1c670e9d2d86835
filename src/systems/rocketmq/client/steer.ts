/**
 * What an application that asks for its messages does with its queues of its own accord (DefaultLitePullConsumer, RMQ-089). It goes to an offset (seek):
 * what was fetched of the queue is dropped, and the broker is told that the group goes on there, be that further back. Or it leaves a queue alone for a
 * while (pause, resume): nothing more is pulled of it, but what was fetched before is still worked on.
 *
 * Read in the client's source, not measured. Simplified: whether an offset lies within its queue is asked of the last answer to a pull, not of the
 * broker, and one that does not is passed over; a queue that is resumed is pulled at once, not within a second.
 */
import type { Env } from '../../../sim/system.ts'
import type { Steering } from '../../../plan/plan.ts'
import { isBegun, type ConsumerState, type Task } from './consumer-state.ts'
import { noteUnanswered } from './polls.ts'
import { goOnAt } from './pulled.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>
export const STEER_TIMER = 'steer'

/** A new process does what is still to come. */
export function startSteering({ shape }: ConsumerState, env: ClientEnv): void {
  shape.steering.forEach(({ atUs }, nth) => {
    if (atUs >= env.uptime) env.later(STEER_TIMER, atUs - env.uptime, nth)
  })
}

export function onSteer(state: ConsumerState, env: ClientEnv, nth: number): void {
  const step = state.shape.steering[nth]
  if (step === undefined) return
  for (const task of state.tasks) {
    if (!isBegun(task) || !isAbout(state, step, task)) continue
    if (step.do === 'seek') seek(state, env, task, step.offset ?? task.max)
    else task.pausedUntil = Math.max(task.pausedUntil, env.rules.restsUntil(env.uptime, step.forUs))
  }
}

/** Where an item names no queue, it is about all that this consumer holds. */
function isAbout({ shape }: ConsumerState, { topic, queue, broker }: Steering, task: Task): boolean {
  if (task.topic !== topic || (queue !== undefined && task.queue !== queue)) return false
  return broker === undefined || shape.nodeNames[task.broker] === broker
}

function seek(state: ConsumerState, env: ClientEnv, task: Task, offset: number): void {
  if (offset > task.max) return
  const op = ++state.serial
  const place = { group: state.shape.group, topic: task.topic, queue: task.name, offset }
  env.record.resetOffset({ type: 'invoke', op, v: { ...place, timestampUs: -1 } })
  env.record.reset(place)
  // The answer to the pull that is out will find that its queue was dropped.
  noteUnanswered(state, env, task, 'REVOKED')
  goOnAt(state, env, task, env.rules.soughtOffset(offset, task.next))
  env.record.resetOffset({ type: 'ok', op, v: place })
}
