/**
 * PUL-1: long polling. A poll that the broker holds is answered soon after a message for it is there (the broker's own scan finds it within
 * five seconds if the wake-up is lost), and with nothing when it was held as long as it asked to be. A message is taken to be there once it
 * is acknowledged. A broker that shows only what is forced, and acknowledges what is not, takes longer than that by its own configuration: an
 * anomaly says how old the message was. A poll whose wait has met a loss is not judged, since what is gone wakes nobody.
 */
import type { Event, SendOk } from '../history/event.ts'
import type { PollInvoke, PollOk } from '../history/polls.ts'
import { ms, seconds, type Us } from '../plan/units.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { eventAt, replaced } from './edit.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { isShown, PerQueue, showPlace } from './per-queue.ts'

/** How often a broker looks through the polls that it holds (RMQ-089). */
const SCAN: Us = seconds(5)
/** Two ways over the network, and a broker that is busy. */
const SLACK: Us = seconds(1)

/** An acknowledged message, and when its send began. */
interface Acked {
  readonly ok: SendOk
  readonly seq: number
}

interface Open {
  readonly asked: PollInvoke
  readonly seq: number
  /** What is there for it; null: nothing. And since when that, or the poll, is. */
  there: SendOk | null
  thereSince: Us
}

interface Queue {
  /** The one that lies furthest on. */
  last: Acked | null
  readonly open: Set<Open>
}

class Pul1 implements Judge {
  /** An answer that took time: it was held. */
  first = -1
  private readonly ledger: Ledger
  private chances = 0
  private readonly polls = new NumberMap<Open>()
  private readonly queues = new PerQueue<Queue>(() => ({ last: null, open: new Set() }))
  private readonly anomalies: Anomaly[] = []

  constructor(ledger: Ledger) {
    this.ledger = ledger
  }

  on(event: Event): void {
    if (event.type === 'ok' && event.f === 'send') this.acked(event)
    else if (event.type === 'invoke' && event.f === 'poll') this.asked(event)
    else if (event.type === 'ok' && event.f === 'poll') this.answered(event)
    else if (event.type === 'info' && event.f === 'poll') {
      const open = this.closed(event)
      if (open !== null && event.v.reason === 'TIMEOUT')
        this.report('unanswered', open, event.i, event.t, `was not answered within ${seen(event.t - open.asked.t)}`)
    }
  }

  private acked(ok: SendOk): void {
    const { acked } = this.ledger
    // An answer can outlive what it speaks of.
    if (acked === null || !isShown(ok.v) || this.isLost({ ok, seq: acked.began })) return
    const queue = this.queues.of(ok.v.topic, ok.v.queue)
    if (queue.last === null || queue.last.ok.v.offset < ok.v.offset || this.isLost(queue.last)) queue.last = { ok, seq: acked.began }
    for (const open of queue.open)
      if (open.there === null && open.asked.v.offset <= ok.v.offset) {
        open.there = ok
        open.thereSince = ok.t
      }
  }

  private isLost({ ok, seq }: Acked): boolean {
    return this.ledger.faults.lastLoss(ok.v.broker, seq) !== null
  }

  private asked(asked: PollInvoke): void {
    const queue = this.queues.of(asked.v.topic, asked.v.queue)
    const { last } = queue
    const there = last !== null && last.ok.v.offset >= asked.v.offset && !this.isLost(last) ? last.ok : null
    const open: Open = { asked, seq: this.ledger.seq, there, thereSince: asked.t }
    this.polls.set(asked.op, open)
    queue.open.add(open)
  }

  private closed({ op, v }: PollOk | (Event & { type: 'info'; f: 'poll' })): Open | null {
    const open = this.polls.get(op)
    if (open === undefined) return null
    this.polls.delete(op)
    this.queues.of(v.topic, v.queue).open.delete(open)
    return open
  }

  private answered(ok: PollOk): void {
    const open = this.closed(ok)
    if (open === null) return
    const { asked, there, thereSince } = open
    const held = ok.t - asked.t
    if (held > ms(100)) {
      this.chances++
      if (this.first < 0) this.first = this.ledger.seq
    }
    const lost = this.ledger.faults.lastLoss('', open.seq) !== null
    if (held > asked.v.waitUs + SLACK)
      this.report('late', open, ok.i, ok.t, `was answered after ${seen(held)}, and asked to be held for ${seen(asked.v.waitUs)} at most`)
    else if (!lost && there !== null && ok.t - thereSince > SCAN + SLACK)
      this.report('lost wake-up', open, ok.i, ok.t, `was answered ${seen(ok.t - thereSince)} after there was something for it`)
  }

  private report(name: string, { asked, there }: Open, i: number, t: Us, what: string): void {
    const { group, topic, queue, offset } = asked.v
    const message = there === null ? {} : { broker: there.v.broker, ageUs: t - there.t - SCAN - SLACK }
    this.anomalies.push({
      guarantee: 'PUL-1',
      name,
      summary: `a poll of ${asked.p} for ${showPlace(asked.v)} ${what}`,
      t,
      facts: { group, topic, queue, offset, consumer: asked.p, ...message },
      events: [asked.i, i],
    })
  }

  end(): Findings {
    return {
      anomalies: this.anomalies,
      evidence: evidence(this.chances, () => 'a poll was held until there was something, or until its time was up'),
    }
  }
}

const seen = (us: Us): string => `${Math.round(us / 100_000) / 10} s`
const isPollOk = (event: Event): event is PollOk => event.type === 'ok' && event.f === 'poll'

export const pul1: Checker = checker(
  'PUL-1',
  ['send', 'poll'],
  ['ok send', 'invoke poll', 'ok poll', 'info poll'],
  (_header, ledger) => new Pul1(ledger),
  (judge, events) => {
    const ok = eventAt(events, judge.first, isPollOk)
    return replaced(events, judge.first, { ...ok, t: ok.t + seconds(60) })
  },
)
