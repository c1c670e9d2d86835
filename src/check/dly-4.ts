/**
 * DLY-4: a crash only duplicates. A delayed message that met a crash of its broker is not lost by that; it may come again, if it came within
 * the ten seconds before. Without a crash it comes once, and after a stop in good order as well.
 *
 * Where masters are elected a message waits at all processes of a broker's name: who takes up the role goes on where he knows that the one before was,
 * which is as if that had crashed.
 *
 * How often a broker takes one message for due is known of the reference alone; of a foreign broker there are only the places at which the
 * message is found, which can be judged as long as nothing has gone wrong.
 */
import type { Event, Header, Pull, Released } from '../history/event.ts'
import { seconds, showMs, type Us } from '../plan/units.ts'
import type { Acked } from './acknowledged.ts'
import type { Anomaly, Checker, Drain, Findings, Judge } from './checker.ts'
import { goneFacts, nothingDelayed, Seen, unseen, waitFacts } from './delays.ts'
import { checker, evidence, whenDrained } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { placeFacts, samePlace, showPlace } from './per-queue.ts'
import type { Home } from './reigns.ts'
import { Services } from './services.ts'

/** RMQ-120, RMQ-067: progress is saved, and fetched by who may be elected, every 10 s; and time for that. */
export const REPEATED_WITHIN: Us = seconds(11)

interface Moment {
  readonly t: Us
  readonly seq: number
}

interface Past {
  readonly event: Released
  readonly seq: number
}

class Dly4 implements Judge {
  private readonly ledger: Ledger
  private readonly seen = new Seen()
  private readonly releases: boolean
  private readonly isGroups: boolean
  /** What was taken for due from one place of where messages wait. */
  private readonly past = new Map<string, Past>()
  /** When a broker's process ended, and when it began again in another way than after a stop in good order. */
  private readonly downs = new Map<string, Moment[]>()
  private readonly unclean = new Map<string, number>()
  private readonly services = new Services()
  private readonly places = new NumberMap<Pull>()
  private readonly anomalies: Anomaly[] = []

  constructor(header: Header, ledger: Ledger) {
    this.ledger = ledger
    this.releases = header.records.includes('white:released')
    this.isGroups = header.records.includes('white:leads')
  }

  on(event: Event): void {
    this.seen.on(event)
    if (event.type === 'white') {
      this.services.on(event, this.ledger.seq)
      if (event.f === 'released') this.released(event)
      else if (event.f === 'down') this.downs.set(event.p, [...(this.downs.get(event.p) ?? []), { t: event.t, seq: this.ledger.seq }])
      else if (event.f === 'recovered' && !event.v.clean) this.unclean.set(event.p, this.ledger.seq)
    } else if (event.type === 'ok' && event.f === 'pull' && !this.releases) this.pulled(event)
  }

  private released(event: Released): void {
    const { p, v } = event
    const home = this.ledger.reigns.electing(p)
    // Of what somebody stores who leads his group no more, nothing is ever committed.
    if (this.isGroups && (home?.elections.at(-1)?.master ?? p) !== p) return
    const key = `${home?.name ?? p} ${v.level} ${v.from} ${v.message}`
    const past = this.past.get(key)
    this.past.set(key, { event, seq: this.ledger.seq })
    if (past === undefined) return
    if (home === undefined) this.repeats(past, event)
    else this.comesAgain(home, past, event)
  }

  /** Where masters are elected. */
  private comesAgain({ elections, replicas }: Home, past: Past, event: Released): void {
    const { p } = event
    const one = past.event.p
    const loss = this.ledger.faults.lossSince(p, past.seq)
    const began = this.services.lastBefore(p, event.t)
    const deposed = elections.findLast(({ seq }) => seq < past.seq)?.master !== one || elections.at(-1)?.master !== p
    if (began === undefined || began.seq < past.seq) {
      const why = one === p ? 'although its master had not changed' : `from ${one} and from ${p}, which both deliver`
      return this.repeated('delivered again', past.event, event, why, loss, { deposed })
    }
    // From then on nobody may have been told.
    const struck = this.ledger.faults.firstReaching([...replicas], past.seq)
    const until = Math.min(began.t, struck?.t ?? Infinity, this.downs.get(one)?.find(({ seq }) => seq > past.seq)?.t ?? Infinity)
    const behind = this.ledger.faults.hasReached([...replicas].filter((replica) => replica !== one)) ? 'somebody' : 'nobody'
    const before = until - past.event.t
    if (before > REPEATED_WITHIN)
      this.repeated('repeated long after', past.event, event, `although it had come ${showMs(before)} ms before its master changed`, loss, {
        takenOver: true,
        behind,
      })
  }

  private repeats(past: Past, event: Released): void {
    const { p } = event
    const loss = this.ledger.faults.lossSince(p, past.seq)
    const down = this.downs.get(p)?.find(({ seq }) => seq > past.seq)
    if (down === undefined) return this.repeated('delivered again', past.event, event, 'although its broker had not gone down', loss)
    if ((this.unclean.get(p) ?? -1) < past.seq)
      return this.repeated('repeated after a stop', past.event, event, 'although its broker had stopped in good order', loss)
    const before = down.t - past.event.t
    if (before > REPEATED_WITHIN)
      this.repeated('repeated long after', past.event, event, `although it had come ${showMs(before)} ms before its broker went down`, loss)
  }

  private repeated(name: string, before: Released, event: Released, why: string, loss: string, more: Anomaly['facts'] = {}): void {
    const { v, p } = event
    this.anomalies.push({
      guarantee: 'DLY-4',
      name,
      summary: `${this.ledger.names.of(v.message)} came at ${showPlace(before.v)} and again at ${showPlace(v)}, ${why}`,
      t: event.t,
      facts: { message: v.message, ...placeFacts(v), ...waitFacts(this.ledger.sends.get(v.message)?.delay), broker: p, loss, ...more },
      events: [before.i, event.i],
    })
  }

  private pulled(event: Pull): void {
    const { v } = event
    if ((this.ledger.sends.get(v.message)?.delay ?? null) === null) return
    const known = this.places.get(v.message)
    if (known === undefined) this.places.set(v.message, event)
    else if (!samePlace(known.v, v) && this.ledger.faults.effective === 0)
      this.anomalies.push({
        guarantee: 'DLY-4',
        name: 'delivered again',
        summary: `${this.ledger.names.of(v.message)} is at ${showPlace(known.v)} and at ${showPlace(v)}, although nothing had gone wrong`,
        t: event.t,
        facts: { message: v.message, ...placeFacts(v), broker: '', loss: 'none' },
        events: [known.i, event.i],
      })
  }

  /** Acknowledged delayed messages that have met a crash of their broker, and were looked for. */
  chances(): Acked[] {
    const { delayed } = this.ledger.acknowledged
    return delayed.filter((one) => this.seen.wasLookedFor(one) && this.ledger.acknowledged.crashAfter(one) !== null)
  }

  end(drain: Drain): Findings {
    const chances = this.chances()
    if (drain.drained) for (const one of chances) if (!this.seen.has(one.ok.op)) this.anomalies.push(this.lost(one))
    const found = evidence(
      chances.length,
      () => `${this.ledger.names.of(chances[0]?.ok.op ?? 0)} was acknowledged with a delay before its broker crashed`,
    )
    return whenDrained(drain, found, this.anomalies)
  }

  private lost(acked: Acked): Anomaly {
    const { ok } = acked
    const facts = goneFacts(this.ledger, acked)
    return {
      guarantee: 'DLY-4',
      name: 'lost',
      summary: `${this.ledger.names.of(ok.op)} was acknowledged with a delay, and never came after ${String(facts['lastCrash'])} of ${ok.v.broker}`,
      t: -1,
      facts,
      events: [ok.i],
    }
  }
}

export const dly4: Checker = checker(
  'DLY-4',
  ['send', 'consume', 'pull', 'audit'],
  [
    'invoke consume',
    'ok pull',
    'ok audit',
    'white released',
    'white recovered',
    'white up',
    'white down',
    'white elected',
    'white role',
    'white leads',
  ],
  (header, ledger) => new Dly4(header, ledger),
  (judge, events) => unseen(events, judge.chances()[0]?.ok.op ?? -1),
  nothingDelayed,
)
