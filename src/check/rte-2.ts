/**
 * RTE-2: client staleness without push. Nobody tells a client that a route has changed: it asks its NameServer every 30 s. So what it goes by is what
 * that NameServer held at some time in the last 30 s, and as long as an answer takes; and a broker that falls silent without a closed connection
 * is gone by for another 125 s.
 */
import type { Event, Header, Registered, Route } from '../history/event.ts'
import type { FaultKind } from '../plan/faults.ts'
import { ms, seconds, showMs, type Us } from '../plan/units.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { Disturbances } from './disturbances.ts'
import { eventAt, replaced } from './edit.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { HEARD_OF_REGISTRATIONS, REGISTRATIONS } from './registrations.ts'

/** RMQ-012, RMQ-005. */
const POLL: Us = seconds(30)
const ANSWER: Us = seconds(3)
const EXPIRY: Us = seconds(120)
const SCAN: Us = seconds(5)
const SLACK: Us = ms(1500)

/** What makes a NameServer's own clock no measure of silence. */
const CLOCKS: ReadonlySet<FaultKind> = new Set<FaultKind>(['clockJump', 'clockOffset', 'clockDrift', 'pause'])

/** Brokers as a text, by which lists are compared; '' for none. */
const textOf = (brokers: readonly string[]): string => [...new Set(brokers)].sort((x, y) => (x < y ? -1 : x > y ? 1 : 0)).join(', ')

/** Which brokers a NameServer knew to have a topic, from when on; the last is what it knows now. */
type Versions = { readonly brokers: string; readonly from: Us }[]

class Table {
  /** The topics of every broker that is in it. */
  readonly brokers = new Map<string, readonly string[]>()
  /** When it heard of each broker last, also of those that are not in it any more. */
  readonly heardAt = new Map<string, Us>()
  private readonly topics = new Map<string, Versions>()

  versions(topic: string): Versions {
    const known = this.topics.get(topic) ?? [{ brokers: '', from: 0 }]
    this.topics.set(topic, known)
    return known
  }

  now(topic: string): string {
    return this.versions(topic).at(-1)?.brokers ?? ''
  }

  /** Until when it last held this list; null: never, Infinity: it does now. */
  heldUntil(topic: string, brokers: string): Us | null {
    const versions = this.versions(topic)
    const last = versions.findLastIndex((version) => version.brokers === brokers)
    return last < 0 ? null : (versions[last + 1]?.from ?? Infinity)
  }

  /** Has nobody had the topic, at some time since then? */
  wasEmptySince(topic: string, since: Us): boolean {
    const versions = this.versions(topic)
    return versions.some(({ brokers }, k) => brokers === '' && (versions[k + 1]?.from ?? Infinity) > since)
  }

  /** Its brokers have changed. */
  note(t: Us): void {
    const topics = new Set([...this.topics.keys(), ...[...this.brokers.values()].flat()])
    for (const topic of topics) {
      const brokers = textOf([...this.brokers].filter(([, known]) => known.includes(topic)).map(([name]) => name))
      if (this.now(topic) !== brokers) this.versions(topic).push({ brokers, from: t })
    }
  }
}

/** What a client goes by for a topic. */
interface View {
  readonly client: string
  readonly topic: string
  /** From whom it has it; null once that is in doubt. */
  nameserver: string | null
  readonly brokers: readonly string[]
  readonly text: string
  /** Since when its NameServer has held another list, that is not empty; Infinity while it holds this one. */
  missedSince: Us
  blamed: boolean
}

class Rte2 implements Judge {
  /** The first route that took the place of another. */
  first = -1
  private chances = 0
  private readonly ledger: Ledger
  private readonly tables: ReadonlyMap<string, Table>
  private views: View[] = []
  private readonly disturbances = new Disturbances()
  private readonly misled = new Set<string>()
  /** Topics of which an operator keeps producers from a broker: they are told other lists than consumers are. */
  private readonly wiped = new Set<string>()
  private readonly anomalies: Anomaly[] = []
  /** No view can be stale before. */
  private soonest: Us = Infinity

  constructor({ nameservers = [] }: Header, ledger: Ledger) {
    this.ledger = ledger
    this.tables = new Map(nameservers.map((name) => [name, new Table()]))
  }

  on(event: Event): void {
    if (event.t > this.soonest) this.due(event)
    switch (event.type) {
      case 'ok':
        if (event.f === 'route') {
          if (!this.wiped.has(event.v.topic)) this.routed(event)
        }
        return
      case 'invoke':
        if (event.f === 'wipeWritePerm') this.setAside(event.v.topic)
        return
      case 'fault':
        this.disturbances.on(event)
        if (event.effective && CLOCKS.has(event.kind)) this.misled.add(event.on)
        return
      case 'phase':
        if (event.phase === 'fresh') this.views = []
        if (event.phase === 'end') for (const view of this.views) this.noticed(view, view.brokers, event)
        return this.disturbances.on(event)
      case 'white':
        if (event.f === 'registered') this.registered(event)
        else if (event.f === 'unregistered' || event.f === 'expired') this.dropped(event.p, event.v.broker, event.t)
        else if (event.f === 'up' || event.f === 'down') this.life(event.p, event.t)
        return
      default:
        return
    }
  }

  private setAside(topic: string): void {
    this.wiped.add(topic)
    this.views = this.views.filter((view) => view.topic !== topic)
  }

  private registered({ p, t, v }: Registered): void {
    const table = this.tables.get(p)
    if (table === undefined) return
    table.brokers.set(v.broker, v.topics)
    table.heardAt.set(v.broker, t)
    this.changed(p, table, t)
  }

  private dropped(nameserver: string, broker: string, t: Us): void {
    const table = this.tables.get(nameserver)
    if (table?.brokers.delete(broker) === true) this.changed(nameserver, table, t)
  }

  private life(name: string, t: Us): void {
    this.views = this.views.filter(({ client }) => client !== name)
    const table = this.tables.get(name)
    if (table === undefined) return
    table.brokers.clear()
    table.heardAt.clear()
    table.note(t)
    // Whom its clients ask from now on is not known before they are told something new.
    for (const view of this.views) if (view.nameserver === name) view.nameserver = null
  }

  private changed(nameserver: string, table: Table, t: Us): void {
    table.note(t)
    for (const view of this.views) if (view.nameserver === nameserver) this.compare(view, table, t)
  }

  private compare(view: View, table: Table, t: Us): void {
    const now = table.now(view.topic)
    // RMQ-012: where nobody has the topic any more, the old route stays.
    if (now === '' || now === view.text) view.missedSince = Infinity
    else view.missedSince = Math.min(view.missedSince, t)
    this.soonest = Math.min(this.soonest, view.missedSince + POLL + ANSWER + SLACK)
  }

  private routed(event: Route): void {
    const { p, t, v } = event
    const before = this.views.find(({ client, topic }) => client === p && topic === v.topic)
    this.views = this.views.filter((view) => view !== before)
    const table = this.tables.get(v.nameserver)
    // What an order configuration says is not what the NameServer has heard.
    if (table === undefined || v.frozen === true) return
    const text = textOf(v.brokers)
    const until = table.heldUntil(v.topic, text)
    const missedSince = until ?? t
    const view: View = { client: p, topic: v.topic, nameserver: v.nameserver, brokers: v.brokers, text, missedSince, blamed: false }
    this.views.push(view)
    if (before !== undefined && before.text !== text && this.isCalm(view)) {
      this.chances++
      if (this.first < 0) this.first = this.ledger.seq
      const gone = before.brokers.filter((broker) => !v.brokers.includes(broker))
      if (before.nameserver === v.nameserver) this.noticed(before, gone, event)
    }
    if ((until === null || t - until > ANSWER + SLACK) && this.isCalm(view))
      this.blame(view, 'never held', event, `${p} takes ${v.topic} to be at ${text}, which ${v.nameserver} has not said in the last 3 s`)
    this.soonest = Math.min(this.soonest, missedSince + POLL + ANSWER + SLACK)
  }

  private isCalm({ client, nameserver }: View): boolean {
    return nameserver !== null && this.disturbances.calmSince(client, nameserver) === 0
  }

  private due(event: Event): void {
    this.soonest = Infinity
    for (const view of this.views) {
      const limit = view.missedSince + POLL + ANSWER + SLACK
      if (view.blamed) continue
      if (event.t <= limit) this.soonest = Math.min(this.soonest, limit)
      else if (this.isCalm(view)) {
        const late = showMs(event.t - view.missedSince)
        this.blame(
          view,
          'stale',
          event,
          `${view.client} went by ${view.text} for ${view.topic} ${late} ms after that had changed at its NameServer`,
        )
      }
    }
  }

  /** The client goes by these brokers up to this event. */
  private noticed(view: View, brokers: readonly string[], event: Event): void {
    if (view.nameserver === null || view.blamed || !this.isCalm(view)) return
    for (const broker of brokers) {
      const table = this.tables.get(view.nameserver)
      const heardAt = table?.heardAt.get(broker)
      if (heardAt === undefined || event.t - heardAt <= EXPIRY + SCAN + POLL + ANSWER + SLACK) continue
      // RMQ-012: where nobody has the topic any more, the old route stays, however old it is.
      if (table?.wasEmptySince(view.topic, heardAt) === true) continue
      const silent = showMs(event.t - heardAt)
      this.blame(view, 'noticed late', event, `${view.client} went by ${broker}, of which its NameServer had not heard for ${silent} ms`)
      return
    }
  }

  private blame(view: View, name: string, event: Event, summary: string): void {
    const { client, topic, nameserver } = view
    view.blamed = true
    this.anomalies.push({
      guarantee: 'RTE-2',
      name,
      summary,
      t: event.t,
      facts: { client, topic, nameserver: nameserver ?? '', clockSet: this.misled.has(nameserver ?? '') },
      events: [event.i],
    })
  }

  end(): Findings {
    return {
      anomalies: this.anomalies,
      evidence: evidence(this.chances, () => 'a client learnt that a topic is at other brokers than before'),
    }
  }
}

const isRoute = (event: Event): event is Route => event.type === 'ok' && event.f === 'route'

export const rte2: Checker = checker(
  'RTE-2',
  ['route', ...REGISTRATIONS],
  ['invoke send', 'invoke wipeWritePerm', 'ok route', ...HEARD_OF_REGISTRATIONS],
  (header, ledger) => new Rte2(header, ledger),
  // The history in which the client is told of a broker that nobody knows.
  ({ first }, events) => {
    const route = eventAt(events, first, isRoute)
    return replaced(events, first, { ...route, v: { ...route.v, brokers: [...route.v.brokers, 'nobody'] } })
  },
  ({ brokers }) => (brokers.length < 2 ? 'with one broker a topic is there or nowhere, and where it is nowhere the old route stays' : null),
)
