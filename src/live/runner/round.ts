/**
 * One live round, from set-up to audit, in the phases of a simulated run: the fault phase, then the heal, then a drain to sentinels,
 * first by the same clients and, if that fails, by fresh ones; at the end every queue is read.
 */
import type { Drain } from '../../check/checker.ts'
import type { PhaseEvent } from '../../history/event.ts'
import type { SentinelWatch } from '../../history/sentinel-watch.ts'
import { messageOf } from '../../plan/message-of.ts'
import { SENTINEL } from '../../plan/script.ts'
import { CALL_LIMITS_MS } from '../call-limits.ts'
import { BrokerDown } from '../target.ts'
import { pause, within } from '../waits.ts'
import { auditByGroup, auditByReading, readerOf } from './audit.ts'
import { ChurnSchedule } from './churn.ts'
import { ConsumerProcess } from './consumer.ts'
import type { RoundContext } from './context.ts'
import { FaultSchedule } from './faults.ts'
import { ClientHost } from './host.ts'
import { Losses } from './losses.ts'
import type { GroupWork } from './outstanding.ts'
import { ProducerProcess, producerRole, type Database } from './producer.ts'
import { Sentinels } from './sentinels.ts'
import type { Standing } from './standing.ts'
import { telling } from './waiting.ts'

/** How often the end of the drain is looked for. */
const LOOK_MS = 20
/**
 * An acknowledged message that comes later than this after the sentinels does not come. What a consumer had in hand when it went away
 * may take as long as the drain: some brokers give it to the next one only after a while.
 */
const GRACE_MS = 5000

/** What follows the drain by its events. */
export interface Following {
  readonly watch: SentinelWatch
  readonly standing: Standing
}

export class Round {
  private readonly context: RoundContext
  private readonly watch: SentinelWatch
  private readonly standing: Standing
  private readonly drainLimitMs: number
  private readonly producers: readonly ClientHost<ProducerProcess>[]
  private readonly consumers: readonly ClientHost<ConsumerProcess>[]
  private readonly sentinel: ClientHost<ProducerProcess>
  private readonly sentinels: Sentinels
  private readonly faults: FaultSchedule
  private readonly churn: ChurnSchedule
  private readonly losses: Losses
  /** What the auditor has not read yet; null where queues can simply be read. */
  private readonly auditor: GroupWork | null

  constructor(context: RoundContext, { watch, standing }: Following, drainLimitMs: number) {
    const { plan, script, outstanding, target, trouble } = context
    this.context = context
    this.watch = watch
    this.standing = standing
    this.drainLimitMs = drainLimitMs
    const database: Database = new Map()
    const producerHost = (name: string): ClientHost<ProducerProcess> => {
      const role = producerRole(name, script.threads, database)
      return new ClientHost(name, () => ProducerProcess.open(context, role), trouble)
    }
    this.producers = plan.cluster.producers.map(producerHost)
    this.sentinel = producerHost(SENTINEL)
    this.consumers = plan.cluster.groups.flatMap((group) =>
      group.consumers.map(
        (name) =>
          new ClientHost(name, () => ConsumerProcess.open(context, name, group), trouble, !target.rebalances || !script.late.has(name)),
      ),
    )
    this.sentinels = new Sentinels(script.sentinels, watch)
    this.faults = new FaultSchedule(context, new Map(this.clients.map((client) => [client.name, client])))
    this.churn = new ChurnSchedule(context, this.consumers)
    this.losses = new Losses(context)
    this.auditor = target.read === undefined ? outstanding.addAuditor(plan.cluster.topics.map((topic) => topic.name)) : null
  }

  private get clients(): readonly ClientHost[] {
    return [...this.producers, ...this.consumers, this.sentinel]
  }

  /** Before the first event: topics, groups and clients. */
  async prepare(): Promise<void> {
    const { target, names } = this.context
    await this.ready('getting ready')
    const groups = this.auditor === null ? names.groups : [...names.groups, names.auditGroup]
    await within(CALL_LIMITS_MS.setUp, 'setting a round up', target.setUp(names.topics, groups))
    for (const client of this.clients) await client.open()
  }

  async phases(): Promise<Drain> {
    await this.faultPhase()
    const drain = await this.drain()
    await this.losses.over()
    if (drain.drained) this.phase('drained', '')
    await this.audit()
    if (!drain.drained) return this.stuck(drain)
    this.phase('end', this.watch.audited ? '' : 'the audit is not finished')
    return drain
  }

  /**
   * The round did not come to rest. One case is clear all the same: the broker takes sentinels, and the auditor reads them, but a group is given
   * none, not even by fresh consumers in twice the time that a round may take. It is deaf, and what it was not given is lost to it.
   */
  private stuck(drain: Drain): Drain {
    const isDeaf = this.sentinels.areAcknowledged && this.watch.audited && this.clients.every((client) => client.unsettled === null)
    this.phase(isDeaf ? 'drained' : 'stuck', drain.reason)
    this.phase('end', this.watch.audited ? '' : 'the audit is not finished')
    return { ...drain, drained: isDeaf }
  }

  private phase(phase: PhaseEvent['phase'], note: string): void {
    this.context.record('plan').phase(phase, note)
  }

  /** The round ends here, and nothing more is to be learnt: a broker is down, or the target itself is broken. */
  unfinished(phase: 'stuck' | 'broken', reason: string): void {
    this.phase(phase, reason)
    this.phase('end', 'the audit was not begun')
  }

  private ready(what: string): Promise<void> {
    const { target, tellWaiting } = this.context
    return telling(tellWaiting, CALL_LIMITS_MS.ready, () => 'the broker to be ready', within(CALL_LIMITS_MS.ready, what, target.ready()))
  }

  private async faultPhase(): Promise<void> {
    const { clock, pacer, script } = this.context
    clock.start()
    for (const client of this.clients) client.process?.start()
    await Promise.all([this.faults.whole(), this.churn.whole()])
    await pacer.until(script.healUs)
    for (const { process } of this.producers) process?.endLoads()
    try {
      await this.ready('getting ready after the faults')
    } catch (error) {
      throw error instanceof BrokerDown ? new BrokerDown(`a broker does not start: ${messageOf(error)}`, { cause: error }) : error
    }
    this.phase('heal', '')
    this.churn.bringBack()
  }

  private async drain(): Promise<Drain> {
    const { outstanding } = this.context
    const first = await this.until(this.drainLimitMs, () => this.unsettled() ?? this.owed(outstanding.waitsFor))
    if (first !== null) {
      this.phase('fresh', first)
      for (const client of this.clients) client.kill()
      for (const client of this.clients) void client.start()
      await this.until(this.drainLimitMs, () => this.unsettled() ?? this.owed(outstanding.waitsFor))
      // What a group still lacks, after all that time and with new consumers, does not come: that is for checkers to judge.
      const second = this.unsettled()
      if (second !== null) return { drained: false, fresh: true, reason: second }
    }
    const graceMs = first !== null || this.lostConsumers ? this.drainLimitMs : Math.min(GRACE_MS, this.drainLimitMs)
    await this.until(graceMs, () => this.owed(outstanding.owedTo))
    return { drained: true, fresh: first !== null, reason: '' }
  }

  private get lostConsumers(): boolean {
    if (this.context.script.churn.length > 0) return true
    return this.context.plan.faults.some(({ on, kind }) => kind !== 'pause' && this.consumers.some((consumer) => consumer.name === on))
  }

  /** Nothing but messages is waited for, if anything: those that are lost don't come. */
  private owed(reason: string | null): string | null {
    if (reason !== null) this.losses.rested(performance.now())
    return reason
  }

  /** What clients still have to do, or null. */
  private unsettled(): string | null {
    if (this.sentinel.process !== null) this.sentinels.tick(this.sentinel.process, performance.now())
    const missing = this.sentinels.waitsFor ?? this.standing.waitsFor
    if (missing !== null) return missing
    for (const client of this.clients) if (client.unsettled !== null) return client.unsettled
    return null
  }

  /** Waits until nothing is waited for, or to the limit; gives what is still waited for. */
  private until(limitMs: number, waitsFor: () => string | null): Promise<string | null> {
    const { trouble, tellWaiting } = this.context
    const endMs = performance.now() + limitMs
    let reason: string | null = null
    const waiting = async (): Promise<string | null> => {
      for (;;) {
        reason = waitsFor()
        if (reason === null || performance.now() >= endMs || trouble.raised) return reason
        await pause(LOOK_MS)
      }
    }
    return telling(tellWaiting, limitMs, () => `the round to come to rest (${reason ?? ''})`, waiting())
  }

  private async audit(): Promise<void> {
    const { context, auditor } = this
    if (auditor !== null) {
      const work = auditByGroup(context, auditor, this.drainLimitMs)
      return telling(context.tellWaiting, this.drainLimitMs, () => 'the audit group to read every queue', work)
    }
    const read = readerOf(context.target)
    if (read !== null) await auditByReading(context, read)
  }

  /** Closes everything that is open. After trouble it does what it can, and says nothing about the rest. */
  async close(inTrouble: boolean): Promise<void> {
    const { target, names, mayExist } = this.context
    const ended = this.faults.close()
    this.churn.close()
    if (inTrouble) for (const client of this.clients) client.kill()
    else await Promise.all(this.clients.map((client) => client.stop()))
    await ended
    const groups = this.auditor === null ? names.groups : [...names.groups, names.auditGroup]
    await within(CALL_LIMITS_MS.tearDown, 'tearing a round down', target.tearDown([...names.topics, ...mayExist], groups))
  }
}
