/**
 * ALO-3 for groups that pop, which take up no queue: a message that was taken is given away again only when its invisible time is over, not
 * at all once the broker has taken note of an acknowledgement in that time, and from its own queue once only, unless the group listens in
 * order.
 *
 * A message that a producer's retry has stored twice is two messages to the broker, and nobody can tell their deliveries apart: it is not
 * judged. Neither is one that was hidden for another time when its first time was over, or for which that is not known: it has come to have
 * two lives.
 */
import type { ConsumeInvoke, Place } from '../history/event.ts'
import type { Ack, Hide } from '../history/popped.ts'
import type { Us } from '../plan/units.ts'
import type { Anomaly } from './checker.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { placeFacts, samePlace, showPlace } from './per-queue.ts'

interface Taking {
  place: Place
  /** When it is visible again. */
  until: Us
  acked: boolean
  /** It was asked to be hidden for another time, and nobody knows yet whether it is. */
  hiding: boolean
  /** It may have two lives. */
  unclear: boolean
}

interface Chance {
  readonly index: number
  readonly delivery: ConsumeInvoke
}

export class PopRedelivery {
  /** Acknowledgements in time: the event, and what it could come again as. */
  private readonly chances: Chance[] = []
  private readonly ledger: Ledger
  private readonly inOrder: ReadonlySet<string>
  private readonly groups = new Map<string, NumberMap<Taking>>()
  private readonly deliveries = new NumberMap<ConsumeInvoke>()
  /** message → the queue of its topic that it was first seen in; messages that were seen in several. */
  private readonly homes = new NumberMap<Place>()
  private readonly doubles = new Set<number>()
  private readonly anomalies: Anomaly[] = []

  constructor(ledger: Ledger, groups: ReadonlySet<string>, inOrder: ReadonlySet<string>) {
    this.ledger = ledger
    this.inOrder = inOrder
    for (const group of groups) this.groups.set(group, new NumberMap<Taking>())
  }

  delivered(event: ConsumeInvoke): void {
    const { v } = event
    const takings = this.groups.get(v.group)
    if (takings === undefined || v.hiddenForUs === undefined) return
    this.deliveries.set(v.message, event)
    if (!this.ledger.ownTopics.has(v.topic)) this.seen(v)
    const known = takings.get(v.message)
    const unclear = known !== undefined && (known.unclear || known.hiding)
    if (known !== undefined && !unclear) this.again(event, known)
    takings.set(v.message, { place: v, until: event.t + v.hiddenForUs, acked: false, hiding: false, unclear })
  }

  private seen(place: Place & { message: number }): void {
    const home = this.homes.get(place.message)
    if (home === undefined) this.homes.set(place.message, place)
    else if (!samePlace(home, place)) this.doubles.add(place.message)
  }

  private again(event: ConsumeInvoke, known: Taking): void {
    const name = this.ledger.names.of(event.v.message)
    const where = `${name} (${showPlace(event.v)})`
    if (known.acked)
      this.report('redelivered acknowledged', event, `${where} was delivered again after ${event.v.group} had acknowledged it`)
    else if (event.t < known.until) {
      const early = `${where} was delivered to ${event.p} while it was hidden: ${event.v.group} had been given it at ${showPlace(known.place)}`
      this.report('redelivered early', event, early)
    } else if (samePlace(known.place, event.v) && !this.inOrder.has(event.v.group))
      this.report('regressed', event, `${where} was popped from the same place a second time`)
  }

  acked({ t, v }: Ack): void {
    const taking = this.groups.get(v.group)?.get(v.message)
    if (taking === undefined || t >= taking.until || !samePlace(taking.place, v)) return
    taking.acked = true
    const delivery = this.deliveries.get(v.message)
    if (delivery !== undefined) this.chances.push({ index: this.ledger.seq, delivery })
  }

  hides(event: Hide): void {
    const { t, v } = event
    const taking = this.groups.get(v.group)?.get(v.message)
    if (taking === undefined || !samePlace(taking.place, v)) return
    if (event.type === 'invoke') {
      taking.hiding = true
    } else if (t < taking.until) {
      taking.hiding = false
      taking.until = t + event.v.hiddenForUs
    }
  }

  private report(name: string, event: ConsumeInvoke, summary: string): void {
    const { v } = event
    const broker = v.broker ?? ''
    this.anomalies.push({
      guarantee: 'ALO-3',
      name,
      summary,
      t: event.t,
      facts: {
        group: v.group,
        message: v.message,
        ...placeFacts(v),
        consumer: event.p,
        broker,
        pop: true,
        crashed: this.ledger.faults.lastCrash(broker, -1) !== null,
      },
      events: [event.i],
    })
  }

  /** What is left once it is known which messages were stored twice. */
  end(): { readonly anomalies: readonly Anomaly[]; readonly chances: readonly Chance[] } {
    const found = this.ledger.acknowledged.doubles()
    const isOne = (message: number): boolean => !this.doubles.has(message) && !found.has(message)
    return {
      anomalies: this.anomalies.filter(({ facts }) => isOne(facts['message'] as number)),
      chances: this.chances.filter(({ delivery }) => isOne(delivery.v.message)),
    }
  }
}
