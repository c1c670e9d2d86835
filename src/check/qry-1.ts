/**
 * QRY-1: a query is exact. Who asks for the messages of a topic with a key finds each that is indexed and was stored in the interval, once, and no
 * other, whatever hashes like it; who asks by an id finds the message that has it; and who asks for its trace finds what has happened to it.
 *
 * What a broker's log holds is known from inside; what was stored when, from the true time of the append, which is good enough for intervals unless
 * a clock was set. Where a query finds as many as it may, the others are not missed.
 */
import type { Dispatch, Event, Header, SendInvoke, SendOk } from '../history/event.ts'
import type { Found, Query, QueryInvoke, QueryOk } from '../history/queries.ts'
import { seconds, type Us } from '../plan/units.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { eventAt, replaced } from './edit.ts'
import { Enough } from './enough.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { recordEnd } from './log-mirror.ts'
import { showPlace } from './per-queue.ts'
import { Traces, TRACE_SORTS } from './traces.ts'

/** To which brokers keep the times of an index. */
const PRECISION: Us = seconds(1)

/** A record that can be found. */
interface Indexed {
  readonly broker: string
  readonly message: number
  readonly topic: string
  readonly queue: string
  readonly offset: number
  readonly at: number
  readonly t: Us
}

/** What a query should find, as it was when it was asked. */
interface Question {
  readonly invoke: QueryInvoke
  readonly records: readonly Indexed[]
  /** Acknowledged, and not indexed yet. */
  readonly early: readonly SendOk[]
}

class Qry1 implements Judge {
  /** An answer, and what of it could have been missed. */
  first: { readonly index: number; readonly found: Found } | null = null
  private readonly slaves: NonNullable<Header['slaves']>
  private readonly ledger: Ledger
  private chances = 0
  private readonly sends = new Map<number, SendInvoke>()
  private readonly withKey = new Map<string, number[]>()
  private readonly withId = new Map<string, Set<number>>()
  private readonly acked = new Map<number, SendOk>()
  private readonly records = new Map<number, Indexed[]>()
  /** Where the index of a broker begins since its last recovery. */
  private readonly indexFrom = new Map<string, number>()
  /** How far the log of a broker had been when a recovery cut it. */
  private readonly reached = new Map<string, number>()
  private readonly open = new Map<number, Question>()
  private readonly anomalies = new Enough()
  readonly traces: Traces

  constructor(header: Header, ledger: Ledger) {
    this.slaves = header.slaves ?? []
    this.ledger = ledger
    this.traces = new Traces(header, ledger, (anomaly) => {
      this.anomalies.add(anomaly)
    })
  }

  on(event: Event): void {
    this.traces.on(event)
    if (event.type === 'white') {
      if (event.f === 'dispatch') this.dispatched(event)
      else if (event.f === 'recovered') this.recovered(event.p)
      else if (event.f === 'cleaned') this.ledger.swept.forEach((record) => this.forget(event.p, record.v.message, record.v.at))
      else if (event.f === 'recoveredIndex') this.indexFrom.set(event.p, event.v.from)
    } else if (event.type === 'invoke' || event.type === 'ok' || event.type === 'fail') {
      if (event.f === 'query') this.query(event)
      else if (event.f === 'send' && event.type !== 'fail') this.send(event)
    }
  }

  private send(event: SendInvoke | SendOk): void {
    if (event.type === 'ok') {
      this.acked.set(event.op, event)
      if (event.v.msgId !== undefined) this.withId.set(event.v.msgId, (this.withId.get(event.v.msgId) ?? new Set<number>()).add(event.op))
      return
    }
    this.sends.set(event.op, event)
    const { key = '' } = event.v
    if (key === '') return
    const known = this.withKey.get(key)
    if (known === undefined) this.withKey.set(key, [event.op])
    else known.push(event.op)
  }

  private dispatched({ p, v }: Dispatch): void {
    const record = this.ledger.entered
    if (record === undefined || record.v.message === 0) return
    const { message, topic, queue, offset, at } = record.v
    const known = this.records.get(message)
    const made = { broker: p, message, topic, queue, offset, at, t: record.t }
    if (known === undefined) this.records.set(message, [made])
    else if (!known.some((one) => one.broker === p && one.at === v.at)) known.push(made)
  }

  private recovered(broker: string): void {
    const [last] = this.ledger.gone
    if (last !== undefined) this.reached.set(broker, Math.max(this.reached.get(broker) ?? 0, recordEnd(last)))
    for (const { v } of this.ledger.gone) this.forget(broker, v.message, v.at)
  }

  private forget(broker: string, message: number, at: number): void {
    const kept = this.records.get(message)?.filter((one) => one.broker !== broker || one.at !== at)
    if (kept !== undefined) this.records.set(message, kept)
  }

  private query(event: Query): void {
    if (event.type === 'invoke') {
      this.open.set(event.op, this.questionOf(event))
      return
    }
    const question = this.open.get(event.op)
    this.open.delete(event.op)
    if (question === undefined || event.type === 'fail') return
    this.answered(question, event)
  }

  private questionOf(invoke: QueryInvoke): Question {
    const { by, topic, key, of = -1 } = invoke.v
    const messages = by === 'key' ? (this.withKey.get(key) ?? []) : [of]
    const place = by === 'offsetMsgId' ? this.acked.get(of) : undefined
    const isAsked = (one: Indexed): boolean =>
      by === 'offsetMsgId' ? one.at === place?.v.at && one.broker === place.v.broker : one.topic === topic
    const records = messages.flatMap((message) => (this.records.get(message) ?? []).filter(isAsked))
    const early = messages.flatMap((message) => this.unindexed(message, invoke))
    return { invoke, records, early: by === 'offsetMsgId' ? [] : early }
  }

  private unindexed(message: number, invoke: QueryInvoke): SendOk[] {
    const ok = this.acked.get(message)
    if (ok === undefined || ok.v.topic !== invoke.v.topic || this.ledger.isElsewhere(message)) return []
    const record = this.ledger.logs.of(ok.v.broker).find(ok.v.at)
    if (record?.v.message !== message || !isInTime(invoke, record.t)) return []
    return this.isIndexed(message, ok.v.broker, ok.v.at) ? [] : [ok]
  }

  private isIndexed = (message: number, broker: string, at: number): boolean =>
    this.records.get(message)?.some((one) => one.broker === broker && one.at === at) === true

  private answered({ invoke, records, early }: Question, event: QueryOk): void {
    for (const one of records) if (this.isIndexed(one.message, one.broker, one.at)) this.wanted(invoke, event, one)
    for (const { op, v } of early)
      if (!isFound(event, v.broker, v.at) && this.mayHaveFound(event, v.broker, invoke))
        this.report(
          'asked too soon',
          event,
          invoke,
          { message: op, broker: v.broker },
          `${this.name(op)} was acknowledged, and not indexed yet`,
        )
    const seen = new Set<string>()
    for (const one of event.v.messages) this.found(invoke, event, one, seen)
  }

  /** Of how many this broker could have told. */
  private mayHaveFound({ v }: QueryOk, broker: string, invoke: QueryInvoke): boolean {
    const told = v.messages.filter((one) => one.broker === broker).length
    return v.answers.some((one) => one.broker === broker) && told < mostOf(invoke)
  }

  private wanted(invoke: QueryInvoke, event: QueryOk, record: Indexed): void {
    const { sinceUs, untilUs } = invoke.v
    if (!isInTime(invoke, record.t)) return
    const found = event.v.messages.find((one) => one.broker === record.broker && one.at === record.at)
    if (found !== undefined) {
      this.chances++
      this.first ??= { index: this.ledger.seq, found }
      return
    }
    const { broker, message, at } = record
    const facts = { message, broker, ranged: sinceUs >= 0 || untilUs >= 0, by: invoke.v.by }
    const what = `${this.name(message)} (${showPlace(record)})`
    const answer = event.v.answers.find((one) => one.broker === broker)
    if (answer === undefined) {
      const asked = event.v.asked.includes(broker)
      const struck = this.ledger.faults.hasReached([...this.membersOf(broker), event.p])
      return this.report(
        'nothing heard',
        event,
        invoke,
        { ...facts, asked, struck },
        `${what} lies at ${broker}, of which nothing was heard`,
      )
    }
    if (!this.mayHaveFound(event, broker, invoke)) return
    if (answer.found >= mostOf(invoke))
      this.report('crowded out', event, invoke, facts, `${what} was not found, and ${answer.found} others were, some with other keys`)
    else if (at < (this.indexFrom.get(broker) ?? 0) && invoke.v.by !== 'offsetMsgId')
      this.report('not indexed again', event, invoke, facts, `${what} was not found: since ${broker} recovered its index begins behind it`)
    else if (sinceUs >= 0 && record.t < sinceUs + PRECISION)
      this.report(
        'rounded away',
        event,
        invoke,
        facts,
        `${what} was not found: it was stored less than a second after what was asked for begins`,
      )
    else this.report('missed', event, invoke, { ...facts, again: at < (this.reached.get(broker) ?? 0) }, `${what} was not found`)
  }

  /** The processes that may answer for a broker: masters change. */
  private membersOf(broker: string): string[] {
    const home = this.slaves.find(({ name }) => name === broker)?.of ?? broker
    return [home, ...this.slaves.filter(({ of }) => of === home).map(({ name }) => name)]
  }

  private found(invoke: QueryInvoke, event: QueryOk, one: Found, seen: Set<string>): void {
    const { sinceUs, untilUs, by } = invoke.v
    const facts = { message: one.message, broker: one.broker, by, ranged: sinceUs >= 0 || untilUs >= 0 }
    const what = `${this.name(one.message)} (${showPlace(one)})`
    const place = `${one.broker} ${one.at}`
    if (seen.has(place)) this.report('twice', event, invoke, facts, `${what} was found twice`)
    seen.add(place)
    if (!this.isAskedFor(invoke, one)) {
      if (by !== 'offsetMsgId') return this.report('foreign', event, invoke, facts, `${what} was found, which has another key`)
      const sent = this.ledger.sends.get(invoke.v.of ?? -1)?.seq ?? -1
      const loss = this.ledger.faults.lossSince(one.broker, sent)
      return this.report('another message', event, invoke, { ...facts, at: one.at, loss }, `${what} was found, which has the place by now`)
    }
    if ((sinceUs >= 0 && one.storedUs < sinceUs) || (untilUs >= 0 && one.storedUs >= untilUs + PRECISION))
      this.report('out of range', event, invoke, facts, `${what} was found, which was not stored in the time that was asked for`)
  }

  private isAskedFor({ v: { by, topic, key, of } }: QueryInvoke, { message, topic: lies }: Found): boolean {
    if (by === 'key') return lies === topic && (this.sends.get(message)?.v.key ?? '') === key
    return message === of || (by === 'msgId' && this.withId.get(key)?.has(message) === true)
  }

  private name(message: number): string {
    return this.ledger.names.of(message)
  }

  private report(name: string, event: QueryOk, invoke: QueryInvoke, facts: Anomaly['facts'], what: string): void {
    const summary = `${event.p} asked for ${invoke.v.key} in ${invoke.v.topic}: ${what}`
    this.anomalies.add({ guarantee: 'QRY-1', name, summary, t: event.t, facts, events: [invoke.i, event.i] })
  }

  end(): Findings {
    return {
      anomalies: this.anomalies.found,
      evidence: evidence(
        this.chances + this.traces.chances,
        () => 'a query found a message that it could have missed, or a trace told of one',
      ),
    }
  }
}

/** By an id a broker tells of 32 at most, whatever it is asked for. */
const mostOf = ({ v }: QueryInvoke): number => (v.by === 'msgId' ? 32 : Math.min(v.max, 64))
const isInTime = ({ v: { sinceUs, untilUs } }: QueryInvoke, t: Us): boolean =>
  (sinceUs < 0 || t >= sinceUs) && (untilUs < 0 || t <= untilUs)
const isFound = ({ v }: QueryOk, broker: string, at: number): boolean => v.messages.some((one) => one.broker === broker && one.at === at)
const isQueryOk = (event: Event): event is QueryOk => event.type === 'ok' && event.f === 'query'

export const qry1: Checker = checker(
  'QRY-1',
  ['send', 'query', 'white:append', 'white:dispatch', 'white:recovered'],
  [
    'invoke send',
    'ok send',
    'invoke query',
    'ok query',
    'fail query',
    'white dispatch',
    'white recovered',
    'white recoveredIndex',
    'white cleaned',
    ...TRACE_SORTS,
  ],
  (header, ledger) => new Qry1(header, ledger),
  (judge, events) => {
    if (judge.first === null) return judge.traces.sabotage(events)
    const { index, found } = judge.first
    const event = eventAt(events, index, isQueryOk)
    const messages = event.v.messages.filter((one) => one.broker !== found.broker || one.at !== found.at)
    return replaced(events, index, { ...event, v: { ...event.v, messages } })
  },
  ({ queries }) => (queries === true ? null : 'nobody looks for messages'),
)
