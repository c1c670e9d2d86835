/**
 * DLY-3: levels and places. A message is delayed by the level that it asked for, or by the last one; it comes back in the topic and queue that its
 * sender was told; and what was acknowledged before another send of the same level and queue began lies before that.
 *
 * Whose level it was is known of the reference alone. What was sent more than once may be stored at another broker as well.
 */
import type { Attempt, Event, Header, Released, SendInvoke } from '../history/event.ts'
import { isDelayed, levelAsked, timeAsked } from '../plan/delay-levels.ts'
import type { QueueName } from '../plan/queues.ts'
import { seconds } from '../plan/units.ts'
import type { Acked } from './acknowledged.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { delayOf, levelInForce, nothingDelayed } from './delays.ts'
import { eventAt, replaced } from './edit.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { isShown, placeFacts, showPlace, showQueue } from './per-queue.ts'
import type { Sighting } from './sighting.ts'

type Reading = Exclude<Sighting, { readonly f: 'send' }>

interface Track {
  readonly topic: string
  /** Where attempts of its send went, and what its sender was told. */
  readonly queues: Set<QueueName>
  /** Queue → the first place at which it was seen there. */
  readonly offsets: Map<QueueName, number>
}

class Dly3 implements Judge {
  /** A sighting that could have been elsewhere. */
  first: { readonly index: number; readonly what: string } | null = null
  private readonly header: Header
  private readonly ledger: Ledger
  private chances = 0
  private readonly tracks = new NumberMap<Track>()
  private readonly readings: { readonly event: Reading; readonly index: number }[] = []
  private readonly anomalies: Anomaly[] = []

  constructor(header: Header, ledger: Ledger) {
    this.header = header
    this.ledger = ledger
  }

  on(event: Event): void {
    if (event.type === 'white') {
      if (event.f === 'released') this.released(event)
    } else if (event.type === 'invoke') {
      if (event.f === 'send') this.sent(event)
      else if (event.f === 'consume') this.read(event)
    } else if (event.type === 'info') {
      if (event.f === 'attempt') this.tried(event)
    } else if (event.type === 'ok') {
      if (event.f === 'send') this.tracks.get(event.op)?.queues.add(event.v.queue)
      else if (event.f === 'pull') this.read(event)
    }
  }

  private sent({ op, v }: SendInvoke): void {
    if (isDelayed(v.delay)) this.tracks.set(op, { topic: v.topic, queues: new Set(), offsets: new Map() })
  }

  private tried({ op, v }: Attempt): void {
    this.tracks.get(op)?.queues.add(v.queue)
  }

  /** Judged at the end: a message may be seen before its sender is told where it is. */
  private read(event: Reading): void {
    const { message, queue, offset } = event.v
    const track = this.tracks.get(message)
    // What comes again comes elsewhere, behind what was sent meanwhile.
    if (track === undefined || this.ledger.ownTopics.has(event.v.topic)) return
    this.readings.push({ event, index: this.ledger.seq })
    if (isShown(event.v)) track.offsets.set(queue, Math.min(offset, track.offsets.get(queue) ?? offset))
  }

  private released(event: Released): void {
    const { v } = event
    const sent = this.ledger.sends.get(v.message)
    // What a group has failed on waits by levels too, which nobody asked for; and there are no levels on the wheel (RMQ-123).
    if (sent === undefined || this.ledger.ownTopics.has(v.topic) || timeAsked(sent.delay) !== null) return
    const asked = levelAsked(sent.delay)
    const level = levelInForce(this.header, asked)
    const long = delayOf(this.header, sent.delay, v.storedUs)
    if (v.level === level && v.dueUs - v.storedUs === long) return
    const want = `level ${asked}, which is ${level === 0 ? 'none' : `${long / seconds(1)} s`}`
    const summary = `${this.ledger.names.of(v.message)} asked for ${want}, and was delayed by level ${v.level}, ${(v.dueUs - v.storedUs) / seconds(1)} s`
    this.report('wrong level', event, summary, { message: v.message, ...placeFacts(v), level: v.level, asked, broker: event.p })
  }

  private report(name: string, event: Event, summary: string, facts: Anomaly['facts']): void {
    this.anomalies.push({ guarantee: 'DLY-3', name, summary, t: event.t, facts, events: [event.i] })
  }

  end(): Findings {
    for (const { event, index } of this.readings) this.judgePlace(event, index)
    this.judgeOrder()
    const found = evidence(this.chances, () => `${this.first?.what ?? ''} was delayed, and could have come elsewhere`)
    return { anomalies: this.anomalies, evidence: found }
  }

  private judgePlace(event: Reading, index: number): void {
    const { v } = event
    const track = this.tracks.get(v.message)
    if (track === undefined || track.queues.size === 0 || track.queues.has('') || v.queue === '') return
    this.chances++
    this.first ??= { index, what: showPlace(v) }
    if (track.topic === v.topic && track.queues.has(v.queue)) return
    const asked = [...track.queues].map((queue) => showQueue(track.topic, queue)).join(' or ')
    const summary = `${this.ledger.names.of(v.message)} was sent to ${asked} with a delay, and came at ${showPlace(v)}`
    this.report('not restored', event, summary, { message: v.message, ...placeFacts(v), broker: 'broker' in v ? (v.broker ?? '') : '' })
  }

  /** Messages of one level and one queue, in the order in which they were acknowledged and in that in which their sends began. */
  private judgeOrder(): void {
    const lines = new Map<string, Acked[]>()
    for (const acked of this.ledger.acknowledged.delayed) {
      const { ok } = acked
      const asked = this.ledger.sends.get(ok.op)?.delay
      if (timeAsked(asked) !== null) continue
      const level = levelInForce(this.header, levelAsked(asked))
      const key = `${level} ${ok.v.broker} ${ok.v.topic} ${ok.v.queue}`
      if (this.placeOf(acked) >= 0) lines.set(key, [...(lines.get(key) ?? []), acked])
    }
    for (const line of lines.values()) this.judgeLine(line)
  }

  private placeOf({ ok }: Acked): number {
    return this.tracks.get(ok.op)?.offsets.get(ok.v.queue) ?? -1
  }

  /** `line` is in the order of acknowledgements. */
  private judgeLine(line: readonly Acked[]): void {
    let done = 0
    let furthest: Acked | null = null
    for (const acked of [...line].sort((x, y) => x.began - y.began)) {
      for (let one = line[done]; one !== undefined && one.seq < acked.began; one = line[++done])
        if (furthest === null || this.placeOf(one) > this.placeOf(furthest)) furthest = one
      if (furthest === null || this.placeOf(furthest) <= this.placeOf(acked)) continue
      const { ok } = acked
      const [before, after] = [this.ledger.names.of(furthest.ok.op), this.ledger.names.of(ok.op)]
      const summary = `${before} was acknowledged before ${after} of the same level was sent, and lies behind it in ${showQueue(ok.v.topic, ok.v.queue)}`
      const loss = this.ledger.faults.lossSince(ok.v.broker, -1)
      const facts = { message: ok.op, earlier: furthest.ok.op, ...placeFacts(ok.v), broker: ok.v.broker, loss, delayed: true }
      // Seen in the end alone: whatever struck meanwhile may explain it.
      const events = [furthest.ok.i, ok.i]
      this.anomalies.push({ guarantee: 'DLY-3', name: 'overtaken', summary, t: -1, facts, events })
    }
  }
}

const isReading = (event: Event): event is Reading =>
  (event.type === 'invoke' && event.f === 'consume') || (event.type === 'ok' && event.f === 'pull')

export const dly3: Checker = checker(
  'DLY-3',
  ['send', 'consume'],
  ['invoke send', 'info attempt', 'ok send', 'ok pull', 'invoke consume', 'white released'],
  (header, ledger) => new Dly3(header, ledger),
  ({ first }, events) => {
    const index = first?.index ?? -1
    const event = eventAt(events, index, isReading)
    const queue = `${event.v.queue}'`
    return replaced(events, index, event.f === 'pull' ? { ...event, v: { ...event.v, queue } } : { ...event, v: { ...event.v, queue } })
  },
  nothingDelayed,
)
