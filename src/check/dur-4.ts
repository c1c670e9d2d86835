/**
 * DUR-4: honest send status. When a client sees SEND_OK, its record is really on stable storage. Only a contract with SYNC_FLUSH asks for
 * that; a broker that answers too early may still be saved by a slow network, so many runs are needed to catch it.
 *
 * What is on stable storage is known of the reference alone. Of a foreign broker less can be seen, and that is judged in dur-4-outside.ts.
 */
import type { Event, Header, SendOk } from '../history/event.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { Dur4Outside } from './dur-4-outside.ts'
import { moved } from './edit.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { recordEnd } from './log-mirror.ts'
import { placeFacts, showPlace } from './per-queue.ts'

class Dur4Inside implements Judge {
  first: { readonly index: number; readonly message: number; readonly at: number } | null = null
  private readonly ledger: Ledger
  private chances = 0
  private readonly anomalies: Anomaly[] = []

  constructor(ledger: Ledger) {
    this.ledger = ledger
  }

  on(event: Event): void {
    if (event.type === 'ok' && event.f === 'send') this.acked(event)
  }

  private acked(ok: SendOk): void {
    const log = this.ledger.logs.of(ok.v.broker)
    const record = log.find(ok.v.at)
    // An acknowledgement may come in after recovery has cut its record away; that tells nothing of when it was sent.
    if (record?.v.message !== ok.op) return
    this.chances++
    this.first ??= { index: this.ledger.seq, message: ok.op, at: ok.v.at }
    if (recordEnd(record) > log.forced) this.report(ok, recordEnd(record) - log.forced)
  }

  private report(ok: SendOk, missingBytes: number): void {
    const missing = `${missingBytes} bytes of the log up to its end`
    this.anomalies.push({
      guarantee: 'DUR-4',
      name: 'acknowledged before force',
      summary: `${this.ledger.names.of(ok.op)} (${showPlace(ok.v)}) was acknowledged, with ${missing} not yet forced`,
      t: ok.t,
      facts: {
        message: ok.op,
        ...placeFacts(ok.v),
        at: ok.v.at,
        broker: ok.v.broker,
        missingBytes,
        effectiveFaults: this.ledger.faults.effective,
        lastCrash: this.ledger.faults.culprit(ok.v.broker, -1)?.kind ?? 'none',
      },
      events: [ok.i],
    })
  }

  end(): Findings {
    return {
      anomalies: this.anomalies,
      evidence: evidence(this.chances, () => `${this.ledger.names.of(this.first?.message ?? 0)} was acknowledged, and its record is known`),
    }
  }
}

const isAppendOf = (event: Event, message: number, at: number): boolean =>
  event.type === 'white' && event.f === 'append' && event.v.message === message && event.v.at === at

/** The history in which the acknowledgement comes right after the append. */
function tooEarly({ first }: Dur4Inside, events: readonly Event[]): Event[] {
  if (first === null) throw new Error('evidence without a chance')
  const append = events.slice(0, first.index).findLastIndex((event) => isAppendOf(event, first.message, first.at))
  return moved(events, first.index, append + 1)
}

const showsForces = ({ records }: Header): boolean => records.includes('white:append') && records.includes('white:force')

export const dur4: Checker = checker(
  'DUR-4',
  ['send'],
  ['ok send'],
  (header, ledger, hear) => (showsForces(header) ? new Dur4Inside(ledger) : new Dur4Outside(header, ledger, hear)),
  (judge, events) => (judge instanceof Dur4Outside ? judge.spoil(events) : tooEarly(judge, events)),
)
