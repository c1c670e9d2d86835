/**
 * ORD-4: per-key order from end to end. Of the messages that one producer sends with a key, to the queue that a selector chooses by the key,
 * one that was acknowledged before another was sent is first processed before it in an orderly group. Sends that overlap have no order. A history
 * without attempts says nothing of lists that changed, and nothing is excused by them.
 */
import type { Event, Header } from '../history/event.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { checker, evidence } from './judge.ts'
import { HEARD, inversion, inversionFacts, inverted, KeyedOrder, type First, type Keyed, type Pair } from './keyed-order.ts'
import type { Ledger } from './ledger.ts'
import { withoutOrderly } from './orderly-groups.ts'

const listOf = ({ list }: Keyed): string => (list === null ? '' : [...list.brokers, list.queues].join(' '))

class Ord4 implements Judge {
  /** Two messages of a key that were sent, and processed, one after the other. */
  first: Pair | null = null
  private readonly ledger: Ledger
  private readonly order: KeyedOrder
  private readonly resized: ReadonlySet<string>
  private chances = 0
  private readonly anomalies: Anomaly[] = []

  constructor(header: Header, ledger: Ledger) {
    this.ledger = ledger
    this.order = new KeyedOrder(header, ledger)
    this.resized = new Set(header.resized)
  }

  on(event: Event): void {
    this.order.on(event)
  }

  private judge(processed: readonly First[]): void {
    let earliest: First | null = null
    let latest: First | null = null
    for (const one of processed) {
      const { ackedAt, began } = one.keyed
      if (latest !== null && ackedAt < latest.keyed.began) {
        this.chance({ before: one, after: latest })
        this.report({ before: one, after: latest })
      } else if (earliest !== null && earliest.keyed.ackedAt < began) {
        this.chance({ before: earliest, after: one })
      }
      if (latest === null || began > latest.keyed.began) latest = one
      if (earliest === null || ackedAt < earliest.keyed.ackedAt) earliest = one
    }
  }

  private chance(pair: Pair): void {
    this.chances++
    this.first ??= pair
  }

  private report(pair: Pair): void {
    const { before, after } = pair
    this.anomalies.push({
      guarantee: 'ORD-4',
      name: 'inverted',
      t: before.event.t,
      facts: {
        ...inversionFacts(this.ledger, pair),
        listChanged: listOf(before.keyed) !== listOf(after.keyed),
        resized: this.resized.has(before.keyed.send.v.topic),
      },
      ...inversion(this.ledger, pair),
    })
  }

  end(): Findings {
    for (const processed of this.order.lines()) this.judge(processed)
    return { anomalies: this.anomalies, evidence: evidence(this.chances, () => 'two messages of a key were acknowledged and processed') }
  }
}

export const ord4: Checker = checker(
  'ORD-4',
  ['send', 'consume'],
  HEARD,
  (header, ledger) => new Ord4(header, ledger),
  ({ first }, events) => inverted(events, first),
  withoutOrderly,
)
