/**
 * DUR-4: honest send status. When a client sees SEND_OK, its record is really on stable storage. Only a contract with SYNC_FLUSH asks for
 * that; a broker that answers too early may still be saved by a slow network, so many runs are needed to catch it.
 *
 * What is on stable storage is known of the reference alone. Of a foreign broker less can be seen, and that is judged in dur-4-outside.ts.
 */
import type { Event, Header, SendOk } from '../history/event.ts'
import type { Anomaly, Checker, Findings } from './checker.ts'
import { Dur4Outside } from './dur-4-outside.ts'
import { moved } from './edit.ts'
import { FaultLog } from './fault-log.ts'
import { checker, evidence, type Judge } from './judge.ts'
import { LogMirrors, recordEnd } from './log-mirror.ts'
import { MessageNames } from './message-names.ts'
import { placeFacts, showPlace } from './per-queue.ts'

class Dur4Inside implements Judge {
  first: { readonly index: number; readonly message: number; readonly at: number } | null = null
  private seq = -1
  private chances = 0
  private readonly logs = new LogMirrors()
  private readonly faults = new FaultLog()
  private readonly names = new MessageNames()
  private readonly anomalies: Anomaly[] = []

  on(event: Event): void {
    this.seq++
    if (event.type === 'white') {
      if (event.f === 'append') this.logs.of(event.p).append(event)
      else if (event.f === 'force') this.logs.of(event.p).force(event.v.to)
      else if (event.f === 'recovered') this.logs.of(event.p).recover(event.v.end)
    } else if (event.type === 'ok') {
      if (event.f === 'send') this.acked(event)
    } else if (event.type === 'invoke') {
      if (event.f === 'send') this.names.note(event)
    } else if (event.type === 'fault') {
      this.faults.note(event, this.seq)
    }
  }

  private acked(ok: SendOk): void {
    const log = this.logs.of(ok.v.broker)
    const record = log.find(ok.v.at)
    // An acknowledgement may come in after recovery has cut its record away; that tells nothing of when it was sent.
    if (record?.v.message !== ok.op) return
    this.chances++
    this.first ??= { index: this.seq, message: ok.op, at: ok.v.at }
    if (recordEnd(record) > log.forced) this.report(ok, recordEnd(record) - log.forced)
  }

  private report(ok: SendOk, missingBytes: number): void {
    const missing = `${missingBytes} bytes of the log up to its end`
    this.anomalies.push({
      guarantee: 'DUR-4',
      name: 'acknowledged before force',
      summary: `${this.names.of(ok.op)} (${showPlace(ok.v)}) was acknowledged, with ${missing} not yet forced`,
      t: ok.t,
      facts: {
        message: ok.op,
        ...placeFacts(ok.v),
        at: ok.v.at,
        broker: ok.v.broker,
        missingBytes,
        effectiveFaults: this.faults.effective,
        lastCrash: this.faults.culprit(ok.v.broker, -1)?.kind ?? 'none',
      },
      events: [ok.i],
    })
  }

  end(): Findings {
    return {
      anomalies: this.anomalies,
      evidence: evidence(this.chances, () => `${this.names.of(this.first?.message ?? 0)} was acknowledged, and its record is known`),
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

export const dur4: Checker<Dur4Inside | Dur4Outside> = checker(
  'DUR-4',
  ['send'],
  (header) => (showsForces(header) ? new Dur4Inside() : new Dur4Outside(header)),
  (judge, events) => (judge instanceof Dur4Outside ? judge.spoil(events) : tooEarly(judge, events)),
)
