/**
 * An Executor over a live target: the same plans that the simulation runs, against a real broker, by the wall clock. One opened target
 * serves many rounds; each has topics and groups of its own, under real names that nobody has used before.
 */
import type { Capabilities, Executor, Outcome } from '../../harness/executor.ts'
import type { Event } from '../../history/event.ts'
import type { FaultKind } from '../../plan/faults.ts'
import type { Plan } from '../../plan/plan.ts'
import { recordsOf, TargetBroken, type Target } from '../target.ts'

export interface LiveOptions {
  /** The mqproof that runs the plans. */
  readonly version: string
  /** A part of every real name, of letters and digits: two runs of mqproof on one broker must differ in it. */
  readonly token: string
  /** What a send may take before nobody waits for it any longer. */
  readonly sendLimitMs?: number
  /** What each of the two drains may take: by the same clients, then by fresh ones. */
  readonly drainLimitMs?: number
  /** Abandons the round: `run` then rejects with the signal's reason, once everything is closed. */
  readonly signal?: AbortSignal | undefined
}

/** Faults of clients are the runner's own. */
export const CLIENT_FAULTS: readonly FaultKind[] = ['processKill', 'gracefulRestart', 'pause']

export class LiveExecutor implements Executor {
  readonly capabilities: Capabilities
  private readonly target: Target
  private readonly options: LiveOptions

  constructor(target: Target, options: LiveOptions) {
    this.target = target
    this.options = options
    const faults = [...new Set([...CLIENT_FAULTS, ...target.faults.kinds])]
    this.capabilities = { faults, records: recordsOf(target.hello.capabilities) }
  }

  /**
   * Runs one round. A target that misbehaves gives an outcome with `drain.broken`, a broker that does not come up again one that is not
   * drained and says so.
   * @throws InputError when the plan asks for what the target can't do; BrokerDown when a broker is down before the round has begun.
   */
  run(plan: Plan, _sink: (event: Event) => void): Promise<Outcome> {
    return Promise.reject(
      new TargetBroken(`${this.target.hello.system}, ${this.options.token}: ${plan.workload.length} operations are not run yet`),
    )
  }
}
