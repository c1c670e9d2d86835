/** Plans that are run again and again on a live target: luck is no part of them there, so that one run says little. */
import type { Event } from '../../history/event.ts'
import type { Outcome, Subject } from '../../harness/executor.ts'
import { judgementOf, violated, type RunResult } from '../../harness/run-plan.ts'
import type { Plan } from '../../plan/plan.ts'
import { runRound } from './round.ts'
import type { OpenSession, Session } from './session.ts'

export interface Reproduction {
  /** In how many of the runs what is looked for was violated. */
  readonly times: number
  readonly of: number
  /** Runs that could not be judged, those after which the broker did not come up among them. */
  readonly unknown: number
  readonly broken: string
  /** A run that violated it, or the last one. */
  readonly result: RunResult | null
}

export interface ReproduceOptions {
  readonly times: number
  /** What must be violated; anything when absent. */
  readonly guarantee?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly onRun?: ((run: number, reproduced: boolean) => void) | undefined
}

const fails = (result: RunResult, guarantee: string | undefined): boolean =>
  guarantee === undefined ? violated(result).length > 0 : judgementOf(result, guarantee)?.verdict === 'violated'

const isUnknown = ({ judgements }: RunResult, guarantee: string | undefined): boolean =>
  judgements.some((one) => (guarantee === undefined || one.id === guarantee) && one.verdict === 'unknown')

/** One target after the other: a new one where the last has died. */
export class Sessions {
  private readonly openOne: OpenSession
  private session: Session | null = null

  constructor(open: OpenSession) {
    this.openOne = open
  }

  async current(): Promise<Session> {
    this.session ??= await this.openOne()
    return this.session
  }

  async close(): Promise<void> {
    const { session } = this
    this.session = null
    await session?.close()
  }
}

export async function reproduce(sessions: Sessions, plan: Plan, options: ReproduceOptions): Promise<Reproduction> {
  const { guarantee, signal, onRun } = options
  let [times, of, unknown, broken] = [0, 0, 0, '']
  let kept: RunResult | null = null
  while (of < options.times && broken === '' && signal?.aborted !== true) {
    const round = await runRound(await sessions.current(), plan, signal)
    if (round.end === 'interrupted') break
    of++
    const failed = round.end === 'judged' && fails(round.result, guarantee)
    if (failed) times++
    else if (round.end !== 'judged' || isUnknown(round.result, guarantee)) unknown++
    if (round.result !== null && (failed || times === 0)) kept = round.result
    if (round.end === 'broken') broken = round.message
    if (round.end === 'down') await sessions.close()
    onRun?.(of, failed)
  }
  return { times, of, unknown, broken, result: kept }
}

/** What shrinking runs candidates on: it outlives brokers that do not come up again. */
export async function sturdySubject(sessions: Sessions): Promise<Subject> {
  const { subject } = await sessions.current()
  const run = async (plan: Plan, sink: (event: Event) => void): Promise<Outcome> => {
    const session = await sessions.current()
    const outcome = await session.subject.executor.run(plan, sink)
    if (session.down !== null || outcome.drain.broken !== undefined) await sessions.close()
    return outcome
  }
  return { ...subject, executor: { capabilities: subject.executor.capabilities, run } }
}
