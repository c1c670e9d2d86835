/**
 * TXN-2: outcome agreement. What the local transaction decided is what becomes of the message: committed, every group gets it, once;
 * rolled back, nobody ever does. Where the history does not show the local transaction itself, its outcome is the first that a client
 * told the broker, by itself or when it was asked.
 */
import type { Check, ConsumeInvoke, EndTxn, Event, Header, LocalTxn, Pull, SendInvoke, SendOk } from '../history/event.ts'
import type { TxnOutcome } from '../plan/plan.ts'
import { brokerOfQueue } from '../plan/queues.ts'
import type { Anomaly, Checker, Drain, Findings, Hear, Judge } from './checker.ts'
import { withNext } from './edit.ts'
import { clustering } from './groups.ts'
import { checker, evidence, whenDrained } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { GivenUp } from './given-up.ts'
import { isShown, samePlace, showPlace } from './per-queue.ts'
import { Skips } from './skips.ts'
import { disagreeing, filterFacts, wanting, type Wanting } from './wanting.ts'

interface Half {
  readonly send: SendInvoke
  readonly began: number
  ok: SendOk | null
  /** The local transaction was seen to end: `outcome` is its, and what anybody is told later changes nothing. */
  decided: boolean
  /** The first outcome that was told, and whether the client did so of its own accord; the last event that told one. */
  outcome: 'commit' | 'rollback' | null
  unasked: boolean
  told: number
  contradicted: boolean
  first: ConsumeInvoke | Pull | null
  twice: boolean
  pulled: boolean
  readonly groups: Set<string>
}

class Txn2 implements Judge {
  private readonly ledger: Ledger
  private readonly hear: Hear
  private readonly halves = new Map<number, Half>()
  private readonly readers = new Map<string, string[]>()
  private readonly audited = new Set<string>()
  private readonly skips: Skips
  private readonly givenUp: GivenUp
  private readonly wants: Wanting
  private readonly disagree: ReadonlySet<string>
  private readonly anomalies: Anomaly[] = []

  constructor(header: Header, ledger: Ledger, hear: Hear) {
    this.ledger = ledger
    this.hear = hear
    this.skips = new Skips(header)
    this.wants = wanting(header, ledger)
    this.disagree = disagreeing(header)
    this.givenUp = new GivenUp(header)
    for (const { name, topics } of clustering(header)) {
      for (const topic of topics) this.readers.set(topic, [...(this.readers.get(topic) ?? []), name])
    }
  }

  on(event: Event): void {
    switch (event.type) {
      case 'invoke':
        if (event.f === 'send') this.sent(event)
        else if (event.f === 'consume') this.read(event)
        else if (event.f === 'check') this.checked(event)
        return
      case 'ok':
        if (event.f === 'pull') this.read(event)
        else if (event.f === 'send') this.acked(event)
        else if (event.f === 'audit') this.audited.add(event.v.topic)
        else if (event.f === 'local') this.decided(event)
        else if (event.f === 'assign') this.skips.assigned(event, this.ledger.seq)
        return
      case 'info':
        if (event.f === 'endTxn') this.told(event, event.v.outcome, !event.v.fromCheck)
        return
      case 'white':
        if (event.f === 'discarded') this.givenUp.told(event.v.message, event.v.checks)
        else if (event.f === 'reset') this.skips.reset(event, this.ledger.seq)
        return
      default:
        return
    }
  }

  private sent(send: SendInvoke): void {
    if (!send.v.half) return
    if (this.halves.size === 0)
      this.hear('invoke consume', 'invoke check', 'ok send', 'ok pull', 'ok local', 'info endTxn', 'white discarded')
    this.halves.set(send.op, {
      send,
      began: this.ledger.seq,
      ok: null,
      decided: false,
      outcome: null,
      unasked: false,
      told: -1,
      contradicted: false,
      first: null,
      twice: false,
      pulled: false,
      groups: new Set(),
    })
  }

  private acked(ok: SendOk): void {
    const half = this.halves.get(ok.op)
    if (half !== undefined) half.ok = ok
  }

  private decided({ op, v }: LocalTxn): void {
    const half = this.halves.get(op)
    if (half === undefined || v.outcome === 'unknown') return
    Object.assign(half, { decided: true, outcome: v.outcome, unasked: true })
  }

  private told(event: EndTxn | Check, outcome: TxnOutcome, unasked: boolean): void {
    const half = this.halves.get(event.op)
    if (half === undefined || outcome === 'unknown') return
    half.told = this.ledger.seq
    if (half.decided) return
    if (half.outcome === null) Object.assign(half, { outcome, unasked })
    else if (half.outcome !== outcome) half.contradicted = true
  }

  private checked(event: Check): void {
    this.givenUp.checked(event.op, event.t - (this.halves.get(event.op)?.send.t ?? event.t))
    this.told(event, event.v.answer, false)
  }

  private read(event: ConsumeInvoke | Pull): void {
    const half = this.halves.get(event.v.message)
    if (half === undefined) return
    // What was popped, and not acknowledged, comes again from the group's own topic: a message of it, but not another copy of the commit.
    if (event.f === 'consume' && this.ledger.ownTopics.has(event.v.topic)) half.groups.add(event.v.group)
    if (event.v.topic !== half.send.v.topic) return
    if (event.f === 'pull') half.pulled = true
    else half.groups.add(event.v.group)
    if (half.first === null || !isShown(half.first.v)) half.first = event
    else if (!half.twice && isShown(event.v) && !samePlace(half.first.v, event.v)) this.storedTwice(half, half.first, event)
  }

  private storedTwice(half: Half, first: ConsumeInvoke | Pull, event: ConsumeInvoke | Pull): void {
    half.twice = true
    const summary = `${this.ledger.names.of(half.send.op)} was committed twice: it is at ${showPlace(first.v)} and at ${showPlace(event.v)}`
    const twice = this.anomaly(half, 'delivered twice', summary, event.t, '', [first.i, event.i])
    this.anomalies.push({ ...twice, facts: { ...twice.facts, twoBrokers: brokerOfQueue(first.v.queue) !== brokerOfQueue(event.v.queue) } })
  }

  private anomaly(half: Half, name: string, summary: string, t: number, group: string, events: number[]): Anomaly {
    const { send, ok, first } = half
    const broker = ok?.v.broker ?? ''
    return {
      guarantee: 'TXN-2',
      name,
      summary,
      t,
      facts: {
        message: send.op,
        topic: send.v.topic,
        group,
        ...filterFacts(this.disagree, group),
        broker,
        acknowledged: ok !== null,
        outcome: half.outcome ?? 'unknown',
        contradicted: half.contradicted,
        ...this.givenUp.factsOf(send.op),
        visible: first !== null,
        inAudit: half.pulled,
        faults: this.ledger.faults.effective,
        lastCrash: this.ledger.faults.culprit(broker, half.began)?.kind ?? 'none',
      },
      events: [send.i, ...events],
    }
  }

  /** A client that commits of its own accord has run its local transaction, whatever it knew of the half. */
  private mustAppear = ({ ok, outcome, unasked }: Half): boolean => outcome === 'commit' && (ok !== null || unasked)

  /** The group began behind it, or was moved past it. */
  private isSkipped(half: Half, group: string): boolean {
    if (!this.wants(group, half.send.op)) return true
    return half.first !== null && this.skips.passes(group, half.first.v, sentOf(half))
  }

  private *missing(half: Half): Generator<Anomaly> {
    const name = `${this.ledger.names.of(half.send.op)} was committed`
    const groups = (this.readers.get(half.send.v.topic) ?? []).filter((group) => !half.groups.has(group) && !this.isSkipped(half, group))
    for (const group of groups) {
      const missed = this.anomaly(half, 'committed but not delivered', `${name} and never delivered to ${group}`, -1, group, [])
      const start = half.first === null ? null : this.skips.startBehind(group, half.first.v, sentOf(half))
      yield start === null ? missed : { ...missed, facts: { ...missed.facts, start } }
    }
    if (groups.length > 0 || half.pulled || !this.audited.has(half.send.v.topic)) return
    yield this.anomaly(half, 'committed but not delivered', `${name} and is not in ${half.send.v.topic} at the end`, -1, '', [])
  }

  private judged(drained: boolean): Anomaly[] {
    const anomalies = [...this.anomalies]
    for (const half of this.halves.values()) {
      if (half.outcome === 'rollback' && !half.contradicted && half.first !== null) {
        const summary = `${this.ledger.names.of(half.send.op)} was rolled back, and is visible at ${showPlace(half.first.v)}`
        anomalies.push(this.anomaly(half, 'rolled back but visible', summary, half.first.t, '', [half.first.i]))
      } else if (drained && this.mustAppear(half)) {
        anomalies.push(...this.missing(half))
      }
    }
    return anomalies
  }

  /** Halves that were acknowledged and decided, where somebody reads. */
  *chances(): Generator<Half> {
    for (const half of this.halves.values()) {
      const { topic } = half.send.v
      const decided = half.outcome === 'commit' || (half.outcome === 'rollback' && !half.contradicted)
      if (half.ok !== null && decided && (this.readers.has(topic) || this.audited.has(topic))) yield half
    }
  }

  end(drain: Drain): Findings {
    const [...chances] = this.chances()
    const found = evidence(
      chances.length,
      () => `${this.ledger.names.of(chances[0]?.send.op ?? 0)} was decided: ${chances[0]?.outcome ?? ''}`,
    )
    return whenDrained(drain, found, this.judged(drain.drained))
  }

  /** A reading of this half that no outcome allows: of what was rolled back, or at a second place. */
  wrongReading(half: Half, { i, t }: Event): Pull {
    const offset = (half.first?.v.offset ?? -1) + 1
    return {
      i,
      t,
      p: '',
      type: 'ok',
      f: 'pull',
      op: -1,
      v: { topic: half.send.v.topic, queue: half.first?.v.queue ?? '0', offset, message: half.send.op, digest: half.send.v.digest },
    }
  }
}

/** The real message is stored once its half was: whoever began behind it did so after its send began. */
const sentOf = ({ began, send }: Half): { began: number; sentAtUs: number } => ({ began, sentAtUs: send.t })

export const txn2: Checker = checker(
  'TXN-2',
  ['send', 'endTxn', 'consume'],
  ['invoke send', 'ok audit', 'ok assign', 'white reset'],
  (header, ledger, hear) => new Txn2(header, ledger, hear),
  (judge, events) => {
    for (const half of judge.chances()) {
      const last = events[events.length - 1]
      // What was committed and is nowhere is flagged as it stands.
      if (half.outcome === 'commit' && half.first === null) break
      if (last !== undefined) return withNext(events, events.length - 1, judge.wrongReading(half, last))
    }
    return [...events]
  },
)
