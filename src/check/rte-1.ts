/**
 * RTE-1: registration and expiry timing. A running broker is in the table of every NameServer that it can reach within one registration
 * period; it is dropped when its connection closes, when it says goodbye, or after 120 s of silence and the scan that follows.
 */
import type { Event, Expired, Header, Registered, Unregistered } from '../history/event.ts'
import { ms, seconds, showMs, type Us } from '../plan/units.ts'
import type { FaultKind } from '../plan/faults.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { Disturbances } from './disturbances.ts'
import { eventAt, withNext } from './edit.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { HEARD_OF_REGISTRATIONS, REGISTRATIONS } from './registrations.ts'

/** RMQ-004, RMQ-005. */
const REGISTRATION: Us = seconds(30)
const EXPIRY: Us = seconds(120)
const SCAN: Us = seconds(5)
/** A message takes its time. */
const SLACK: Us = ms(1500)

/** What makes a NameServer's own clock no measure of silence. */
const CLOCKS: ReadonlySet<FaultKind> = new Set<FaultKind>(['clockJump', 'clockOffset', 'clockDrift', 'pause'])

/** What one NameServer knows of one broker. */
interface Pair {
  readonly nameserver: string
  readonly broker: string
  /** When it was heard of last; null: it is not in the table. */
  heardAt: Us | null
  /** Since when it is not in the table. */
  absentSince: Us
  /** It was in the table before. */
  known: boolean
  blamed: boolean
}

interface Process {
  upSince: Us | null
  /** It was asked to stop: it has said goodbye, and does not register again. */
  stopping: boolean
}

class Rte1 implements Judge {
  first = -1
  private readonly ledger: Ledger
  private readonly pairs: Pair[]
  private readonly processes = new Map<string, Process>()
  private readonly disturbances = new Disturbances()
  private readonly misled = new Set<string>()
  private readonly anomalies: Anomaly[] = []
  /** Drops, and registrations after one: that a cluster boots is no test yet. */
  private changes = 0
  private example = ''

  constructor({ nameservers = [], brokers }: Header, ledger: Ledger) {
    this.ledger = ledger
    this.pairs = nameservers.flatMap((nameserver) =>
      brokers.map((broker) => ({ nameserver, broker, heardAt: null, absentSince: 0, known: false, blamed: false })),
    )
  }

  on(event: Event): void {
    for (const pair of this.pairs) this.due(pair, event)
    switch (event.type) {
      case 'fault':
        this.disturbances.on(event)
        if (event.effective && CLOCKS.has(event.kind)) this.misled.add(event.on)
        if (event.effective && event.kind === 'gracefulRestart') this.process(event.on).stopping = true
        return
      case 'phase':
        return this.disturbances.on(event)
      case 'white':
        if (event.f === 'registered') this.registered(event)
        else if (event.f === 'unregistered') this.unregistered(event)
        else if (event.f === 'expired') this.expired(event)
        else if (event.f === 'up') this.life(event.p, event.t)
        else if (event.f === 'down') this.life(event.p, null)
        return
      default:
        return
    }
  }

  private process(name: string): Process {
    const known = this.processes.get(name) ?? { upSince: null, stopping: false }
    this.processes.set(name, known)
    return known
  }

  private pair(nameserver: string, broker: string): Pair | undefined {
    return this.pairs.find((pair) => pair.nameserver === nameserver && pair.broker === broker)
  }

  /** A NameServer's table is in memory alone. */
  private life(name: string, upSince: Us | null): void {
    const process = this.process(name)
    process.upSince = upSince
    process.stopping = false
    for (const pair of this.pairs) if (pair.nameserver === name) this.absent(pair, upSince ?? 0)
  }

  private changed(what: string): void {
    this.changes++
    this.example = what
  }

  private absent(pair: Pair, since: Us): void {
    pair.heardAt = null
    pair.absentSince = since
    pair.blamed = false
  }

  private registered({ p, t, v }: Registered): void {
    const pair = this.pair(p, v.broker)
    if (pair === undefined) return
    if (this.first < 0) this.first = this.ledger.seq
    if (pair.heardAt === null && pair.known) this.changed(`${v.broker} registered again at ${p} at ${showMs(t)} ms`)
    pair.known = true
    pair.heardAt = t
    pair.blamed = false
  }

  private unregistered(event: Unregistered): void {
    const { p, t, v } = event
    const pair = this.pair(p, v.broker)
    if (pair === undefined || pair.heardAt === null) return
    this.changed(`${p} dropped ${v.broker} at ${showMs(t)} ms`)
    const { upSince, stopping } = this.process(v.broker)
    const calm = this.disturbances.calmSince(p, v.broker)
    if (v.why === 'closed' && upSince !== null && !stopping && pair.heardAt >= Math.max(upSince, calm))
      this.blame(
        pair,
        'removed while connected',
        event,
        `${p} dropped ${v.broker}, which had registered since it was started and was still up`,
      )
    this.absent(pair, t)
  }

  private expired(event: Expired): void {
    const { p, t, v } = event
    const pair = this.pair(p, v.broker)
    if (pair === undefined || pair.heardAt === null) return
    this.changed(`${p} dropped ${v.broker} at ${showMs(t)} ms`)
    const silent = t - pair.heardAt
    if (silent <= EXPIRY) this.blame(pair, 'expired early', event, `${p} dropped ${v.broker} after ${showMs(silent)} ms of silence`)
    this.absent(pair, t)
  }

  /** What should have happened before this event. */
  private due(pair: Pair, event: Event): void {
    if (pair.blamed) return
    const { nameserver, broker, heardAt, absentSince } = pair
    const [asked, own] = [this.process(nameserver), this.process(broker)]
    if (asked.upSince === null) return
    if (heardAt !== null) {
      const since = Math.max(heardAt, this.disturbances.calmSince(nameserver))
      if (event.t - since > EXPIRY + SCAN + SLACK)
        this.blame(
          pair,
          'kept too long',
          event,
          `${nameserver} had not heard of ${broker} for ${showMs(event.t - heardAt)} ms, and kept it`,
        )
      return
    }
    if (own.upSince === null || own.stopping) return
    const since = Math.max(absentSince, asked.upSince, own.upSince, this.disturbances.calmSince(nameserver, broker))
    if (event.t - since > REGISTRATION + SLACK)
      this.blame(pair, 'not registered', event, `${broker} was up and not in the table of ${nameserver} for ${showMs(event.t - since)} ms`)
  }

  private blame(pair: Pair, name: string, event: Event, summary: string): void {
    const { nameserver, broker } = pair
    pair.blamed = true
    this.anomalies.push({
      guarantee: 'RTE-1',
      name,
      summary,
      t: event.t,
      facts: { nameserver, broker, clockSet: this.misled.has(nameserver) },
      events: [event.i],
    })
  }

  end(): Findings {
    return { anomalies: this.anomalies, evidence: evidence(this.changes, () => this.example) }
  }
}

const isRegistered = (event: Event): event is Registered => event.type === 'white' && event.f === 'registered'

export const rte1: Checker = checker(
  'RTE-1',
  REGISTRATIONS,
  HEARD_OF_REGISTRATIONS,
  (header, ledger) => new Rte1(header, ledger),
  (judge, events) => {
    const { i, t, p, v } = eventAt(events, judge.first, isRegistered)
    return withNext(events, judge.first, { i, t, p, type: 'white', f: 'expired', v: { broker: v.broker } })
  },
)
