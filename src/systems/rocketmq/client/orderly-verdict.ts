/**
 * What an orderly listener has said of a call is settled (RMQ-108): a success moves its queue on. What it has failed counts one failure more and is put
 * back; or, where it has been given as often as the application says, it is sent to the group's retry topic, and those after it wait for the answer.
 * Only when everything that was given in one call has left this way does the queue go on without it. A batch of which one message is put back is put
 * back whole, with those that were sent away before: these are given again here, and come from the retry topic as well.
 */
import type { Env } from '../../../sim/system.ts'
import type { ConsumerState, Task } from './consumer-state.ts'
import { callLater, goOn } from './orderly.ts'
import type { FailedCall } from './orderly-state.ts'
import { find, note, type Held } from './process-queue.ts'
import { armPersist } from './progress.ts'
import { resumePull } from './pull.ts'
import type { ClientRules } from './rules.ts'
import { sendAway } from './send-back.ts'

type ClientEnv = Env<ClientRules>

/** A call has failed: all that it was given has. */
export const failInOrder = (state: ConsumerState, env: ClientEnv, index: number, offsets: readonly number[]): void =>
  goThrough(state, env, index, { offsets, nth: 0, isPutBack: false })

/** What was on its way to the retry topic is stored there, or nobody has taken it. */
export function awayEnded(state: ConsumerState, env: ClientEnv, index: number, call: FailedCall, held: Held, isGone: boolean): void {
  const { offsets, nth, isPutBack } = call
  if (!isGone) count(env, held)
  goThrough(state, env, index, { offsets, nth: nth + 1, isPutBack: isPutBack || !isGone })
}

/** The messages of a call, one after the other, until one of them is on its way. */
function goThrough(state: ConsumerState, env: ClientEnv, index: number, { offsets, nth: from, isPutBack }: FailedCall): void {
  const { processing, orderly, generation } = state.tasks[index] as Task
  if (orderly === null) return
  orderly.failed = null
  let suspends = isPutBack
  for (let nth = from; nth < offsets.length; nth++) {
    const held = find(processing, offsets[nth] as number)
    if (held === undefined) continue
    if (isGivenUp(state, env, held) && sendAway(state, env, { task: index, generation, offset: held.message.offset })) {
      orderly.failed = { offsets, nth, isPutBack: suspends }
      return
    }
    count(env, held)
    suspends = true
  }
  const left = suspends ? offsets.filter((_, nth) => !env.rules.isPutBackInOrder(nth)) : offsets
  finish(state, env, index, left)
  if (suspends) callLater(state, env, index, state.shape.parameters.orderlySuspendUs, 'again')
  else goOn(state, index)
}

const isGivenUp = ({ shape }: ConsumerState, env: ClientEnv, { reconsumeTimes }: Held): boolean =>
  shape.sendsBack && shape.maxReconsumeTimes !== null && env.rules.isGivenUpInOrder(reconsumeTimes, shape.maxReconsumeTimes)

function count({ rules }: ClientEnv, held: Held): void {
  held.reconsumeTimes = rules.countedInOrder(held.reconsumeTimes)
}

/** The queue goes on without these. */
function finish(state: ConsumerState, env: ClientEnv, index: number, offsets: readonly number[]): void {
  if (offsets.length === 0) return
  const { processing } = state.tasks[index] as Task
  for (const offset of offsets) {
    const held = find(processing, offset)
    if (held !== undefined) note(processing, held, 'succeeded', env.rules)
  }
  armPersist(state, env)
  resumePull(state, env, index)
}
/** RMQ-108: a success moves the progress past all that the call was given. */
export function settleOrderly(state: ConsumerState, env: ClientEnv, index: number, offsets: readonly number[], succeeds: boolean): void {
  const { processing, orderly } = state.tasks[index] as Task
  if (orderly === null) return
  for (const offset of offsets) {
    const held = find(processing, offset)
    if (held !== undefined) note(processing, held, succeeds ? 'succeeded' : 'failed', env.rules)
  }
  armPersist(state, env)
  resumePull(state, env, index)
  if (succeeds) goOn(state, index)
  else failInOrder(state, env, index, offsets)
}
