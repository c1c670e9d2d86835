/**
 * IDM-2: identifiers are stable. One call to send has one msgId, wherever its message is seen, and shares it with no other call. A broker
 * and a physical offset, which make up RocketMQ's offsetMsgId, name one stored record.
 */
import type { Event, Pull } from '../history/event.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { eventAt, replaced } from './edit.ts'
import { Enough } from './enough.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { placeFacts, samePlace, showPlace } from './per-queue.ts'
import { messageOf, type Sighting } from './sighting.ts'

/** A sighting that shows ids. */
type Identified = Exclude<Sighting, Pull>

class Idm2 implements Judge {
  /** A sighting that could have shown another id than before. */
  first: number | null = null
  private readonly ledger: Ledger
  private chances = 0
  private shown = 0
  private readonly ids = new NumberMap<Identified>()
  private readonly owners = new Map<string, Identified>()
  /** broker → physical offset → what lies there. */
  private readonly records = new Map<string, Map<number, Identified>>()
  /** Two messages were seen in one place. */
  private mixed = false
  private readonly anomalies = new Enough()

  constructor(ledger: Ledger) {
    this.ledger = ledger
  }

  on(event: Event): void {
    if (event.type === 'invoke' ? event.f !== 'consume' : event.type !== 'ok' || event.f !== 'send') return
    const sighting = event as Identified
    const known = sighting.v.msgId === undefined ? undefined : this.named(sighting, sighting.v.msgId)
    const { broker, at } = sighting.v
    if (broker === undefined || broker === '' || at === undefined || at < 0) return
    // Seen there before: mostly a message is seen at one place, which is looked up once.
    if (known !== undefined && !this.mixed && known.v.at === at && known.v.broker === broker && samePlace(known.v, sighting.v)) return
    this.placed(sighting, broker, at)
  }

  /** Gives the first sighting of the message, if this is not it. */
  private named(event: Identified, msgId: string): Identified | undefined {
    const message = messageOf(event)
    this.shown++
    const known = this.ids.get(message)
    if (known !== undefined) {
      this.chances++
      this.first ??= this.ledger.seq
      if (known.v.msgId !== msgId) this.changed(known, event)
      return known
    }
    this.ids.set(message, event)
    const owner = this.owners.get(msgId)
    if (owner === undefined) this.owners.set(msgId, event)
    else this.shared(owner, event)
    return undefined
  }

  private placed(event: Identified, broker: string, at: number): void {
    let records = this.records.get(broker)
    if (records === undefined) this.records.set(broker, (records = new Map<number, Identified>()))
    const known = records.get(at)
    if (known === undefined) records.set(at, event)
    else if (messageOf(known) !== messageOf(event) || !samePlace(known.v, event.v)) {
      records.set(at, event)
      this.mixed = true
      this.reused(known, event, broker, at)
    }
  }

  private changed(known: Identified, event: Identified): void {
    const name = this.ledger.names.of(messageOf(event))
    const summary = `${name} had the msgId ${known.v.msgId ?? ''} and then ${event.v.msgId ?? ''}`
    this.report('id changed', known, event, summary, {})
  }

  private shared(owner: Identified, event: Identified): void {
    const [before, after] = [this.ledger.names.of(messageOf(owner)), this.ledger.names.of(messageOf(event))]
    this.report('id reused', owner, event, `${before} and ${after} have the same msgId ${event.v.msgId ?? ''}`, {})
  }

  private reused(known: Identified, event: Identified, broker: string, at: number): void {
    const [before, after] = [this.ledger.names.of(messageOf(known)), this.ledger.names.of(messageOf(event))]
    // Either may have been stored long before it was seen, but not before it was sent.
    const sent = [messageOf(known), messageOf(event)].map((message) => this.ledger.sends.get(message)?.seq ?? -1)
    const loss = this.ledger.faults.lossSince(broker, Math.min(...sent))
    const summary = `the record at ${at} of ${broker} was ${before} (${showPlace(known.v)}) and then ${after} (${showPlace(event.v)})`
    this.report('offset id reused', known, event, summary, { broker, at, loss })
  }

  private report(name: string, before: Identified, event: Identified, summary: string, facts: Anomaly['facts']): void {
    const message = messageOf(event)
    this.anomalies.add({
      guarantee: 'IDM-2',
      name,
      summary,
      t: event.t,
      facts: { message, earlier: messageOf(before), ...placeFacts(event.v), ...facts },
      events: [before.i, event.i],
    })
  }

  end(): Findings {
    const found = evidence(this.chances, () => 'a message was seen again, with its msgId')
    return { anomalies: this.anomalies.found, evidence: found, ...(this.shown === 0 ? { notExercised: 'the history shows no msgId' } : {}) }
  }
}

const isIdentified = (event: Event): event is Identified =>
  (event.type === 'invoke' && event.f === 'consume') || (event.type === 'ok' && event.f === 'send')

export const idm2: Checker = checker(
  'IDM-2',
  ['send', 'consume'],
  ['ok send', 'invoke consume'],
  (_header, ledger) => new Idm2(ledger),
  (judge, events) => {
    const index = judge.first ?? -1
    const event = eventAt(events, index, isIdentified)
    const msgId = `${event.v.msgId ?? ''}'`
    return replaced(events, index, event.f === 'send' ? { ...event, v: { ...event.v, msgId } } : { ...event, v: { ...event.v, msgId } })
  },
)
