/**
 * What happened to messages, in numbers that people compare with other tools: from the history alone, whatever the contract says of it.
 * Sentinels are mqproof's own and are left out.
 */
import { Ledger } from '../../check/ledger.ts'
import type { RunResult } from '../../harness/run-plan.ts'
import type { Event } from '../../history/event.ts'
import type { Plan } from '../../plan/plan.ts'
import { script } from '../../plan/script.ts'

export interface Counts {
  /** Sends that were acknowledged. */
  readonly acked: number
  /** Of these, messages whose queue the audit has read. */
  readonly looked: number
  /** Of these, messages that it did not find there. */
  readonly lost: number
  /** Times that a group finished a message which it had finished before. */
  readonly duplicated: number
  /** Of these, messages that lie before one that was acknowledged before they were sent: what ORD-1 finds. */
  readonly reordered: number
  /** First deliveries that came after a message of the same queue whose send began only after theirs was acknowledged. */
  readonly overtaken: number
  /** Sends of which nobody can say whether they are stored. */
  readonly indeterminate: number
  readonly rounds: number
}

export const NO_COUNTS: Counts = { acked: 0, looked: 0, lost: 0, duplicated: 0, reordered: 0, overtaken: 0, indeterminate: 0, rounds: 0 }

export const addCounts = (x: Counts, y: Counts): Counts => ({
  acked: x.acked + y.acked,
  looked: x.looked + y.looked,
  lost: x.lost + y.lost,
  duplicated: x.duplicated + y.duplicated,
  reordered: x.reordered + y.reordered,
  overtaken: x.overtaken + y.overtaken,
  indeterminate: x.indeterminate + y.indeterminate,
  rounds: x.rounds + y.rounds,
})

/** Where none of n was lost, the rate of loss is below 3/n with 95 % confidence (the rule of three); null where that says nothing. */
export const lossRateMax = ({ looked, lost }: Counts): number | null => (lost > 0 || looked === 0 ? null : Math.min(1, 3 / looked))

interface Sent {
  readonly invokedAt: number
  readonly delayed: boolean
  ackedAt: number
}

/** First deliveries in one queue, to one group. */
interface Stream {
  readonly seen: Set<number>
  /** The latest beginning of a send among them. */
  newest: number
}

class Counter {
  private readonly sends = new Map<number, Sent>()
  /** The checkers' own account of what was acknowledged, and of what the audit found. */
  private readonly ledger: Ledger
  private readonly finished = new Set<string>()
  /** Delayed messages that were delivered, or read at the end, wherever: where they were acknowledged nobody can look. */
  private readonly seen = new Set<number>()
  private readonly audited = new Set<string>()
  private readonly streams = new Map<string, Stream>()
  private readonly sentinelFrom: number
  private duplicated = 0
  private overtaken = 0

  constructor(plan: Plan) {
    this.ledger = new Ledger(plan.cluster)
    this.sentinelFrom = script(plan).sentinelFrom
  }

  on(event: Event, seq: number): void {
    this.ledger.on(event)
    if (event.type === 'invoke' && event.f === 'send') {
      if (event.op < this.sentinelFrom && !event.v.half) {
        this.sends.set(event.op, { invokedAt: seq, delayed: event.v.delay !== undefined, ackedAt: -1 })
      }
    } else if (event.type === 'ok' && event.f === 'pull') {
      this.seen.add(event.v.message)
    } else if (event.type === 'ok' && event.f === 'audit') {
      this.audited.add(event.v.topic)
    } else if (event.type === 'invoke' && event.f === 'consume') {
      this.delivered(event.v.message, `${event.v.group} ${event.v.topic}:${event.v.queue}`)
    } else if (event.type === 'ok' && event.f === 'send') {
      const sent = this.sends.get(event.op)
      if (sent !== undefined) sent.ackedAt = seq
    } else if (event.type === 'ok' && event.f === 'consume') {
      this.done(event.v.group, event.v.message)
    } else if (event.type === 'fail' && event.f === 'send') this.sends.delete(event.op)
  }

  private done(group: string, message: number): void {
    if (!this.sends.has(message)) return
    const id = `${group} ${message}`
    if (this.finished.has(id)) this.duplicated++
    this.finished.add(id)
  }

  private delivered(message: number, where: string): void {
    const sent = this.sends.get(message)
    if (sent === undefined) return
    // What is delayed is overtaken, as was wanted.
    if (sent.delayed) return void this.seen.add(message)
    const stream = this.streams.get(where) ?? { seen: new Set<number>(), newest: -1 }
    this.streams.set(where, stream)
    if (stream.seen.has(message)) return
    stream.seen.add(message)
    if (sent.ackedAt >= 0 && sent.ackedAt < stream.newest) this.overtaken++
    stream.newest = Math.max(stream.newest, sent.invokedAt)
  }

  counts(reordered: number): Counts {
    const { acknowledged } = this.ledger
    acknowledged.settle()
    const acked = acknowledged.list.filter(({ ok }) => this.sends.has(ok.op))
    const delayed = acknowledged.delayed.filter(({ ok }) => this.sends.has(ok.op))
    const delayedLooked = delayed.filter(({ ok }) => this.audited.has(ok.v.topic))
    const all = acked.length + delayed.length
    return {
      acked: all,
      looked: acked.filter(({ fate }) => fate !== 'not audited').length + delayedLooked.length,
      lost: acked.filter(({ fate }) => fate === 'lost').length + delayedLooked.filter(({ ok }) => !this.seen.has(ok.op)).length,
      duplicated: this.duplicated,
      reordered,
      overtaken: this.overtaken,
      indeterminate: this.sends.size - all,
      rounds: 1,
    }
  }
}

/** The counts of one round. */
export function countsOf({ plan, events, findings }: Pick<RunResult, 'plan' | 'events' | 'findings'>): Counts {
  const counter = new Counter(plan)
  events.forEach((event, seq) => counter.on(event, seq))
  return counter.counts(findings.get('ORD-1')?.anomalies.length ?? 0)
}
