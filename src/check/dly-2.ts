/**
 * DLY-2: bounded lateness, nothing forgotten. While its broker is up, an acknowledged delayed message can be read soon after it is due; and once
 * the run has come to rest, every one has been seen.
 *
 * When it can be read is known of the reference, from the broker's index; of a foreign broker there is only its delivery, which is held against
 * a longer bound, and only as long as nothing has gone wrong.
 */
import type { Dispatch, Event, Header } from '../history/event.ts'
import { timeAsked } from '../plan/delay-levels.ts'
import { ms, seconds, showMs, type Us } from '../plan/units.ts'
import type { Acked } from './acknowledged.ts'
import type { Anomaly, Checker, Drain, Findings, Judge } from './checker.ts'
import { delayOf, goneFacts, nothingDelayed, Seen, unseen } from './delays.ts'
import { checker, evidence, whenDrained } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { showPlace, showQueue } from './per-queue.ts'
import { Services } from './services.ts'

/** RMQ-119: a look every 100 ms, the first one a second after the start; and time to force and to index the copy. */
export const LATE_AFTER: Us = ms(100) + ms(150)
/** RMQ-123: the wheel is a second a slot. */
const WHEEL_SLOT: Us = seconds(1)
export const FIRST_LOOK: Us = seconds(1)
/** For a delivery, a held poll that nobody woke included (RMQ-089). */
export const DELIVERED_LATE_AFTER: Us = seconds(6)

class Dly2 implements Judge {
  private readonly header: Header
  private readonly ledger: Ledger
  private readonly seen = new Seen()
  private readonly indexes: boolean
  /** When each message could first be read, or was delivered, and at which process. */
  private readonly shown = new NumberMap<{ readonly t: Us; readonly p: string }>()
  private readonly calm = new NumberMap<true>()
  private readonly services = new Services()
  private readonly anomalies: Anomaly[] = []

  constructor(header: Header, ledger: Ledger) {
    this.header = header
    this.ledger = ledger
    this.indexes = header.records.includes('white:dispatch') && header.records.includes('white:append')
  }

  on(event: Event): void {
    if (event.type === 'white') {
      if (event.f === 'dispatch') this.dispatched(event)
      else this.services.on(event, this.ledger.seq)
      return
    }
    this.seen.on(event)
    if (!this.indexes && event.type === 'invoke' && event.f === 'consume') this.show(event.v.message, event.t, event.v.broker ?? '')
  }

  private dispatched({ p, t, v }: Dispatch): void {
    const message = this.ledger.entered?.v.message
    const sent = message === undefined ? undefined : this.ledger.sends.get(message)
    if (message !== undefined && sent !== undefined && sent.delay !== null && sent.topic === v.topic) this.show(message, t, p)
  }

  private show(message: number, t: Us, p: string): void {
    if (this.shown.has(message)) return
    this.shown.set(message, { t, p })
    if (this.ledger.faults.effective === 0) this.calm.set(message, true)
  }

  chances(): Acked[] {
    return this.ledger.acknowledged.delayed.filter((one) => this.seen.wasLookedFor(one))
  }

  /** From when on it should have been there: from its due time, or from the first look of the process that showed it. */
  private dueAt({ ok }: Acked, shownBy: string, shownAt: Us): Us {
    const due = ok.t + delayOf(this.header, this.ledger.sends.get(ok.op)?.delay, ok.t)
    const service = this.services.lastBefore(shownBy, shownAt)
    return service === undefined ? due : Math.max(due, service.t + FIRST_LOOK)
  }

  private judgeTime(acked: Acked): void {
    const { ok } = acked
    const shown = this.shown.get(ok.op)
    if (shown === undefined || (!this.indexes && !this.calm.has(ok.op))) return
    const { t: shownAt } = shown
    const lateUs = shownAt - this.dueAt(acked, shown.p, shownAt)
    if (lateUs <= this.boundFor(ok.op)) return
    const facts = { message: ok.op, lateUs, broker: shown.p === '' ? ok.v.broker : shown.p }
    const summary = `${this.ledger.names.of(ok.op)} was due in ${showQueue(ok.v.topic, ok.v.queue)}, and came ${showMs(lateUs)} ms late`
    this.anomalies.push({ guarantee: 'DLY-2', name: 'late', summary, t: shownAt, facts, events: [ok.i] })
  }

  private boundFor(message: number): Us {
    if (!this.indexes) return DELIVERED_LATE_AFTER
    return timeAsked(this.ledger.sends.get(message)?.delay) === null ? LATE_AFTER : LATE_AFTER + WHEEL_SLOT
  }

  end(drain: Drain): Findings {
    for (const one of this.ledger.acknowledged.delayed) this.judgeTime(one)
    const chances = this.chances()
    if (drain.drained) for (const one of chances) if (!this.seen.has(one.ok.op)) this.anomalies.push(this.forgotten(one))
    const found = evidence(chances.length, () => `${this.ledger.names.of(chances[0]?.ok.op ?? 0)} was acknowledged with a delay`)
    return whenDrained(drain, found, this.anomalies)
  }

  private forgotten(acked: Acked): Anomaly {
    const { ok } = acked
    return {
      guarantee: 'DLY-2',
      name: 'forgotten',
      summary: `${this.ledger.names.of(ok.op)} was acknowledged with a delay, at ${showPlace(ok.v)} of where it waits, and never came`,
      t: -1,
      facts: goneFacts(this.ledger, acked),
      events: [ok.i],
    }
  }
}

export const dly2: Checker = checker(
  'DLY-2',
  ['send', 'consume', 'pull', 'audit'],
  ['invoke consume', 'ok pull', 'ok audit', 'white dispatch', 'white up', 'white role', 'white leads'],
  (header, ledger) => new Dly2(header, ledger),
  (judge, events) => unseen(events, judge.chances()[0]?.ok.op ?? -1),
  nothingDelayed,
)
