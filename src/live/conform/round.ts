/** One round on a live target, and the ways in which it can end that are not a verdict. */
import type { Plan } from '../../plan/plan.ts'
import { runPlan, type RunResult } from '../../harness/run-plan.ts'
import { BrokerDown, TargetBroken } from '../target.ts'
import type { Session } from './session.ts'

export type Round =
  | { readonly end: 'judged'; readonly result: RunResult }
  /** The broker did not come up again. `result` is what was seen until then, if anything. */
  | { readonly end: 'down'; readonly message: string; readonly result: RunResult | null }
  /** The target misbehaved: nothing can be said about its broker. */
  | { readonly end: 'broken'; readonly message: string; readonly result: RunResult | null }
  | { readonly end: 'interrupted' }

const INTERRUPTED = Symbol('interrupted')
/** A round that is abandoned closes its clients first, and ends the faults that have begun: the broker may be the user's own. */
const GRACE_MS = 45_000

/** The work, or a while after the signal nothing: then it is closed from outside. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T | typeof INTERRUPTED> {
  if (signal === undefined) return work
  let timer: NodeJS.Timeout | undefined
  let stop: () => void = () => undefined
  const aborted = new Promise<typeof INTERRUPTED>((resolve) => {
    stop = () => (timer = setTimeout(() => resolve(INTERRUPTED), GRACE_MS))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

export async function runRound(session: Session, plan: Plan, signal?: AbortSignal): Promise<Round> {
  try {
    const result = await unlessAborted(runPlan(session.subject, plan), signal)
    if (result === INTERRUPTED) return { end: 'interrupted' }
    const { broken } = result.outcome.drain
    if (broken !== undefined) return { end: 'broken', message: broken, result }
    return session.down === null ? { end: 'judged', result } : { end: 'down', message: session.down.message, result }
  } catch (error) {
    if (signal?.aborted === true) return { end: 'interrupted' }
    if (error instanceof BrokerDown) return { end: 'down', message: error.message, result: null }
    if (error instanceof TargetBroken) return { end: 'broken', message: error.message, result: null }
    throw error
  }
}
