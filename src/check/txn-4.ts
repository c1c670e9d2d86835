/**
 * TXN-4: crash-safe resolution. A transaction whose broker crashed before its end was on record comes to the same end: committed, it is in its topic
 * when the cluster has come to rest; rolled back, it is not. It may be there twice, and is the same message then.
 */
import type { Check, ConsumeInvoke, EndTxn, Event, Header, LocalTxn, Pull, SendInvoke, SendOk } from '../history/event.ts'
import type { TxnOutcome } from '../plan/plan.ts'
import { seconds, type Us } from '../plan/units.ts'
import type { Anomaly, Checker, Drain, Findings, Judge } from './checker.ts'
import { without, withNext } from './edit.ts'
import { checker, evidence, whenDrained } from './judge.ts'
import { GivenUp } from './given-up.ts'
import type { Ledger } from './ledger.ts'
import { showPlace } from './per-queue.ts'

/** RMQ-128: how long an end may be in memory alone, and some time for the way. */
const WINDOW: Us = seconds(4)

interface Half {
  readonly send: SendInvoke
  readonly began: number
  ok: SendOk | null
  outcome: 'commit' | 'rollback' | null
  contradicted: boolean
  /** When a client last told an outcome. */
  toldAt: Us
  seen: ConsumeInvoke | Pull | null
  pulled: boolean
  msgId: string | undefined
}

class Txn4 implements Judge {
  private readonly ledger: Ledger
  private readonly givenUp: GivenUp
  private readonly halves = new Map<number, Half>()
  private readonly audited = new Set<string>()
  private readonly anomalies: Anomaly[] = []

  constructor(header: Header, ledger: Ledger) {
    this.ledger = ledger
    this.givenUp = new GivenUp(header)
  }

  on(event: Event): void {
    if (event.type === 'invoke') {
      if (event.f === 'send') this.sent(event)
      else if (event.f === 'consume') this.read(event)
      else if (event.f === 'check') this.checked(event)
    } else if (event.type === 'ok') {
      if (event.f === 'pull') this.read(event)
      else if (event.f === 'send') this.acked(event)
      else if (event.f === 'audit') this.audited.add(event.v.topic)
      else if (event.f === 'local') this.told(event, event.v.outcome)
    } else if (event.type === 'info') {
      if (event.f === 'endTxn') this.told(event, event.v.outcome)
    } else if (event.type === 'white' && event.f === 'discarded') this.givenUp.told(event.v.message, event.v.checks)
  }

  private sent(send: SendInvoke): void {
    if (!send.v.half) return
    this.halves.set(send.op, {
      send,
      began: this.ledger.seq,
      ok: null,
      outcome: null,
      contradicted: false,
      toldAt: -1,
      seen: null,
      pulled: false,
      msgId: undefined,
    })
  }

  private acked(ok: SendOk): void {
    const half = this.halves.get(ok.op)
    if (half !== undefined) half.ok ??= ok
  }

  private told(event: EndTxn | Check | LocalTxn, outcome: TxnOutcome): void {
    const half = this.halves.get(event.op)
    if (half === undefined || outcome === 'unknown') return
    half.toldAt = event.t
    half.contradicted ||= half.outcome !== null && half.outcome !== outcome
    half.outcome ??= outcome
  }

  private checked(event: Check): void {
    this.givenUp.checked(event.op, event.t - (this.halves.get(event.op)?.send.t ?? event.t))
    this.told(event, event.v.answer)
  }

  private read(event: ConsumeInvoke | Pull): void {
    const half = this.halves.get(event.v.message)
    if (half === undefined) return
    half.seen ??= event
    if (event.f === 'pull') half.pulled ||= event.v.topic === half.send.v.topic
    const msgId = event.f === 'consume' ? event.v.msgId : undefined
    const renamed = msgId !== undefined && half.msgId !== undefined && msgId !== half.msgId
    if (this.metCrash(half) && (renamed || event.v.digest !== half.send.v.digest))
      this.report(half, 'differs', `is at ${showPlace(event.v)} with another ${renamed ? 'msgId' : 'content'}`, event.t, [event.i])
    half.msgId ??= msgId
  }

  /** Its broker crashed after the half was sent, and before its end can be relied on to be on record. */
  private metCrash({ ok, began, toldAt }: Half): boolean {
    const crash = ok === null ? null : this.ledger.faults.firstCrash(ok.v.broker, began)
    return crash !== null && (toldAt < 0 || crash.t <= toldAt + WINDOW)
  }

  private report(half: Half, name: string, what: string, t: Us, events: readonly number[]): void {
    const { send, ok, began } = half
    const broker = ok?.v.broker ?? ''
    this.anomalies.push({
      guarantee: 'TXN-4',
      name,
      summary: `${this.ledger.names.of(send.op)} met a crash of ${broker}, and ${what}`,
      t,
      facts: {
        message: send.op,
        topic: send.v.topic,
        broker,
        sentAtUs: send.t,
        discarded: this.givenUp.has(send.op),
        lastCrash: this.ledger.faults.culprit(broker, began)?.kind ?? 'none',
      },
      events: [send.i, ...events],
    })
  }

  /** Transactions that met a crash and were decided, where somebody has looked. */
  *chances(): Generator<Half> {
    for (const half of this.halves.values()) {
      const decided = half.outcome !== null && !half.contradicted && this.audited.has(half.send.v.topic)
      if (decided && this.metCrash(half)) yield half
    }
  }

  end(drain: Drain): Findings {
    const [...chances] = this.chances()
    for (const half of chances) {
      if (half.outcome === 'rollback') {
        if (half.seen !== null)
          this.report(half, 'resurrected', `was rolled back, and is at ${showPlace(half.seen.v)}`, half.seen.t, [half.seen.i])
      } else if (drain.drained && !half.pulled)
        this.report(half, 'lost', `was committed, and is not in ${half.send.v.topic} at the end`, -1, [])
    }
    const found = evidence(chances.length, () => `${this.ledger.names.of(chances[0]?.send.op ?? 0)} met a crash, and was decided`)
    return whenDrained(drain, found, this.anomalies)
  }
}

const isReadingOf = (event: Event, message: number): boolean =>
  ((event.type === 'invoke' && event.f === 'consume') || (event.type === 'ok' && event.f === 'pull')) && event.v.message === message

export const txn4: Checker = checker(
  'TXN-4',
  ['send', 'endTxn', 'pull', 'audit'],
  ['invoke send', 'invoke consume', 'invoke check', 'ok send', 'ok pull', 'ok audit', 'ok local', 'info endTxn', 'white discarded'],
  (header, ledger) => new Txn4(header, ledger),
  (judge, events) => {
    const [half] = judge.chances()
    const last = events[events.length - 1]
    if (half === undefined || last === undefined) return [...events]
    const { op, v } = half.send
    if (half.outcome === 'commit') return without(events, (event) => isReadingOf(event, op))
    const place = { topic: v.topic, queue: '0', offset: 0, message: op, digest: v.digest }
    return withNext(events, events.length - 1, { i: last.i, t: last.t, p: '', type: 'ok', f: 'pull', op: -1, v: place })
  },
)
