/**
 * An Executor over a live target: the same plans that the simulation runs, against a real broker, by the wall clock. One opened target
 * serves many rounds; each has topics and groups of its own, under real names that nobody has used before.
 */
import type { Drain } from '../../check/checker.ts'
import type { Capabilities, Executor, Outcome } from '../../harness/executor.ts'
import { HISTORY_FORMAT, type Event, type Header } from '../../history/event.ts'
import { Recorder } from '../../history/recorder.ts'
import { SentinelWatch } from '../../history/sentinel-watch.ts'
import { delayFrom } from '../../plan/delay-levels.ts'
import { PlanRefused } from '../../plan/input-error.ts'
import { messageOf } from '../../plan/message-of.ts'
import type { Plan } from '../../plan/plan.ts'
import { script, type Script } from '../../plan/script.ts'
import { ms, type Us } from '../../plan/units.ts'
import { BrokerDown, judgedBy, recordsOf, TargetBroken, type Target } from '../target.ts'
import { Pacer, RoundClock } from './clock.ts'
import type { RoundContext } from './context.ts'
import { Deadlines } from './deadlines.ts'
import { CLIENT_FAULTS, misfit } from './fits.ts'
import { Outstanding } from './outstanding.ts'
import { RoundNames } from './names.ts'
import { Round } from './round.ts'
import { Standing } from './standing.ts'
import { Trouble } from './trouble.ts'
import type { TellWaiting } from './waiting.ts'

export { CLIENT_FAULTS } from './fits.ts'

export interface LiveOptions {
  /** The mqproof that runs the plans. */
  readonly version: string
  /** A part of every real name, of letters and digits: two runs of mqproof on one broker must differ in it. */
  readonly token: string
  /** What a send may take before nobody waits for it any longer. */
  readonly sendLimitMs?: number
  /** What each of the two drains may take: by the same clients, then by fresh ones. */
  readonly drainLimitMs?: number
  /** Hears what a round waits for, and for how long at most. */
  readonly onWait?: TellWaiting | undefined
  /** Abandons the round: `run` then rejects with the signal's reason, once everything is closed. */
  readonly signal?: AbortSignal | undefined
}

const SEND_LIMIT_MS = 3000
const DRAIN_LIMIT_MS = 30_000
/** Operations that the script does not number have numbers that are far above its own. */
const FIRST_SERIAL = 10_000_000_000_000

/** What the broker may take its time over: the longest delay, and all retries of what fails most often. */
function longestWaitMs({ workload }: Plan, { hello }: Target): number {
  const [levels, retries] = [hello.capabilities.delayLevels ?? [], hello.retries?.delaysUs ?? []]
  const waits = workload.map((item): Us => {
    const delayUs = item.do === 'send' ? delayFrom(levels, item.delay, item.atUs) : 0
    const fails = 'fails' in item ? (item.fails ?? 0) : 0
    return retries.slice(0, fails).reduce((sum, one) => sum + one, delayUs)
  })
  return waits.reduce((longest, one) => Math.max(longest, one), 0) / ms(1)
}

/** How a round ended; an error is for whoever asked for it. */
type Ending = { readonly drain: Drain } | { readonly error: unknown }

export class LiveExecutor implements Executor {
  readonly capabilities: Capabilities
  private readonly target: Target
  private readonly options: LiveOptions
  private rounds = 0

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
  async run(plan: Plan, sink: (event: Event) => void): Promise<Outcome> {
    const complaint = misfit(plan, this.target)
    if (complaint !== null) throw new PlanRefused(complaint)
    const { signal } = this.options
    signal?.throwIfAborted()
    const live = { over: false, steps: 0 }
    const planned = script(plan)
    const watch = new SentinelWatch(planned, plan)
    const standing = new Standing(plan, planned)
    const context = this.context(plan, planned, (event) => {
      if (live.over) return
      live.steps++
      watch.on(event)
      standing.on(event)
      sink(event)
    })
    const limitMs = (this.options.drainLimitMs ?? DRAIN_LIMIT_MS) + longestWaitMs(plan, this.target)
    const round = new Round(context, { watch, standing }, limitMs)
    const ending = await this.lead(round, context)
    live.over = true
    const simulatedUs = context.clock.now()
    const closed = await this.closing(round, context, ending)
    if ('error' in closed) throw closed.error
    return { header: this.header(plan), drain: closed.drain, steps: live.steps, simulatedUs, traceHash: '', noise: [] }
  }

  private context(plan: Plan, planned: Script, sink: (event: Event) => void): RoundContext {
    const round = `${this.options.token}-${++this.rounds}`
    const clock = new RoundClock()
    const recorder = new Recorder(sink)
    let serial = FIRST_SERIAL
    return {
      round,
      target: this.target,
      plan,
      script: planned,
      names: new RoundNames(round, plan),
      clock,
      pacer: new Pacer(clock),
      deadlines: new Deadlines(this.options.sendLimitMs ?? SEND_LIMIT_MS),
      trouble: new Trouble(this.options.signal),
      outstanding: new Outstanding(plan, planned, this.target.hello.retries?.max),
      created: [],
      tellWaiting: this.options.onWait,
      mayExist: new Set(),
      serial: () => serial++,
      record: (process) => {
        recorder.t = clock.now()
        recorder.p = process
        return recorder
      },
    }
  }

  private async lead(round: Round, { trouble }: RoundContext): Promise<Ending> {
    try {
      await trouble.or(round.prepare())
    } catch (error) {
      // Nothing has happened yet: a broker that is down is no finding about this plan.
      return error instanceof TargetBroken ? this.unfinished(round, error) : { error }
    }
    try {
      return { drain: await trouble.or(round.phases()) }
    } catch (error) {
      return error === this.options.signal?.reason ? { error } : this.unfinished(round, error)
    }
  }

  private unfinished(round: Round, error: unknown): Ending {
    const reason = messageOf(error)
    const isDown = error instanceof BrokerDown
    round.unfinished(isDown ? 'stuck' : 'broken', reason)
    const drain = { drained: false, fresh: false, reason }
    return { drain: isDown ? drain : { ...drain, broken: reason } }
  }

  /** A target that fails to close a good round is broken too; after trouble, what comes then is its consequence. */
  private async closing(round: Round, context: RoundContext, ending: Ending): Promise<Ending> {
    const inTrouble = 'error' in ending || !ending.drain.drained
    try {
      const closing = round.close(inTrouble)
      await (inTrouble ? closing : context.trouble.or(closing))
      return ending
    } catch (error) {
      if (inTrouble || error instanceof BrokerDown || !('drain' in ending)) return ending
      return error === this.options.signal?.reason ? { error } : { drain: { ...ending.drain, broken: messageOf(error) } }
    } finally {
      context.trouble.forget()
      context.pacer.close()
      context.deadlines.close()
    }
  }

  private header({ cluster, workload }: Plan): Header {
    const { hello } = this.target
    const delays = workload.some((item) => item.do === 'send' && item.delay !== undefined)
    return {
      format: HISTORY_FORMAT,
      version: this.options.version,
      ...judgedBy(hello),
      client: hello.client,
      groups: cluster.groups,
      brokers: hello.brokers,
      records: this.capabilities.records,
      success: hello.success,
      ...(hello.checks === undefined ? {} : { checks: hello.checks }),
      ...(hello.retries === undefined ? {} : { retries: hello.retries }),
      ...(delays ? { delayLevels: hello.capabilities.delayLevels ?? [] } : {}),
    }
  }
}
