/**
 * What happened to messages, in numbers that people compare with other tools: from the history alone, whatever the contract says of it.
 * Sentinels are mqproof's own and are left out.
 */
import type { ClientEvent, Event, SendOk } from '../../history/event.ts'

export interface Counts {
  /** Sends that were acknowledged. */
  readonly acked: number
  /** Of these, messages that the audit did not find in their queue. */
  readonly lost: number
  /** Times that a group finished a message which it had finished before. */
  readonly duplicated: number
  /** First deliveries that came after a message of the same queue whose send began only after theirs was acknowledged. */
  readonly reordered: number
  /** Sends of which nobody can say whether they are stored. */
  readonly indeterminate: number
  readonly rounds: number
}

export const NO_COUNTS: Counts = { acked: 0, lost: 0, duplicated: 0, reordered: 0, indeterminate: 0, rounds: 0 }

export const addCounts = (x: Counts, y: Counts): Counts => ({
  acked: x.acked + y.acked,
  lost: x.lost + y.lost,
  duplicated: x.duplicated + y.duplicated,
  reordered: x.reordered + y.reordered,
  indeterminate: x.indeterminate + y.indeterminate,
  rounds: x.rounds + y.rounds,
})

/** Where none of n was lost, the rate of loss is below 3/n with 95 % confidence (the rule of three); null where that says nothing. */
export const lossRateMax = ({ acked, lost }: Counts): number | null => (lost > 0 || acked === 0 ? null : Math.min(1, 3 / acked))

interface Sent {
  readonly invokedAt: number
  ackedAt: number
  queue: string
}

/** First deliveries in one queue, to one group. */
interface Stream {
  readonly seen: Set<number>
  /** The latest beginning of a send among them. */
  newest: number
}

class Counter {
  private readonly sends = new Map<number, Sent>()
  private readonly found = new Set<number>()
  private readonly audited = new Set<string>()
  private readonly finished = new Set<string>()
  private readonly streams = new Map<string, Stream>()
  private readonly sentinelFrom: number
  private duplicated = 0
  private reordered = 0

  constructor(sentinelFrom: number) {
    this.sentinelFrom = sentinelFrom
  }

  on(event: Event, seq: number): void {
    if (event.type === 'invoke' && event.f === 'send') {
      if (event.op < this.sentinelFrom && !event.v.half) this.sends.set(event.op, { invokedAt: seq, ackedAt: -1, queue: '' })
    } else if (event.type === 'invoke' && event.f === 'consume') {
      this.delivered(event.v.message, `${event.v.group} ${event.v.topic}:${event.v.queue}`)
    } else if (event.type === 'ok') this.succeeded(event, seq)
    else if (event.type === 'fail' && event.f === 'send') this.sends.delete(event.op)
  }

  private succeeded(event: ClientEvent, seq: number): void {
    switch (event.f) {
      case 'send':
        if (event.type === 'ok') this.acked(event, seq)
        return
      case 'consume':
        this.done(event.v.group, event.v.message)
        return
      case 'pull':
        this.found.add(event.v.message)
        return
      case 'audit':
        this.audited.add(`${event.v.topic}:${event.v.queue}`)
        return
      default:
        return
    }
  }

  private acked({ op, v }: SendOk, seq: number): void {
    const sent = this.sends.get(op)
    if (sent === undefined) return
    sent.ackedAt = seq
    sent.queue = `${v.topic}:${v.queue}`
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
    const stream = this.streams.get(where) ?? { seen: new Set<number>(), newest: -1 }
    this.streams.set(where, stream)
    if (stream.seen.has(message)) return
    stream.seen.add(message)
    if (sent.ackedAt >= 0 && sent.ackedAt < stream.newest) this.reordered++
    stream.newest = Math.max(stream.newest, sent.invokedAt)
  }

  counts(): Counts {
    const sends = [...this.sends]
    const acked = sends.filter(([, sent]) => sent.ackedAt >= 0)
    const lost = acked.filter(([op, { queue }]) => this.audited.has(queue) && !this.found.has(op))
    return {
      acked: acked.length,
      lost: lost.length,
      duplicated: this.duplicated,
      reordered: this.reordered,
      indeterminate: sends.length - acked.length,
      rounds: 1,
    }
  }
}

/** The counts of one round. Operations from `sentinelFrom` on are sentinels. */
export function countsOf(events: readonly Event[], sentinelFrom: number): Counts {
  const counter = new Counter(sentinelFrom)
  events.forEach((event, seq) => counter.on(event, seq))
  return counter.counts()
}
