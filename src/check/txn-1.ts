/** TXN-1: half messages are invisible. Nobody reads a transactional message before somebody has told the broker to commit it. */
import type { ConsumeInvoke, EndTxn, Event, Header, Pull, SendInvoke, SendOk } from '../history/event.ts'
import type { Anomaly, Checker, Findings, Hear, Judge } from './checker.ts'
import { eventAt, withNext } from './edit.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { placeFacts, showPlace } from './per-queue.ts'

interface Half {
  readonly send: SendInvoke
  committed: boolean
  visible: boolean
  openAtAck: number
}

class Txn1 implements Judge {
  private readonly ledger: Ledger
  private readonly hear: Hear
  private readonly halves = new Map<number, Half>()
  private readonly readers = new Map<string, string>()
  private readonly audited = new Set<string>()
  private readonly anomalies: Anomaly[] = []

  constructor(header: Header, ledger: Ledger, hear: Hear) {
    this.ledger = ledger
    this.hear = hear
    for (const { name, topics } of header.groups) for (const topic of topics) this.readers.set(topic, name)
  }

  on(event: Event): void {
    if (event.type === 'invoke') {
      if (event.f === 'send') this.sent(event)
      else if (event.f === 'consume') this.read(event)
    } else if (event.type === 'ok') {
      if (event.f === 'pull') this.read(event)
      else if (event.f === 'send') this.acked(event)
      else if (event.f === 'audit') this.audited.add(event.v.topic)
    } else if (event.type === 'info' && event.f === 'endTxn') {
      this.ended(event)
    }
  }

  private sent(send: SendInvoke): void {
    if (!send.v.half) return
    if (this.halves.size === 0) this.hear('invoke consume', 'ok send', 'ok pull', 'info endTxn')
    this.halves.set(send.op, { send, committed: false, visible: false, openAtAck: -1 })
  }

  private acked(ok: SendOk): void {
    const half = this.halves.get(ok.op)
    if (half !== undefined && !half.committed && !half.visible) half.openAtAck = this.ledger.seq
  }

  private ended(end: EndTxn): void {
    const half = this.halves.get(end.op)
    if (half !== undefined && end.v.outcome === 'commit') half.committed = true
  }

  private read(event: ConsumeInvoke | Pull): void {
    const { v } = event
    const half = this.halves.get(v.message)
    if (half === undefined || half.committed || half.visible) return
    half.visible = true
    const reader = event.f === 'consume' ? `delivered to ${event.v.group}` : 'readable'
    this.anomalies.push({
      guarantee: 'TXN-1',
      name: 'half visible',
      summary: `${this.ledger.names.of(v.message)} (${showPlace(v)}) was ${reader} before anybody had committed it`,
      t: event.t,
      facts: { message: v.message, ...placeFacts(v), group: event.f === 'consume' ? event.v.group : '' },
      events: [half.send.i, event.i],
    })
  }

  /** Halves that were acknowledged while open, and that somebody could have read then. */
  *chances(): Generator<Half> {
    for (const half of this.halves.values()) {
      const { topic } = half.send.v
      if (half.openAtAck >= 0 && (this.readers.has(topic) || this.audited.has(topic))) yield half
    }
  }

  readerOf(topic: string): string {
    return this.readers.get(topic) ?? ''
  }

  end(): Findings {
    const [...chances] = this.chances()
    return {
      anomalies: this.anomalies,
      evidence: evidence(chances.length, () => `the half of ${this.ledger.names.of(chances[0]?.send.op ?? 0)} was acknowledged`),
    }
  }
}

const isSendOk = (event: Event): event is SendOk => event.type === 'ok' && event.f === 'send'

export const txn1: Checker = checker(
  'TXN-1',
  ['send', 'endTxn', 'consume'],
  ['invoke send', 'ok audit'],
  (header, ledger, hear) => new Txn1(header, ledger, hear),
  (judge, events) => {
    for (const { send, openAtAck } of judge.chances()) {
      const { i, t } = eventAt(events, openAtAck, isSendOk)
      const v = { topic: send.v.topic, queue: '0', offset: 0, message: send.op, digest: send.v.digest }
      const group = judge.readerOf(send.v.topic)
      return withNext(events, openAtAck, { i, t, p: group, type: 'invoke', f: 'consume', op: -1, v: { ...v, group, attempt: 0 } })
    }
    return [...events]
  },
)
