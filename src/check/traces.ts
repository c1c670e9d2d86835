/**
 * What traces tell, held against what has happened: a line of a trace is true; and where nothing has gone wrong each message that was acknowledged,
 * and each end of a listener's call, has its line once it has had the time to leave. That a line is missing proves nothing otherwise, and
 * whether it may be is the contract's to say.
 */
import type { Event, Header, SendInvoke } from '../history/event.ts'
import type { Span, Trace, TraceInvoke, TraceOk } from '../history/traces.ts'
import { seconds, type Us } from '../plan/units.ts'
import type { Anomaly, Sort } from './checker.ts'
import { eventAt, replaced } from './edit.ts'
import type { Ledger } from './ledger.ts'

/** RMQ-141: lines leave after five seconds; an asynchronous flush, where only what is forced can be found, takes ten more. */
const PATIENCE: Us = seconds(16)
/** Of so many records a broker tells at most. */
const MOST = 64

/** A message that was acknowledged to its sender, or a listener's call. `result`: null while it is open. */
interface Deed {
  readonly client: string
  readonly delivery: number
  readonly result: boolean | null
  readonly t: Us
}

export const TRACE_SORTS: readonly Sort[] = [
  'invoke trace',
  'ok trace',
  'fail trace',
  'invoke consume',
  'ok consume',
  'fail consume',
  'info send',
]

export class Traces {
  chances = 0
  /** The first answer with a line in it that could be false. */
  private first = -1
  private readonly ledger: Ledger
  /** Where lines lie, and who says where that is. */
  private readonly keepers: readonly string[]
  private readonly report: (anomaly: Anomaly) => void
  /** message → what was done with it. */
  private readonly deeds = new Map<number, Map<string, Deed>>()
  private readonly untold = new Set<number>()
  private readonly open = new Map<number, TraceInvoke>()

  constructor({ brokers, slaves = [], nameservers = [] }: Header, ledger: Ledger, report: (anomaly: Anomaly) => void) {
    this.keepers = [...brokers, ...slaves.map(({ name }) => name), ...nameservers]
    this.ledger = ledger
    this.report = report
  }

  on(event: Event): void {
    if (event.type !== 'invoke' && event.type !== 'ok' && event.type !== 'fail' && event.type !== 'info') return
    if (event.f === 'trace') this.trace(event)
    else if (event.f === 'send') {
      if (event.type === 'invoke' && hasNoLine(event)) this.untold.add(event.op)
      // Not acknowledged, and stored all the same: there may be a line, which says so.
      else if (event.type === 'ok' || event.type === 'info')
        this.note(event.op, { client: event.p, delivery: 0, result: event.type === 'ok', t: event.t })
    } else if (event.f === 'consume') {
      const result = event.type === 'invoke' ? null : event.type === 'ok'
      this.note(event.v.message, { client: event.p, delivery: event.op, result, t: event.t })
    }
  }

  private note(message: number, deed: Deed): void {
    const known = this.deeds.get(message)
    const key = `${deed.client} ${deed.delivery}`
    if (known === undefined) this.deeds.set(message, new Map([[key, deed]]))
    else known.set(key, deed)
  }

  private trace(event: Trace): void {
    if (event.type === 'invoke') {
      this.open.set(event.op, event)
      return
    }
    const invoke = this.open.get(event.op)
    this.open.delete(event.op)
    if (invoke === undefined || event.type === 'fail') return
    for (const span of event.v.spans) this.told(invoke, event, span)
    this.missed(invoke, event)
  }

  private told(invoke: TraceInvoke, event: TraceOk, span: Span): void {
    if (mayBeFalse(span)) {
      this.chances++
      if (this.first < 0) this.first = this.ledger.seq
    }
    if (span.message !== invoke.v.of || !this.isTrue(span))
      this.tell('false trace', invoke, event, { kind: span.kind }, `the trace says what has not happened: ${words(span)}`)
  }

  private isTrue(span: Span): boolean {
    if (!mayBeFalse(span)) return true
    const { kind, client, message, delivery, success } = span
    const deed = this.deeds.get(message)?.get(`${client} ${delivery}`)
    return deed !== undefined && (kind === 'SubBefore' || deed.result === success)
  }

  /** Of each who did something with the message so long ago that he has told of it. */
  private missed(invoke: TraceInvoke, event: TraceOk): void {
    const { asked, answers, spans } = event.v
    const { of } = invoke.v
    if (answers.length < asked.length || answers.some(({ found }) => found >= MOST)) return
    const isTold = ({ client, delivery }: Deed): boolean =>
      spans.some((span) => span.client === client && span.delivery === delivery && span.kind !== 'SubBefore')
    for (const deed of this.deeds.get(of)?.values() ?? []) {
      const isSend = deed.delivery === 0
      if (deed.result === null || deed.t > invoke.t - PATIENCE || (isSend && (!deed.result || this.untold.has(of)))) continue
      if (isTold(deed)) continue
      const what = isSend ? `that ${deed.client} has sent it` : `what ${deed.client} did with it`
      const struck = this.ledger.faults.hasReached([deed.client, ...this.keepers])
      this.tell('untraced', invoke, event, { of: isSend ? 'send' : 'consume', struck }, `the trace does not say ${what}`)
    }
  }

  private tell(name: string, invoke: TraceInvoke, event: TraceOk, facts: Anomaly['facts'], what: string): void {
    const { of, msgId } = invoke.v
    const summary = `${event.p} asked for the trace of ${this.ledger.names.of(of)} (${msgId}): ${what}`
    this.report({ guarantee: 'QRY-1', name, summary, t: event.t, facts: { message: of, ...facts }, events: [invoke.i, event.i] })
  }

  /** One line of the first answer speaks of a call that nobody has had. */
  sabotage(events: readonly Event[]): Event[] {
    const event = eventAt(events, this.first, (one): one is TraceOk => one.type === 'ok' && one.f === 'trace')
    const line = event.v.spans.find(mayBeFalse)
    const spans = event.v.spans.map((span) => (span === line ? { ...span, delivery: -1 } : span))
    return replaced(events, this.first, { ...event, v: { ...event.v, spans } })
  }
}

/** That an attempt was stored without what was promised is seen of no answer: others may have followed it. */
const mayBeFalse = ({ kind, success }: Span): boolean => kind !== 'Pub' || success

/** A batch has one line under all its ids together; what an application sends on has none. */
const hasNoLine = ({ v }: SendInvoke): boolean => v.batch !== undefined || v.of !== undefined

function words({ kind, client, success }: Span): string {
  if (kind === 'Pub') return `${client} was told that it is stored`
  return kind === 'SubBefore' ? `${client} was given it` : `${client} ${success ? 'is done with it' : 'has failed on it'}`
}
