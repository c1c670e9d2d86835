/**
 * PUL-2: status and next offset. Every answer to a poll says where to ask next, so that a consumer which does as it is told sees every
 * stored message once, in order: nothing acknowledged is passed over, nothing comes twice, and a correction leads into the queue.
 */
import type { Assign, Event, Header, SendOk } from '../history/event.ts'
import type { PollInvoke, PollOk } from '../history/polls.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { eventAt, replaced } from './edit.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { isShown, PerGroupQueue, PerQueue, showPlace, showQueue } from './per-queue.ts'
import { wanting, type Wanting } from './wanting.ts'

/** Where one process was last told to go on in a queue. */
type Cursors = Map<string, number>

class Pul2 implements Judge {
  first = -1
  private readonly ledger: Ledger
  private chances = 0
  /** offset → the acknowledged message. */
  private readonly acked = new PerQueue<NumberMap<SendOk>>(() => new NumberMap())
  private readonly cursors = new PerGroupQueue<Cursors>(() => new Map())
  private readonly wants: Wanting
  private readonly anomalies: Anomaly[] = []

  constructor(header: Header, ledger: Ledger) {
    this.ledger = ledger
    this.wants = wanting(header, ledger)
  }

  on(event: Event): void {
    if (event.type === 'ok' && event.f === 'send') {
      if (this.ledger.acked !== null && isShown(event.v)) this.acked.of(event.v.topic, event.v.queue).set(event.v.offset, event)
    } else if (event.type === 'ok' && event.f === 'assign') this.assigned(event)
    else if (event.type === 'invoke' && event.f === 'poll') this.asked(event)
    else if (event.type === 'ok' && event.f === 'poll') this.answered(event)
  }

  private assigned({ p, v }: Assign): void {
    this.cursors.of(v.group, v.topic, v.queue).delete(p)
  }

  private asked(event: PollInvoke): void {
    const { p, v } = event
    const next = this.cursors.of(v.group, v.topic, v.queue).get(p)
    if (next === undefined || next === v.offset) return
    this.report('not followed', event, `${p} was told to go on at ${next} of ${showQueue(v.topic, v.queue)}, and asked from ${v.offset}`)
  }

  private answered(event: PollOk): void {
    const { p, v } = event
    this.chances++
    if (this.first < 0) this.first = this.ledger.seq
    if (v.status === 'OFFSET_ILLEGAL') {
      this.cursors.of(v.group, v.topic, v.queue).delete(p)
      if (v.next < v.min || v.next > v.max)
        this.report('astray', event, `${p} asked from ${showPlace(v)} and was sent to ${v.next}, outside of ${v.min}..${v.max}`)
      return
    }
    this.cursors.of(v.group, v.topic, v.queue).set(p, v.next)
    if (v.next > v.max)
      return this.report('astray', event, `${p} asked from ${showPlace(v)} and was sent on to ${v.next}, beyond the end at ${v.max}`)
    if (v.next < v.offset) return this.report('backwards', event, `${p} asked from ${showPlace(v)} and was sent back to ${v.next}`)
    if (!ascends(v)) return this.report('out of order', event, `${p} asked from ${showPlace(v)} and was given ${v.offsets.join(', ')}`)
    this.look(event)
  }

  /** What lies between where it asked and where it goes on must have come, if its group wants it. */
  private look(event: PollOk): void {
    const { p, v } = event
    if (v.next - v.offset === v.offsets.length) return
    const acked = this.acked.of(v.topic, v.queue)
    const given = new Set(v.offsets)
    for (let offset = v.offset; offset < v.next; offset++) {
      const ok = given.has(offset) ? undefined : acked.get(offset)
      if (ok === undefined || !this.wants(v.group, ok.op)) continue
      const what = `${p} was sent on to ${v.next} past ${this.ledger.names.of(ok.op)}, acknowledged at ${showPlace(ok.v)}`
      return this.report('passed over', event, what, { offset, message: ok.op, loss: this.ledger.faults.lossSince(ok.v.broker, -1) })
    }
  }

  private report(name: string, { i, t, p, v }: PollInvoke | PollOk, summary: string, more: Anomaly['facts'] = {}): void {
    const { group, topic, queue, offset } = v
    const facts = { group, topic, queue, offset, consumer: p, ...more }
    this.anomalies.push({ guarantee: 'PUL-2', name, summary, t, facts, events: [i] })
  }

  end(): Findings {
    return { anomalies: this.anomalies, evidence: evidence(this.chances, () => 'a poll was answered, and said where to go on') }
  }
}

const ascends = ({ offset, offsets, next, status }: PollOk['v']): boolean =>
  (status === 'FOUND') === offsets.length > 0 &&
  offsets.every((one, k) => one >= (k === 0 ? offset : (offsets[k - 1] ?? 0) + 1) && one < next)

const isPollOk = (event: Event): event is PollOk => event.type === 'ok' && event.f === 'poll'

export const pul2: Checker = checker(
  'PUL-2',
  ['send', 'poll'],
  ['ok send', 'ok assign', 'invoke poll', 'ok poll'],
  (header, ledger) => new Pul2(header, ledger),
  (judge, events) => {
    const ok = eventAt(events, judge.first, isPollOk)
    const v = ok.v.status === 'OFFSET_ILLEGAL' ? { ...ok.v, next: ok.v.max + 1 } : { ...ok.v, next: ok.v.offset - 1 }
    return replaced(events, judge.first, { ...ok, v })
  },
)
