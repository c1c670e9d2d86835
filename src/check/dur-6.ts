/**
 * DUR-6: a slave's log is the beginning of its master's, byte by byte. Whatever a slave takes follows on what it has, is what the master holds at
 * that place, and stays; so what is lost with a master is what lies behind the end of its slave's log, and nothing else.
 */
import type { Append, Event, Header } from '../history/event.ts'
import type { Copied } from '../history/replicas.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { Copies, withoutSlaves, type Copy } from './copies.ts'
import { replaced } from './edit.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { showPlace } from './per-queue.ts'

/** A record, and the one that lay before it. */
interface Followed {
  readonly message: number
  readonly behind: { readonly message: number; readonly at: number }
}
const NOTHING = { message: -1, at: -1 }

class Dur6 implements Judge {
  private readonly ledger: Ledger
  private readonly copies: Copies
  private readonly anomalies: Anomaly[] = []
  /** master → position → what it has ever appended there, and behind what. */
  private readonly placed = new Map<string, NumberMap<Followed[]>>()
  private taken = 0
  first: { readonly event: Copied; readonly index: number } | null = null

  constructor(header: Header, ledger: Ledger) {
    this.ledger = ledger
    this.copies = new Copies(header)
  }

  on(event: Event): void {
    if (event.type === 'white' && event.f === 'append') this.appended(event)
    if (event.type === 'white' && event.f === 'copied') this.copied(event)
    this.copies.on(event, this.ledger.seq)
  }

  private placedBy(master: string): NumberMap<Followed[]> {
    let placed = this.placed.get(master)
    if (placed === undefined) this.placed.set(master, (placed = new NumberMap<Followed[]>()))
    return placed
  }

  private appended({ p, v }: Append): void {
    if (this.copies.ofMaster(p).length === 0) return
    const placed = this.placedBy(p)
    const { records } = this.ledger.logs.of(p)
    const followed = { message: v.message, behind: records[records.length - 2]?.v ?? NOTHING }
    placed.set(v.at, [...(placed.get(v.at) ?? []), followed])
  }

  /** Some log that the master has had must go on like this: what it has lost since may still have been under way. */
  private copied(event: Copied): void {
    const copy = this.copies.of(event.p)
    if (copy === undefined) return
    const { v } = event
    this.taken++
    this.first ??= { event, index: this.ledger.seq }
    const last = copy.records[copy.records.length - 1]?.v ?? NOTHING
    const ways = (this.placedBy(copy.master).get(v.at) ?? []).filter(({ message }) => message === v.message)
    if (ways.length === 0)
      this.report('parted', copy, event, `${copy.slave} took ${showPlace(v)} at ${v.at}, where ${copy.master} never held it`)
    else if (!ways.some(({ behind }) => behind.message === last.message && behind.at === last.at))
      this.report('parted', copy, event, `${copy.slave} took ${showPlace(v)} behind what never lay before it at ${copy.master}`)
  }

  private report(name: string, copy: Copy, event: Copied | null, summary: string, more: Anomaly['facts'] = {}): void {
    const { faults } = this.ledger
    const facts = { broker: copy.master, slave: copy.slave, lastCrash: faults.culprit(copy.master, -1)?.kind ?? 'none', ...more }
    this.anomalies.push({ guarantee: 'DUR-6', name, summary, t: event?.t ?? -1, facts, events: event === null ? [] : [event.i] })
  }

  end(): Findings {
    for (const one of this.ledger.acknowledged.list)
      for (const copy of this.copies.ofMaster(one.ok.v.broker)) {
        const { ok } = one
        if (!copy.took(ok.v, ok.op, this.copies.restedIn) || copy.fateOf(ok.v, ok.op) !== 'gone') continue
        const { faults } = this.ledger
        const loss = faults.lastLoss(copy.slave, one.began)
        const slaveSpoilt = faults.isCorrupted(copy.slave)
        const facts = { message: ok.op, slaveStruck: loss !== null, slaveLoss: loss?.kind ?? 'none', slaveSpoilt }
        this.report(
          'copy lost',
          copy,
          null,
          `${copy.slave} had ${this.ledger.names.of(ok.op)} (${showPlace(ok.v)}), and has it no more`,
          facts,
        )
      }
    return { anomalies: this.anomalies, evidence: evidence(this.taken, () => `${this.first?.event.p ?? ''} took over a record`) }
  }
}

export const dur6: Checker = checker(
  'DUR-6',
  ['white:append', 'white:copied', 'white:copyRecovered'],
  ['phase', 'ok replicaPull', 'ok replicaAudit', 'white append', 'white copied', 'white copyRecovered'],
  (header, ledger) => new Dur6(header, ledger),
  (judge, events) => {
    const { first } = judge
    if (first === null) throw new Error('evidence without a chance')
    const { v } = first.event
    return replaced(events, first.index, { ...first.event, v: { ...v, message: v.message + 1 } })
  },
  withoutSlaves,
)
