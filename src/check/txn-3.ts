/**
 * TXN-3: check-back. A half whose outcome its broker does not know is asked about: not before it is as old as configured, not more often than the
 * interval and the cap say, not once its end is known; and in a cluster that nothing disturbs somebody is asked within two rounds.
 */
import type { Attempt, Check, EndTxn, EndedTxn, Event, Header, PhaseEvent, SendInvoke, SendOk } from '../history/event.ts'
import { seconds, type Us } from '../plan/units.ts'
import type { Checker, Findings, Judge } from './checker.ts'
import { eventAt, replaced } from './edit.ts'
import { Enough } from './enough.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'

/** Brokers count time in whole milliseconds, and a check is on its way for some. */
const SLACK: Us = seconds(1)
/** RMQ-012: a producer says every thirty seconds that it is there to be asked. */
const HEARTBEAT: Us = seconds(30)
/** RMQ-128: an end is on record three seconds later at the latest. */
const ON_RECORD: Us = seconds(3) + SLACK

interface Half {
  readonly send: SendInvoke
  readonly began: number
  ok: SendOk | null
  /** It was sent more than once, and each copy that was stored is a half by itself. */
  repeated: boolean
  checks: number
  /** Since the cluster was last disturbed; -1: not. */
  checkedAt: Us
  lastCheck: Us
  /** Its broker has processed its end, or, where that is not seen, a producer has told it; -1: not. */
  endedAt: Us
  /** -1: not. */
  discardedAt: Us
}

interface Timing {
  readonly immunityUs: Us
  readonly intervalUs: Us
  readonly max: number
}

class Txn3 implements Judge {
  first: { readonly index: number; readonly sentAt: Us } | null = null
  readonly timing: Timing
  private readonly ledger: Ledger
  private readonly seesEnds: boolean
  private readonly halves = new Map<number, Half>()
  private chances = 0
  private stableFrom: Us = Infinity
  private ended: PhaseEvent | null = null
  private readonly anomalies = new Enough()

  constructor({ checks, records }: Header, ledger: Ledger) {
    this.timing = checks ?? { immunityUs: 0, intervalUs: 0, max: 0 }
    this.seesEnds = records.includes('white:endedTxn')
    this.ledger = ledger
  }

  on(event: Event): void {
    if (event.type === 'invoke') {
      if (event.f === 'send') this.sent(event)
      else if (event.f === 'check') this.checked(event)
    } else if (event.type === 'ok') {
      if (event.f === 'send') this.acked(event)
    } else if (event.type === 'info') {
      if (event.f === 'attempt') this.attempted(event)
      else if (event.f === 'endTxn' && !this.seesEnds && event.v.outcome !== 'unknown') this.resolved(event)
    } else if (event.type === 'white') {
      if (event.f === 'endedTxn') this.resolved(event)
      else if (event.f === 'discarded') this.parked(event.v.message, event.t)
      else if (event.f === 'up' || event.f === 'down') this.disturbed(event.t)
    } else if (event.type === 'phase') this.phase(event)
  }

  private sent(send: SendInvoke): void {
    if (!send.v.half) return
    const half = {
      send,
      began: this.ledger.seq,
      ok: null,
      repeated: false,
      checks: 0,
      checkedAt: -1,
      lastCheck: -1,
      endedAt: -1,
      discardedAt: -1,
    }
    this.halves.set(send.op, half)
  }

  private attempted({ op, v }: Attempt): void {
    const half = v.attempt > 1 ? this.halves.get(op) : undefined
    if (half !== undefined) half.repeated = true
  }

  private acked(ok: SendOk): void {
    const half = this.halves.get(ok.op)
    if (half !== undefined) half.ok ??= ok
  }

  private resolved(event: EndTxn | EndedTxn): void {
    const half = this.halves.get(event.type === 'white' ? event.v.message : event.op)
    if (half !== undefined) half.endedAt = event.t
  }

  private parked(message: number, t: Us): void {
    const half = this.halves.get(message)
    if (half !== undefined) half.discardedAt = t
  }

  private checked(event: Check): void {
    const half = this.halves.get(event.op)
    if (half === undefined) return
    const { t } = event
    const { immunityUs, intervalUs, max } = this.timing
    const age = t - half.send.t
    this.chances++
    this.first ??= { index: this.ledger.seq, sentAt: half.send.t }
    half.checks++
    if (age < immunityUs)
      this.report(half, event, 'early', `was asked about after ${age / seconds(1)} s, and has ${immunityUs / seconds(1)} s`)
    else if (half.lastCheck >= 0 && t - half.lastCheck < intervalUs - SLACK)
      this.report(half, event, 'too soon again', `was asked about twice within ${(t - half.lastCheck) / seconds(1)} s`)
    if (half.checks === max + 1) this.report(half, event, 'too often', `was asked about more than ${max} times`)
    if (this.seesEnds && half.endedAt >= 0 && t - half.endedAt > ON_RECORD)
      this.report(half, event, 'checked when done', `was asked about ${(t - half.endedAt) / seconds(1)} s after its broker knew its end`)
    half.lastCheck = t
    if (t >= this.stableFrom && half.checkedAt < 0) half.checkedAt = t
  }

  private disturbed(t: Us): void {
    if (this.stableFrom === Infinity || this.ended !== null) return
    this.stableFrom = t
    for (const half of this.halves.values()) half.checkedAt = -1
  }

  private phase(event: PhaseEvent): void {
    if (event.phase === 'heal') this.stableFrom = event.t
    else if (event.phase === 'drained' || event.phase === 'stuck' || event.phase === 'fresh') this.ended ??= event
  }

  private report(half: Half, event: Check | PhaseEvent, name: string, what: string): void {
    const { send, ok, began } = half
    const broker = ok?.v.broker ?? ''
    this.anomalies.add({
      guarantee: 'TXN-3',
      name,
      summary: `the half of ${this.ledger.names.of(send.op)} ${what}`,
      t: event.t,
      facts: {
        message: send.op,
        topic: send.v.topic,
        broker,
        sentAtUs: send.t,
        checks: half.checks,
        repeated: half.repeated,
        lastCrash: this.ledger.faults.culprit(broker, began)?.kind ?? 'none',
      },
      events: [send.i, event.i],
    })
  }

  /** Every node is up, and the half is open: it has its turn in the first round in which a producer is known, or, behind a young one, in the next. */
  private judgeOpen(half: Half, ended: PhaseEvent): void {
    const { immunityUs, intervalUs, max } = this.timing
    if (half.ok === null || half.checks >= max) return
    const due = Math.max(this.stableFrom, half.ok.t, half.send.t + immunityUs) + HEARTBEAT + 2 * intervalUs + 5 * SLACK
    const inTime = [half.checkedAt, half.endedAt, half.discardedAt].some((at) => at >= 0 && at <= due)
    if (ended.t <= due || inTime) return
    this.report(
      half,
      ended,
      'unchecked',
      `was open, and nobody was asked about it within ${(due - this.stableFrom) / seconds(1)} s of quiet`,
    )
  }

  end(): Findings {
    if (this.ended !== null) for (const half of this.halves.values()) this.judgeOpen(half, this.ended)
    return { anomalies: this.anomalies.found, evidence: evidence(this.chances, () => 'a producer was asked what became of a transaction') }
  }
}

/** Why such a history is not looked at, or null. */
const nothingChecked = ({ checks }: Header): string | null =>
  checks === undefined ? 'nobody sent a transaction, or the history does not say when its broker asks about one' : null

const isCheck = (event: Event): event is Check => event.type === 'invoke' && event.f === 'check'

export const txn3: Checker = checker(
  'TXN-3',
  ['send', 'check'],
  [
    'invoke send',
    'invoke check',
    'ok send',
    'info attempt',
    'info endTxn',
    'white endedTxn',
    'white discarded',
    'white up',
    'white down',
    'phase',
  ],
  (header, ledger) => new Txn3(header, ledger),
  ({ first, timing }, events) => {
    if (first === null) throw new Error('evidence without a chance')
    return replaced(events, first.index, { ...eventAt(events, first.index, isCheck), t: first.sentAt + timing.immunityUs - 1 })
  },
  nothingChecked,
)
