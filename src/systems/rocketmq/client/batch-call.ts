/**
 * One call of a listener with several messages. The application works through them and stops where it fails. It then reports either that the batch has
 * failed, all of it, or how far it has come (ackIndex): what comes after that has failed (RMQ-099). Orderly listeners know no ackIndex.
 *
 * Simplified: messages of a failed batch that the broker does not take back are run again one by one, where RocketMQ gives them together.
 */
import type { Env } from '../../../sim/system.ts'
import type { ConsumerState, Running } from './consumer-state.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>

const ALONE: Batch = { before: [], after: [] }

/** The messages of a call around the one that is being worked on. */
export interface Batch {
  readonly before: readonly Running[]
  readonly after: readonly Running[]
}

/** One thread works on these, one after the other. */
export const inBatch = (first: Running, after: readonly Running[]): Running =>
  after.length === 0 ? first : { ...first, batch: { before: [], after } }

/** The next one of a batch, with what is done before it; null: there is none. */
export function nextOf(running: Running): Running | null {
  const { batch } = running
  const next = batch?.after[0]
  if (batch === null || next === undefined) return null
  const done = { ...running, batch: null }
  return { ...next, batch: { before: [...batch.before, done], after: batch.after.slice(1) } }
}

/** All that a call was given. */
export function inOneCall(running: Running): readonly Running[] {
  const { before, after } = running.batch ?? ALONE
  return [...before, running, ...after]
}

/** What became of one message of a call: what the listener has said of it, and what the client takes it for. */
interface Verdict {
  readonly one: Running
  readonly isSuccess: boolean
  readonly isDone: boolean
}

/** A call is over: its listener came to its end, or failed on the message that it was working on. */
export function verdictsOf({ shape }: ConsumerState, { rules }: ClientEnv, running: Running, success: boolean): Verdict[] {
  const all = inOneCall(running)
  const failed = shape.batch?.verdict === 'whole' ? 0 : (running.batch ?? ALONE).before.length
  // ackIndex + 1.
  const acknowledged = success ? all.length : failed
  return all.map((one, nth) => ({ one, isSuccess: nth < acknowledged, isDone: rules.isAcknowledgedInBatch(nth, acknowledged) }))
}
