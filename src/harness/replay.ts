/** Runs a plan again and says whether it still does what it was kept for. */
import type { Event } from '../history/event.ts'
import type { Plan } from '../plan/plan.ts'
import type { Subject } from './executor.ts'
import { judgementOf, runPlan, violated, type Only, type RunResult } from './run-plan.ts'

export type Replay = 'reproduced' | 'other-trace' | 'gone'

/** Where two histories part; an event is absent where one of them has ended. */
export interface Difference {
  readonly index: number
  readonly recorded: Event | undefined
  readonly seen: Event | undefined
}

export interface ReplayResult {
  readonly replay: Replay
  readonly result: RunResult
  /** Against the history that was kept, if there is one. */
  readonly difference: Difference | null
}

export interface ReplayOptions {
  readonly recorded?: readonly Event[] | undefined
  readonly only?: Only
}

export function firstDifference(recorded: readonly Event[], seen: readonly Event[]): Difference | null {
  const length = Math.max(recorded.length, seen.length)
  for (let index = 0; index < length; index++) {
    const [before, now] = [recorded[index], seen[index]]
    if (before === undefined || now === undefined || !sameEvent(before, now)) return { index, recorded: before, seen: now }
  }
  return null
}

/** Fields may stand in another order in a file that somebody edited, and a file does not hold those that are undefined. */
function sameEvent(x: unknown, y: unknown): boolean {
  if (typeof x !== 'object' || typeof y !== 'object' || x === null || y === null) return x === y
  const told = (event: object): [string, unknown][] => Object.entries(event).filter(([, value]) => value !== undefined)
  const [xs, ys] = [told(x), new Map(told(y))]
  return xs.length === ys.size && xs.every(([name, value]) => ys.has(name) && sameEvent(value, ys.get(name)))
}

export async function replayPlan(subject: Subject, plan: Plan, options: ReplayOptions = {}): Promise<ReplayResult> {
  const result = await runPlan(subject, plan, { only: options.only })
  const difference = options.recorded === undefined ? null : firstDifference(options.recorded, result.events)
  const { expect } = plan
  const failed = expect === undefined ? violated(result).length > 0 : judgementOf(result, expect.guarantee)?.verdict === 'violated'
  if (!failed) return { replay: 'gone', result, difference }
  const sameTrace = expect === undefined || expect.traceHash === '' || expect.traceHash === result.outcome.traceHash
  return { replay: sameTrace && difference === null ? 'reproduced' : 'other-trace', result, difference }
}
