/**
 * DUR-3: recovery well-formedness. After a crash the log ends at the end of a record, each queue index holds one entry for each record,
 * in its place, and none for a record that is gone; keys are found as before; and the broker takes messages again.
 *
 * The order of a recovery's events: entries built anew, then how far the log goes, then what the indexes hold.
 */
import type { Dispatch, Event, Recovered, RecoveredIndex, SendInvoke, WhiteEvent } from '../history/event.ts'
import type { Anomaly, Checker, Drain, Findings, Judge } from './checker.ts'
import { eventAt, replaced } from './edit.ts'
import { CRASHES } from './fault-log.ts'
import { checker, evidence, whenDrained } from './judge.ts'
import type { Ledger } from './ledger.ts'
import type { LogMirror } from './log-mirror.ts'
import { PerQueue, showPlace, showQueue } from './per-queue.ts'

interface Index {
  broker: string
  /** The next entry's place. */
  next: number
  /** One more than the largest offset in the log; of any record, and of those that a client may read. */
  top: number
  readable: number
}

interface Broker {
  readonly name: string
  readonly log: LogMirror
  /** Between its crash and its report. */
  recovering: boolean
  /** Its report has begun, and its indexes are not yet compared with its log. */
  reporting: boolean
  recoveries: number
  /** Sends since it last recovered, after all faults had ended. */
  tries: number
  resumed: boolean
}

/** So many sends in vain, and the broker does not merely have bad luck. */
const TRIES = 3

class Dur3 implements Judge {
  /** A recovery, and a position inside a record at which the log could have been cut. */
  first: { readonly index: number; readonly inside: number; readonly broker: string } | null = null
  private readonly ledger: Ledger
  private chances = 0
  private healed = false
  /** The run came to rest: who stores by himself goes on, and nobody waits for the index of that. */
  private rested = false
  private readonly brokers = new Map<string, Broker>()
  private readonly indexes = new PerQueue<Index>(() => ({ broker: '', next: 0, top: 0, readable: 0 }))
  private readonly anomalies: Anomaly[] = []

  constructor(ledger: Ledger) {
    this.ledger = ledger
  }

  private broker(name: string): Broker {
    let broker = this.brokers.get(name)
    if (broker === undefined) {
      broker = { name, log: this.ledger.logs.of(name), recovering: false, reporting: false, recoveries: 0, tries: 0, resumed: false }
      this.brokers.set(name, broker)
    }
    return broker
  }

  on(event: Event): void {
    switch (event.type) {
      case 'white':
        this.white(event)
        return
      case 'invoke':
        if (event.f === 'send' && this.healed) this.tried(event)
        return
      case 'ok':
        if (event.f === 'send') this.broker(event.v.broker).resumed = true
        return
      case 'fault':
        if (event.effective && CRASHES.has(event.kind)) this.broker(event.on).recovering = true
        return
      case 'phase':
        if (event.phase === 'heal') this.healed = true
        else if (event.phase === 'drained') this.rested = true
        return
      default:
        return
    }
  }

  private white(event: WhiteEvent): void {
    switch (event.f) {
      case 'append': {
        const { v } = event
        this.settled(event.p)
        const index = this.indexes.of(v.topic, v.queue)
        index.broker = event.p
        index.top = v.offset + 1
        if (!v.half && !this.rested) index.readable = v.offset + 1
        return
      }
      case 'dispatch':
        return this.dispatched(event)
      case 'recovered':
        return this.recovered(event)
      case 'recoveredQueue': {
        const index = this.indexes.of(event.v.topic, event.v.queue)
        index.broker = event.p
        index.next = event.v.max
        return
      }
      case 'recoveredIndex':
        return this.keys(event)
      case 'up':
      case 'down':
        this.broker(event.p).recovering = true
        return
      default:
        return
    }
  }

  private recovered(event: Recovered): void {
    const broker = this.broker(event.p)
    const { gone } = this.ledger
    const last = gone[0] ?? broker.log.records[broker.log.records.length - 1]
    if (last !== undefined) {
      this.chances++
      broker.recoveries++
      if (last.v.size > 1) this.first ??= { index: this.ledger.seq, inside: last.v.at + 1, broker: event.p }
    }
    const cut = gone[gone.length - 1]
    if (cut !== undefined && cut.v.at < event.v.end) {
      this.report(
        'cut inside a record',
        event,
        event.p,
        { end: event.v.end },
        `${event.p} recovered its log up to ${event.v.end}, inside the record at ${cut.v.at}`,
      )
    }
    for (const { v } of gone) {
      const index = this.indexes.of(v.topic, v.queue)
      index.top = Math.min(index.top, v.offset)
      index.readable = Math.min(index.readable, v.offset)
    }
    for (const { value } of this.indexes.entries()) if (value.broker === event.p) value.next = 0
    Object.assign(broker, { recovering: false, reporting: true, tries: 0, resumed: false })
  }

  private keys(event: RecoveredIndex): void {
    const first = this.broker(event.p).log.records[0]
    if (first === undefined || first.v.at >= event.v.from) return
    this.report(
      'key index incomplete',
      event,
      event.p,
      { from: event.v.from },
      `${event.p} recovered no keys for the records below ${event.v.from}, which its log still holds`,
    )
  }

  /** A broker whose report is over: its indexes may now be compared with its log. */
  private settled(name: string): Broker {
    const broker = this.broker(name)
    if (!broker.reporting) return broker
    broker.reporting = false
    for (const { topic, queue, value } of this.indexes.entries()) {
      if (value.broker !== name || value.next <= value.top) continue
      this.report(
        'dangling index entry',
        null,
        name,
        { topic, queue, offset: value.top },
        `after recovery the index of ${showQueue(topic, queue)} goes on to ${value.next}, and the log of ${name} to ${value.top}`,
      )
    }
    return broker
  }

  private dispatched(event: Dispatch): void {
    const { v, p } = event
    const broker = this.settled(p)
    const index = this.indexes.of(v.topic, v.queue)
    const record = this.ledger.entered
    const facts = { topic: v.topic, queue: v.queue, offset: v.offset, at: v.at }
    if (record === undefined) {
      this.report(
        'dangling index entry',
        event,
        p,
        facts,
        `the entry ${showPlace(v)} points to ${v.at}, where the log of ${p} holds no record`,
      )
    } else if (record.v.offset !== v.offset || record.v.queue !== v.queue || record.v.topic !== v.topic) {
      this.report('misplaced index entry', event, p, facts, `the record of ${showPlace(record.v)} got the entry ${showPlace(v)}`)
    } else if (!broker.recovering && v.offset !== index.next) {
      this.report('misplaced index entry', event, p, facts, `the entry ${showPlace(v)} was built when ${index.next} was the next one`)
    }
    index.next = v.offset + 1
  }

  private tried(send: SendInvoke): void {
    if (send.v.queue === null) return
    const { broker } = this.indexes.of(send.v.topic, send.v.queue)
    if (broker !== '') this.broker(broker).tries++
  }

  private report(name: string, event: Event | null, broker: string, facts: Anomaly['facts'], summary: string): void {
    const lastCrash = this.ledger.faults.culprit(broker, -1)?.kind ?? 'none'
    const events = event === null ? [] : [event.i]
    this.anomalies.push({ guarantee: 'DUR-3', name, summary, t: event?.t ?? -1, facts: { ...facts, broker, lastCrash }, events })
  }

  private missing(): void {
    for (const { topic, queue, value } of this.indexes.entries()) {
      if (value.next >= value.readable) continue
      this.report(
        'missing index entry',
        null,
        value.broker,
        { topic, queue, offset: value.next },
        `the log of ${value.broker} holds ${showQueue(topic, queue)} up to ${value.readable}, its index only up to ${value.next}`,
      )
    }
  }

  end(drain: Drain): Findings {
    for (const name of this.brokers.keys()) this.settled(name)
    if (drain.drained) this.missing()
    else for (const broker of this.brokers.values()) this.resumption(broker)
    return whenDrained(
      drain,
      evidence(this.first === null ? 0 : this.chances, () => `${this.first?.broker ?? ''} recovered a log that had held records`),
      this.anomalies,
    )
  }

  private resumption({ name, recoveries, tries, resumed }: Broker): void {
    if (recoveries === 0 || resumed || tries < TRIES) return
    this.report(
      'does not resume',
      null,
      name,
      { tries },
      `${name} has acknowledged none of ${tries} sends since it recovered, although all faults had ended`,
    )
  }
}

const isRecovered = (event: Event): event is Recovered => event.type === 'white' && event.f === 'recovered'

export const dur3: Checker = checker(
  'DUR-3',
  ['white:append', 'white:dispatch', 'white:recovered', 'white:recoveredQueue'],
  [
    'white append',
    'white dispatch',
    'white recovered',
    'white recoveredQueue',
    'white recoveredIndex',
    'white up',
    'white down',
    'invoke send',
    'ok send',
    'fault',
    'phase',
  ],
  (_header, ledger) => new Dur3(ledger),
  (judge, events) => {
    const { first } = judge
    if (first === null) throw new Error('evidence without a chance')
    const recovered = eventAt(events, first.index, isRecovered)
    return replaced(events, first.index, { ...recovered, v: { ...recovered.v, end: first.inside } })
  },
)
