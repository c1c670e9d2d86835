/**
 * DUR-4 from outside: what a client can see of a dishonest status without looking into the broker. A yes in a word that means something else; a
 * no to what is there all the same; a yes, in a run without any fault, to what was never there.
 */
import type { Event, Header, SendFail, SendOk } from '../history/event.ts'
import type { Acked, Acknowledged } from './acknowledged.ts'
import type { Anomaly, Findings, Hear, Judge } from './checker.ts'
import { evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { placeFacts, showPlace } from './per-queue.ts'

export class Dur4Outside implements Judge {
  private readonly ledger: Ledger
  private readonly acked: Acknowledged
  private readonly success: ReadonlySet<string> | null
  private readonly refused = new NumberMap<SendFail>()
  private readonly delivered = new Set<number>()
  private readonly anomalies: Anomaly[] = []

  constructor({ success }: Header, ledger: Ledger, hear: Hear) {
    hear('ok pull', 'fail send', 'invoke consume')
    this.ledger = ledger
    this.acked = ledger.acknowledged
    this.success = success === undefined ? null : new Set(success)
  }

  on(event: Event): void {
    if (event.type === 'ok') {
      if (event.f === 'send') this.checkWord(event)
      else if (event.f === 'pull') this.seen(event.v.message, event)
    } else if (event.type === 'fail') {
      if (event.f === 'send') this.refused.set(event.op, event)
    } else if (event.type === 'invoke' && event.f === 'consume') {
      this.delivered.add(event.v.message)
      this.seen(event.v.message, event)
    }
  }

  private checkWord(ok: SendOk): void {
    const { status } = ok.v
    if (this.success === null || this.success.has(status)) return
    this.report('status contradicts', ok, `was acknowledged, with the status ${status}, which does not mean that it is stored`, [ok.i])
  }

  private seen(message: number, event: Event): void {
    const refusal = this.refused.get(message)
    if (refusal === undefined) return
    this.refused.delete(message)
    this.anomalies.push({
      guarantee: 'DUR-4',
      name: 'refused and stored',
      summary: `${this.ledger.names.of(message)} was refused with ${refusal.v.reason}, and is there all the same`,
      t: event.t,
      facts: { message, reason: refusal.v.reason, effectiveFaults: this.ledger.faults.effective },
      events: [refusal.i, event.i],
    })
  }

  private report(name: string, ok: SendOk, what: string, events: number[]): void {
    this.anomalies.push({
      guarantee: 'DUR-4',
      name,
      summary: `${this.ledger.names.of(ok.op)} (${showPlace(ok.v)}) ${what}`,
      t: ok.t,
      facts: { message: ok.op, ...placeFacts(ok.v), broker: ok.v.broker, status: ok.v.status },
      events,
    })
  }

  /** Acknowledged messages that were looked for, in a run in which nothing can have taken them. */
  *chances(): Generator<Acked> {
    if (this.ledger.faults.effective > 0) return
    for (const one of this.acked.list) if (one.fate !== 'not audited') yield one
  }

  end(): Findings {
    this.acked.settle()
    const chances = [...this.chances()]
    for (const { ok, fate } of chances) {
      if (fate === 'found' || this.delivered.has(ok.op)) continue
      this.report('acknowledged and never stored', ok, 'was acknowledged, and was never there, although nothing had gone wrong', [ok.i])
    }
    const example = (): string => `${this.ledger.names.of(chances[0]?.ok.op ?? 0)} was acknowledged and looked for`
    const notExercised = 'no acknowledged message was looked for in a run without faults'
    return { anomalies: this.anomalies, evidence: evidence(chances.length, example), notExercised }
  }

  /** The history in which the first acknowledged message was never there. */
  spoil(events: readonly Event[]): Event[] {
    for (const { ok } of this.chances()) {
      return events.filter((event) => {
        const reading = (event.type === 'ok' && event.f === 'pull') || (event.type === 'invoke' && event.f === 'consume')
        return !reading || event.v.message !== ok.op
      })
    }
    return [...events]
  }
}
