/**
 * Faults through an adapter. The adapter does those that it lists; where it is the broker itself, mqproof kills, stops and pauses its
 * process group, and starts it again over the same data.
 */
import type { Fault, FaultKind } from '../../plan/faults.ts'
import { BrokerDown, type Effect, type FaultActions } from '../target.ts'
import type { Adapter } from './adapter.ts'
import type { HelloAnswer } from './protocol.ts'

/** Whatever a plan's time says: a broker that stops in good order may take its time. */
const STOP_LIMIT_MS = 30_000

const OURS: readonly FaultKind[] = ['processKill', 'gracefulRestart', 'pause']

/** The kinds for which mqproof itself strikes the adapter's process. A process that holds several brokers is not one of them. */
const strikes = (hello: HelloAnswer, existing: boolean): readonly FaultKind[] =>
  hello.embedded && !existing && hello.brokers.length === 1 ? OURS.filter((kind) => !hello.faults.includes(kind)) : []

export class StdioFaults implements FaultActions {
  readonly kinds: ReadonlySet<FaultKind>
  readonly unavailable: ReadonlyMap<FaultKind, string>
  private readonly ours: ReadonlySet<FaultKind>
  private readonly adapter: Adapter
  private readonly brokers: readonly string[]
  private readonly restart: () => Promise<void>
  /** Faults for whose length the process stays down, or stands still. */
  private readonly down = new Set<Fault>()
  private readonly paused = new Set<Fault>()
  /** With what tells of their effects. */
  private readonly begun = new Map<Fault, Effect>()

  /** `existing`: a broker that is not ours, of which nothing may be killed. */
  constructor(adapter: Adapter, hello: HelloAnswer, existing: boolean, wanted: ReadonlySet<FaultKind>, restart: () => Promise<void>) {
    this.adapter = adapter
    this.brokers = hello.brokers
    this.restart = restart
    this.ours = new Set(strikes(hello, existing))
    this.kinds = new Set([...hello.faults, ...this.ours])
    this.unavailable = new Map(
      [...wanted].filter((kind) => !this.kinds.has(kind)).map((kind) => [kind, `the adapter does not offer ${kind}`]),
    )
  }

  async begin(fault: Fault, effect: Effect): Promise<void> {
    if (!this.kinds.has(fault.kind)) return
    this.begun.set(fault, effect)
    this.adapter.faultBegins()
    if (!this.ours.has(fault.kind)) {
      const answer = await this.adapter.request('fault', { phase: 'begin', fault })
      if (answer.type === 'ok') {
        effect()
        for (const kind of answer.also) effect(kind)
      }
      if (!('forUs' in fault)) this.isOver(fault)
    } else if (this.brokers.includes(fault.on)) {
      await this.strike(fault, effect)
    }
  }

  private async strike(fault: Fault, effect: Effect): Promise<void> {
    const { up } = this.adapter
    if (up) effect()
    if (fault.kind === 'pause') {
      if (!up) return
      this.paused.add(fault)
      this.adapter.pause()
      return
    }
    this.down.add(fault)
    if (fault.kind !== 'gracefulRestart') return this.adapter.kill()
    if (!(await this.adapter.stop(STOP_LIMIT_MS))) effect('processKill')
  }

  async end(fault: Fault): Promise<void> {
    const effect = this.begun.get(fault)
    if (effect === undefined) return
    this.begun.delete(fault)
    try {
      if (!this.ours.has(fault.kind)) await this.tellEnd(fault, effect)
      else if (this.paused.delete(fault)) {
        if (this.paused.size === 0) this.adapter.resume()
      } else if (this.down.delete(fault) && this.down.size === 0 && !this.adapter.up) await this.restart()
    } finally {
      this.adapter.faultEnds(!this.ours.has(fault.kind))
    }
  }

  /** A fault without an end is over when it has happened: it explains no silence of the days to come. */
  private isOver(fault: Fault): void {
    if (this.begun.delete(fault)) this.adapter.faultEnds(true)
  }

  elsewhere(phase: 'begin' | 'end'): void {
    if (phase === 'begin') this.adapter.faultBegins()
    else this.adapter.faultEnds(true)
  }

  private async tellEnd(fault: Fault, effect: Effect): Promise<void> {
    const answer = await this.adapter.request('fault', { phase: 'end', fault })
    if (answer.type === 'ok') {
      for (const kind of answer.also) effect(kind)
      return
    }
    throw new BrokerDown(`the adapter could not end ${fault.kind} of ${fault.on}: ${'status' in answer ? answer.status : answer.type}`)
  }
}
