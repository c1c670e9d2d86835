/** What a history tells of a consumer's pulls, where the configuration asks for it (recordPolls). */
import type { PollStatus } from '../../../history/polls.ts'
import type { Us } from '../../../plan/units.ts'
import type { Env } from '../../../sim/system.ts'
import type { PullAnswer } from '../messages.ts'
import type { ConsumerState, Task } from './consumer-state.ts'

/** RMQ-034, in the words of the client. ERROR and NOT_SUBSCRIBED are none of them: the pull was refused. */
const STATUS: Readonly<Record<Exclude<PullAnswer['status'], 'ERROR' | 'NOT_SUBSCRIBED'>, PollStatus>> = {
  FOUND: 'FOUND',
  NOT_FOUND: 'NO_NEW_MSG',
  NO_MATCHED: 'NO_MATCHED_MSG',
  OFFSET_MOVED: 'OFFSET_ILLEGAL',
}

const place = (state: ConsumerState, task: Task): { group: string; topic: string; queue: string; offset: number } => ({
  group: state.shape.group,
  topic: task.topic,
  queue: task.name,
  offset: task.next,
})

/** RMQ-089: how long the broker may keep a pull. */
export const holdOf = ({ shape }: ConsumerState): Us =>
  shape.commitEvery === null ? shape.parameters.pullHoldUs : shape.parameters.litePullHoldUs

export function noteAsked(state: ConsumerState, env: Env<object>, task: Task): void {
  if (state.shape.recordPolls) env.record.poll(task.request, { ...place(state, task), waitUs: holdOf(state) })
}

/** Before the consumer acts on the answer. */
export function noteAnswered(state: ConsumerState, env: Env<object>, task: Task, answer: PullAnswer): void {
  if (!state.shape.recordPolls) return
  const { status, next, min, max } = answer
  if (status === 'ERROR' || status === 'NOT_SUBSCRIBED') return noteUnanswered(state, env, task, 'ERROR')
  const offsets = answer.messages.map(({ offset }) => offset)
  env.record.polled(task.request, { ...place(state, task), status: STATUS[status], offsets, next, min, max })
}

type Reason = 'ERROR' | 'TIMEOUT' | 'CONNECTION_LOST' | 'REVOKED'
export function noteUnanswered(state: ConsumerState, env: Env<object>, task: Task, reason: Reason): void {
  if (state.shape.recordPolls && task.phase === 'pulling') env.record.pollLost(task.request, { ...place(state, task), reason })
}
