/**
 * A client gives up what is worked on for too long (RMQ-100): every `consumeTimeout` it looks at the head of each queue, and as long as that was given to
 * a listener so long ago, it goes back to its broker, always by level 3, up to sixteen messages of a queue. What the broker has taken holds back the
 * progress no longer; the thread works on all the same, and what it comes to counts for nothing any more (since #5481). Orderly listeners may
 * take as long as they like.
 *
 * Simplified: one that can't be sent back waits for the next turn, where RocketMQ tries the same again up to sixteen times.
 */
import type { Env } from '../../../sim/system.ts'
import { isHeld, type ConsumerState, type Task } from './consumer-state.ts'
import type { ClientRules } from './rules.ts'
import { sendExpired, waits } from './send-back.ts'

type ClientEnv = Env<ClientRules>
export const EXPIRE_TIMER = 'expire'
const AT_ONCE = 16
/** Arms the next turn, on the grid of the process; called when something is given to a listener. */
export function armExpiry(state: ConsumerState, env: ClientEnv): void {
  if (state.watching || !state.shape.sendsBack || state.shape.orderly) return
  state.watching = true
  const { consumeTimeoutUs } = state.shape.parameters
  env.timer(EXPIRE_TIMER, consumeTimeoutUs - ((env.uptime - state.startedAt) % consumeTimeoutUs))
}

export function onExpireTimer(state: ConsumerState, env: ClientEnv): void {
  state.watching = false
  state.tasks.forEach((task, index) => {
    if (isHeld(task)) expireHead(state, env, index, AT_ONCE)
  })
  if (state.tasks.some((task) => isHeld(task) && task.processing.held.length > 0)) armExpiry(state, env)
}

/** One of the queue, as it is held since it was last taken up, is on its way back already. */
const isUnderWay = ({ returning }: ConsumerState, index: number, { generation }: Task): boolean =>
  returning.some((one) => one.task === index && one.generation === generation && !waits(one))

/** The head of a queue goes back, if its time is over; what lies behind it has its turn when that has come to an end. */
export function expireHead(state: ConsumerState, env: ClientEnv, index: number, left: number): void {
  const task = state.tasks[index] as Task
  const head = task.processing.held[0]
  if (left === 0 || head === undefined || head.givenAt < 0 || isUnderWay(state, index, task)) return
  if (!env.rules.isOverdue(env.now - head.givenAt, state.shape.parameters.consumeTimeoutUs)) return
  const { offset, message } = head.message
  env.record.expire(++state.serial, { group: state.shape.group, topic: task.topic, queue: task.name, offset, message })
  sendExpired(state, env, { task: index, generation: task.generation, offset }, left - 1)
}
