/**
 * RTE-3: outages of NameServers. A client that holds a route goes on without any NameServer; one that has none finds it as long as one
 * NameServer can be reached; and once the faults are over all NameServers know the same, although none of them tells another anything.
 */
import type { Event, Header, SendFail, SendOk, WhiteEvent } from '../history/event.ts'
import { brokerOfQueue } from '../plan/queues.ts'
import { ms, seconds, type Us } from '../plan/units.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { Disturbances } from './disturbances.ts'
import { eventAt, replaced } from './edit.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import type { Sent } from './sent.ts'
import { HEARD_OF_REGISTRATIONS, REGISTRATIONS } from './registrations.ts'

/** RMQ-004: within one registration period every NameServer has heard of every broker; a message takes its time. */
const CONVERGENCE: Us = seconds(30) + ms(1500)
/** A call that is not answered takes 3 s, and the next one comes within one more (RMQ-012). */
const TRY: Us = seconds(4)

/** What one NameServer knows: brokers and their topics, and since when it has known somebody who has a topic. */
interface Table {
  readonly nameserver: string
  up: boolean
  readonly brokers: Map<string, readonly string[]>
  readonly since: Map<string, Us>
}

/** From event `seq` on a client goes by these brokers; null: it has no route. */
interface Route {
  readonly seq: number
  readonly brokers: readonly string[] | null
}

interface Client {
  startedAt: Us
  /** By topic, in order. */
  readonly routes: Map<string, Route[]>
}

class Rte3 implements Judge {
  /** The first acknowledgement during an outage. */
  first = -1
  private chances = 0
  private readonly ledger: Ledger
  private readonly tables: Table[]
  private readonly clients = new Map<string, Client>()
  private readonly disturbances = new Disturbances()
  private readonly anomalies: Anomaly[] = []
  /** The faults are over and no process has come or gone since. */
  private quietSince: Us = Infinity
  private blamed = false

  constructor({ nameservers = [] }: Header, ledger: Ledger) {
    this.ledger = ledger
    this.tables = nameservers.map((nameserver) => ({ nameserver, up: false, brokers: new Map(), since: new Map() }))
  }

  on(event: Event): void {
    if (this.tables.length === 0) return
    if (event.t > this.quietSince + CONVERGENCE) this.compare(event)
    switch (event.type) {
      case 'ok':
        if (event.f === 'route') this.goesBy(event.p, event.v.topic, event.v.brokers)
        else if (event.f === 'send') this.acknowledged(event)
        return
      case 'fail':
        if (event.f === 'send') this.failed(event)
        return
      case 'phase':
        if (event.phase === 'heal') this.quietSince = event.t
        return this.disturbances.on(event)
      case 'fault':
        return this.disturbances.on(event)
      case 'white':
        return this.white(event)
      default:
        return
    }
  }

  private client(name: string): Client {
    const known = this.clients.get(name) ?? { startedAt: 0, routes: new Map<string, Route[]>() }
    this.clients.set(name, known)
    return known
  }

  private goesBy(name: string, topic: string, brokers: readonly string[] | null): void {
    const { routes } = this.client(name)
    const known = routes.get(topic) ?? []
    routes.set(topic, known)
    known.push({ seq: this.ledger.seq, brokers })
  }

  private white(event: WhiteEvent): void {
    const table = this.tables.find(({ nameserver }) => nameserver === event.p)
    if (event.f === 'up' || event.f === 'down') {
      const client = this.client(event.p)
      client.startedAt = event.t
      for (const topic of client.routes.keys()) this.goesBy(event.p, topic, null)
      if (this.quietSince < event.t) this.quietSince = event.t
      if (table === undefined) return
      table.up = event.f === 'up'
      table.brokers.clear()
      table.since.clear()
    } else if (table !== undefined) {
      if (event.f === 'registered') table.brokers.set(event.v.broker, event.v.topics)
      else if (event.f === 'unregistered' || event.f === 'expired') table.brokers.delete(event.v.broker)
      const topics = new Set([...table.brokers.values()].flat())
      for (const topic of [...table.since.keys()]) if (!topics.has(topic)) table.since.delete(topic)
      for (const topic of topics) if (!table.since.has(topic)) table.since.set(topic, event.t)
    }
  }

  /** When a send began: had its client a route that helps? */
  private wasRouted(client: string, { topic, queue, seq }: Sent): boolean {
    const brokers = this.client(client)
      .routes.get(topic)
      ?.findLast((route) => route.seq < seq)?.brokers
    const wanted = queue === null ? '' : brokerOfQueue(queue)
    return brokers !== undefined && brokers !== null && brokers.length > 0 && (wanted === '' || brokers.includes(wanted))
  }

  private acknowledged(event: SendOk): void {
    if (this.tables.every(({ up }) => up)) return
    const sent = this.ledger.sends.get(event.op)
    if (sent === undefined || !this.wasRouted(event.p, sent)) return
    this.chances++
    if (this.first < 0) this.first = this.ledger.seq
  }

  private failed(event: SendFail): void {
    const send = this.ledger.sends.get(event.op)
    if (send === undefined || event.v.reason !== 'NO_ROUTE') return
    const name = this.ledger.names.of(event.op)
    if (this.wasRouted(event.p, send))
      return this.blame('route lost', event, `${event.p} held a route of ${send.topic}, and found none for ${name}`)
    if (send.queue !== null) return
    const patience = TRY * (this.tables.length + 1)
    const calm = (table: Table): Us => this.disturbances.calmSince(event.p, table.nameserver)
    const since = (table: Table): Us => table.since.get(send.topic) ?? Infinity
    const known = this.tables.find((table) => event.t - Math.max(since(table), calm(table), this.client(event.p).startedAt) > patience)
    // Whom the client asks is not in its history: who does not know answers so, and nobody else is asked (RMQ-012).
    const knowsNot = (table: Table): boolean => table.up && event.t - since(table) <= patience
    if (known === undefined || this.tables.some(knowsNot)) return
    const summary = `${event.p} found no route of ${send.topic} for ${name}, which ${known.nameserver} had known all along`
    this.blame('no cold start', event, summary)
  }

  /** Tables as texts: equal where NameServers know the same. */
  private compare(event: Event): void {
    if (this.blamed) return
    const [one, ...others] = this.tables.filter(({ up }) => up)
    const other = one === undefined ? undefined : others.find((table) => contents(table) !== contents(one))
    if (one === undefined || other === undefined) return
    this.blamed = true
    this.blame(
      'not converged',
      event,
      `${one.nameserver} knows ${contents(one)} and ${other.nameserver} knows ${contents(other)} long after the faults`,
    )
  }

  private blame(name: string, event: Event, summary: string): void {
    this.anomalies.push({ guarantee: 'RTE-3', name, summary, t: event.t, facts: { client: event.p }, events: [event.i] })
  }

  end(): Findings {
    return {
      anomalies: this.anomalies,
      evidence: evidence(this.chances, () => 'a message was acknowledged while a NameServer was down'),
    }
  }
}

function contents({ brokers }: Table): string {
  const entries = [...brokers].map(([broker, topics]) => `${broker} with ${[...topics].sort((x, y) => (x < y ? -1 : 1)).join(', ')}`)
  return entries.length === 0 ? 'nobody' : entries.sort((x, y) => (x < y ? -1 : 1)).join(' and ')
}

const isSendOk = (event: Event): event is SendOk => event.type === 'ok' && event.f === 'send'

export const rte3: Checker = checker(
  'RTE-3',
  ['send', 'route', ...REGISTRATIONS],
  ['ok send', 'fail send', 'ok route', ...HEARD_OF_REGISTRATIONS],
  (header, ledger) => new Rte3(header, ledger),
  (judge, events) => {
    const { i, t, p, op } = eventAt(events, judge.first, isSendOk)
    return replaced(events, judge.first, { i, t, p, type: 'fail', f: 'send', op, v: { reason: 'NO_ROUTE' } })
  },
)
