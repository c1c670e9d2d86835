/** The queues of a broker: each has a file, and the internal ones bring what looks after them. */
import { TIMER_TOPIC } from '../../../history/recalls.ts'
import { SCHEDULE_TOPIC } from './shape.ts'
import type { BrokerState, QueueState } from './state.ts'
import { newTimer } from './timer-state.ts'

export const QUEUE_FOLDER = 'consumequeue'
export const queueFile = (topic: string, queue: number): string => `${QUEUE_FOLDER}/${topic}/${queue}`

export function addQueue(state: BrokerState, topic: string, queue: number): QueueState {
  const name = state.shape.nameOf(topic, queue)
  state.queues.push({ topic, queue, name, file: queueFile(topic, queue), next: 0, max: 0, min: 0, physicalMax: 0, forced: 0 })
  if (topic === SCHEDULE_TOPIC) noteLevel(state, queue)
  else if (topic === TIMER_TOPIC) noteTimerQueue(state)
  return state.queues[state.queues.length - 1] as QueueState
}

/** A queue of waiting messages is there: number k is that of level k + 1, and whatever lies there, the task of that level goes by it. */
export function noteLevel(state: BrokerState, queue: number): void {
  const level = queue + 1
  if (state.delays.levels.some((one) => one.level === level)) return
  if (level <= state.shape.delayLevels.length) state.delays.levels.push({ level, progress: 0, safeProgress: 0, copiesTo: 0, armed: false })
}

/** The timer topic is there: from now on there is a wheel. */
function noteTimerQueue(state: BrokerState): void {
  state.timer ??= newTimer()
}
