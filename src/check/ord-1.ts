/**
 * ORD-1: append order per queue. What was acknowledged before another send began has the smaller offset. Only acknowledged offsets
 * count: a late copy of a retried send is a duplicate. Halves do not count: their offset is in another queue. Where the broker shows no
 * offsets, what counts is where the auditor finds the messages.
 */
import type { Event, SendOk } from '../history/event.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { eventAt, replaced } from './edit.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { isShown, PerQueue, showPlace, showQueue } from './per-queue.ts'
import { ReadOrder, type Pair } from './read-order.ts'

/** The acknowledgements that raised the largest offset of a queue, in order. */
class Maxima {
  private readonly seqs: number[] = []
  private readonly oks: SendOk[] = []

  /** The one with the largest offset among those before event `seq`. O(log n), and mostly the last. */
  before(seq: number): SendOk | null {
    let low = 0
    let high = this.seqs.length
    if (high > 0 && (this.seqs[high - 1] as number) < seq) return this.oks[high - 1] as SendOk
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.seqs[middle] as number) < seq) low = middle + 1
      else high = middle
    }
    return low === 0 ? null : (this.oks[low - 1] as SendOk)
  }

  add(seq: number, ok: SendOk): void {
    const last = this.oks[this.oks.length - 1]
    if (last !== undefined && last.v.offset >= ok.v.offset) return
    this.seqs.push(seq)
    this.oks.push(ok)
  }
}

/** `recent` holds the messages sent since the broker last lost something: a disorder among those has no such explanation. */
interface Line {
  readonly all: Maxima
  recent: Maxima
  lossSeq: number
}

class Ord1 implements Judge {
  first: { readonly index: number; readonly earlier: SendOk } | null = null
  private readonly ledger: Ledger
  private chances = 0
  private readonly lines = new PerQueue<Line>(() => {
    const all = new Maxima()
    return { all, recent: all, lossSeq: -1 }
  })
  readonly readings = new ReadOrder()
  private readonly anomalies: Anomaly[] = []

  constructor(ledger: Ledger) {
    this.ledger = ledger
  }

  on(event: Event): void {
    if (event.type !== 'ok') return
    if (event.f === 'pull') return this.readings.pulled(event)
    const { acked } = this.ledger
    if (event.f !== 'send' || acked === null) return
    if (isShown(event.v)) this.acked(event, acked.began)
    else this.readings.acked(acked)
  }

  private acked(ok: SendOk, began: number): void {
    const line = this.lines.of(ok.v.topic, ok.v.queue)
    const lossSeq = this.ledger.faults.lastLoss(ok.v.broker, -1)?.seq ?? -1
    if (lossSeq > line.lossSeq) {
      line.recent = new Maxima()
      line.lossSeq = lossSeq
    }
    this.compare(ok, line, began)
    line.all.add(this.ledger.seq, ok)
    if (line.recent !== line.all && began > lossSeq) line.recent.add(this.ledger.seq, ok)
  }

  private compare(ok: SendOk, line: Line, began: number): void {
    const earlier = line.all.before(began)
    if (earlier === null) return
    this.chances++
    this.first ??= { index: this.ledger.seq, earlier }
    const recent = line.recent.before(began)
    if (recent !== null && recent.v.offset >= ok.v.offset) this.report(recent, ok, 'none')
    else if (earlier.v.offset >= ok.v.offset) this.report(earlier, ok, this.ledger.faults.lossSince(ok.v.broker, -1))
  }

  private report(earlier: SendOk, ok: SendOk, loss: string): void {
    const { topic, queue, offset, broker } = ok.v
    const [before, after] = [this.ledger.names.of(earlier.op), this.ledger.names.of(ok.op)]
    this.anomalies.push({
      guarantee: 'ORD-1',
      name: 'reordered',
      summary: `${before} was acknowledged at ${showPlace(earlier.v)} before ${after} was sent, which got ${showPlace(ok.v)}`,
      t: ok.t,
      facts: { message: ok.op, earlier: earlier.op, topic, queue, offset, earlierOffset: earlier.v.offset, broker, loss },
      events: [earlier.i, ok.i],
    })
  }

  private reportReading({ earlier, later }: Pair): void {
    const { ok } = later
    const { topic, queue, offset, broker } = ok.v
    const [before, after] = [this.ledger.names.of(earlier.ok.op), this.ledger.names.of(ok.op)]
    this.anomalies.push({
      guarantee: 'ORD-1',
      name: 'reordered',
      summary: `${before} was acknowledged before ${after} was sent, and lies behind it in ${showQueue(topic, queue)}`,
      t: ok.t,
      facts: { message: ok.op, earlier: earlier.ok.op, topic, queue, offset, broker, loss: this.ledger.faults.lossSince(broker, -1) },
      events: [earlier.ok.i, ok.i],
    })
  }

  end(): Findings {
    for (const pair of this.readings.pairs()) {
      this.chances++
      if (pair.swapped) this.reportReading(pair)
    }
    return { anomalies: this.anomalies, evidence: evidence(this.chances, () => this.example()) }
  }

  private example(): string {
    if (this.first === null) return 'a send began after another was acknowledged, and both were found at the end'
    const { op, v } = this.first.earlier
    return `a send began after ${this.ledger.names.of(op)} was acknowledged at ${showPlace(v)}`
  }
}

const isSendOk = (event: Event): event is SendOk => event.type === 'ok' && event.f === 'send'

export const ord1: Checker = checker(
  'ORD-1',
  ['send'],
  ['ok send', 'ok pull'],
  (_header, ledger) => new Ord1(ledger),
  (judge, events) => {
    const { first } = judge
    if (first === null) {
      for (const pair of judge.readings.pairs()) return judge.readings.swap(events, pair)
      throw new Error('evidence without a chance')
    }
    const ok = eventAt(events, first.index, isSendOk)
    return replaced(events, first.index, { ...ok, v: { ...ok.v, offset: first.earlier.v.offset } })
  },
)
