/**
 * ORD-5: a topic whose messages are kept in order by their keys gets more queues, and they stay in order. Of two messages that one producer sends
 * with a key, one by the old list of queues and, once that is acknowledged, one by a longer list of the same brokers, the first is processed first.
 */
import type { Event, Header } from '../history/event.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { growthOf, isGrown } from './growth.ts'
import { checker, evidence } from './judge.ts'
import { HEARD, inversion, inversionFacts, inverted, KeyedOrder, type First, type Pair } from './keyed-order.ts'
import type { Ledger } from './ledger.ts'
import { withoutOrderly } from './orderly-groups.ts'

class Ord5 implements Judge {
  /** Two messages of a key with a growth between them that sent the key to another queue. */
  first: Pair | null = null
  private readonly ledger: Ledger
  private readonly order: KeyedOrder
  private chances = 0
  private readonly anomalies: Anomaly[] = []

  constructor(header: Header, ledger: Ledger) {
    this.ledger = ledger
    this.order = new KeyedOrder(header, ledger)
  }

  on(event: Event): void {
    this.order.on(event)
  }

  /** Of what was processed before, the latest sent and the earliest acknowledged by each list: there are few lists. */
  private judge(processed: readonly First[]): void {
    const latest = new Map<string, First>()
    const earliest = new Map<string, First>()
    for (const one of processed) {
      for (const other of latest.values()) this.look({ before: one, after: other }, true)
      for (const other of earliest.values()) this.look({ before: other, after: one }, false)
      const list = `${one.keyed.list?.brokers.join(' ') ?? ''} ${one.keyed.list?.queues ?? 0}`
      if ((latest.get(list)?.keyed.began ?? -1) < one.keyed.began) latest.set(list, one)
      if ((earliest.get(list)?.keyed.ackedAt ?? Infinity) > one.keyed.ackedAt) earliest.set(list, one)
    }
  }

  private look(pair: Pair, isInverted: boolean): void {
    if (pair.before.keyed.ackedAt >= pair.after.keyed.began || !isGrown(pair)) return
    // A key that stays in its queue is in order by that queue alone.
    if (pair.before.ack.v.queue !== pair.after.ack.v.queue) {
      this.chances++
      this.first ??= pair
    }
    if (isInverted) this.report(pair)
  }

  private report(pair: Pair): void {
    const { v } = pair.after.ack
    const growth = growthOf(this.ledger.operator.changesOf(v.topic, v.broker), pair)
    this.anomalies.push({
      guarantee: 'ORD-5',
      name: 'inverted',
      t: pair.before.event.t,
      facts: { ...inversionFacts(this.ledger, pair), growth, inOrder: growth === 'right' },
      ...inversion(this.ledger, pair),
    })
  }

  end(): Findings {
    for (const processed of this.order.lines()) this.judge(processed)
    const example = 'two messages of a key were sent to different queues by lists of different lengths, and processed'
    return { anomalies: this.anomalies, evidence: evidence(this.chances, () => example) }
  }
}

export const ord5: Checker = checker(
  'ORD-5',
  ['send', 'attempt', 'consume', 'resize'],
  HEARD,
  (header, ledger) => new Ord5(header, ledger),
  ({ first }, events) => inverted(events, first),
  (header) => ((header.resized ?? []).length > 0 ? withoutOrderly(header) : 'no topic was given other numbers of queues'),
)
