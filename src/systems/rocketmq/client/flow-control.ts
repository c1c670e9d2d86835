/**
 * Flow control of a consumer's pulls (RMQ-090): a queue of which too much is held is not pulled until some of that is done. Too much is a number of
 * messages, their bytes, or, where no turns are taken, how far apart their offsets lie: past one that is stuck the others run ahead only so far.
 *
 * A threshold for topics takes the place of that for queues, and is dealt out evenly among all queues that the client holds, of whichever topic: read
 * in the client's source, not measured. Left out: that RocketMQ looks at a queue again every 50 ms, here it goes on as soon as it may; that it
 * counts whole mebibytes; and pullThresholdForAll of an application that asks for its messages.
 */
import type { Parameters } from '../parameters.ts'
import { UNLIMITED } from '../parameters.ts'
import { isHeld, type ConsumerState, type Task } from './consumer-state.ts'
import { spanOf } from './process-queue.ts'
import type { ClientRules } from './rules.ts'

/** What a consumer holds of a queue, or may hold. */
export interface Holding {
  readonly messages: number
  readonly bytes: number
  readonly span: number
}

/** Whether a queue rests until some of what is held of it is done. */
export function isFull(state: ConsumerState, rules: ClientRules, { processing }: Task): boolean {
  const { held, bytes } = processing
  return rules.holdsTooMuch({ messages: held.length, bytes, span: spanOf(processing) }, mayHold(state))
}

function mayHold(state: ConsumerState): Holding {
  const { pullThreshold, pullThresholdBytes, pullSpan, pullTopicThreshold, pullTopicThresholdBytes } = state.shape.parameters
  return {
    messages: shareOf(state, pullTopicThreshold, pullThreshold),
    bytes: shareOf(state, pullTopicThresholdBytes, pullThresholdBytes),
    span: state.shape.orderly ? UNLIMITED : pullSpan,
  }
}

/** What of a topic's threshold falls to each queue; without one, what is said for queues. */
function shareOf(state: ConsumerState, ofTopic: number, ofQueue: number): number {
  if (ofTopic === UNLIMITED) return ofQueue
  const queues = state.tasks.reduce((sum, task) => sum + (isHeld(task) ? 1 : 0), 0)
  return Math.max(1, Math.floor(ofTopic / Math.max(1, queues)))
}

/** Whether the thresholds depend on how many queues there are. */
export const sharesThresholds = ({ pullTopicThreshold, pullTopicThresholdBytes }: Parameters): boolean =>
  pullTopicThreshold !== UNLIMITED || pullTopicThresholdBytes !== UNLIMITED
