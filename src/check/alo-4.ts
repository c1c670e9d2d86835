/** ALO-4: no invention, no corruption. Whatever is delivered or read was sent before, to that topic, with that content. */
import type { ConsumeInvoke, Event, Pull } from '../history/event.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { eventAt, replaced } from './edit.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { placeFacts, showPlace } from './per-queue.ts'

class Alo4 implements Judge {
  first: { readonly index: number; readonly place: string } | null = null
  private readonly ledger: Ledger
  private chances = 0
  private readonly anomalies: Anomaly[] = []

  constructor(ledger: Ledger) {
    this.ledger = ledger
  }

  on(event: Event): void {
    if (isReading(event)) this.read(event)
  }

  private read(event: ConsumeInvoke | Pull): void {
    const { v } = event
    this.chances++
    this.first ??= { index: this.ledger.seq, place: showPlace(v) }
    const send = this.ledger.sends.get(v.message)
    if (send === undefined) {
      return this.report('invented', event, `${showPlace(v)} holds ${this.ledger.names.of(v.message)}, which nobody had sent`, [event.i])
    }
    if (send.digest !== v.digest) {
      const name = this.ledger.names.of(v.message)
      this.report('corrupted', event, `${name} was read at ${showPlace(v)} with another content than was sent`, [send.i, event.i])
    }
    if (send.topic !== v.topic && !this.ledger.ownTopics.has(v.topic)) {
      const name = this.ledger.names.of(v.message)
      this.report('wrong topic', event, `${name} was sent to ${send.topic} and read at ${showPlace(v)}`, [send.i, event.i])
    }
  }

  private report(name: string, event: ConsumeInvoke | Pull, summary: string, events: number[]): void {
    const { v } = event
    const facts = {
      message: v.message,
      ...placeFacts(v),
      group: event.f === 'consume' ? event.v.group : '',
      effectiveFaults: this.ledger.faults.effective,
    }
    this.anomalies.push({ guarantee: 'ALO-4', name, summary, t: event.t, facts, events })
  }

  end(): Findings {
    return { anomalies: this.anomalies, evidence: evidence(this.chances, () => `${this.first?.place ?? ''} was read`) }
  }
}

const isReading = (event: Event): event is ConsumeInvoke | Pull =>
  (event.type === 'invoke' && event.f === 'consume') || (event.type === 'ok' && event.f === 'pull')

export const alo4: Checker = checker(
  'ALO-4',
  ['send', 'consume'],
  ['invoke consume', 'ok pull'],
  (_header, ledger) => new Alo4(ledger),
  (judge, events) => {
    const index = judge.first?.index ?? -1
    const reading = eventAt(events, index, isReading)
    const digest = reading.v.digest + 1
    return replaced(
      events,
      index,
      reading.f === 'pull' ? { ...reading, v: { ...reading.v, digest } } : { ...reading, v: { ...reading.v, digest } },
    )
  },
)
